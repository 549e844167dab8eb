import type { ElementKind, Fact } from '../model/fact.ts';
import type { DemandKind } from '../model/requirement.ts';
import type { Examined, Judgement, Verdict } from '../model/verdict.ts';
import { snippetFor, type Snippet } from './snippets.ts';

/** The smallest thing to write for one component so that the model covers what changed about it. */
export interface Fix extends Snippet {
  readonly address: string;
  readonly scope: string;
  /** `add` a new element, `name` the thing at an element there is, say something `new` at it, or `remove` what is gone. */
  readonly kind: 'add' | 'name' | 'renew' | 'remove';
  readonly facts: readonly Fact[];
  /** Model file to write it in; a proposal when the repository has none (`isNew`). */
  readonly file: string;
  readonly format: string;
  readonly isNew: boolean;
  /** What the judgement says is to be done, names in backticks. */
  readonly say: string;
}

/** Where a model goes when there is none: found without configuration, reviewed like code. */
export const STARTER_MODEL = 'docs/threat-model.md';

type ModelSummary = Examined['models'][number];

/** One fix per component that the model does not cover; empty when the demand on the model is met or there is none. */
export function fixesOf(verdict: Verdict): readonly Fix[] {
  const demand = findJudgement(verdict.judgement, 'TM001');
  if (demand?.state !== 'fail') return [];
  const open = openFacts(verdict, demand);
  const groups = new Map<string, { fact: Fact; say: string }[]>();
  for (const item of open) {
    const key = `${item.fact.scope}\n${item.fact.address}`;
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups.values()].flatMap((items) => {
    const [first] = items;
    return first
      ? [
          fix(
            verdict,
            items.map((i) => i.fact),
            first.fact,
            first.say,
          ),
        ]
      : [];
  });
}

/** Facts whose own demand failed; where the policy asks only for a changed model, those the model says nothing about. */
function openFacts(verdict: Verdict, demand: Judgement): readonly { fact: Fact; say: string }[] {
  const facts = new Map(verdict.facts.map((f) => [f.id, f]));
  const failed = demand.children.filter((j) => j.id === 'model.coverage' && j.state === 'fail');
  const asked =
    demand.children.length > 0
      ? failed.map((j) => ({ id: j.because[0] ?? '', say: j.remedy ?? j.reason }))
      : demand.because.map((id) => ({ id, say: demand.remedy ?? demand.reason }));
  return asked.flatMap(({ id, say }) => {
    const fact = facts.get(id);
    return fact ? [{ fact, say }] : [];
  });
}

function fix(verdict: Verdict, facts: readonly Fact[], first: Fact, say: string): Fix {
  const model = nearestModel(verdict.examined.models, first.file);
  const covered = verdict.coverage.facts.find((c) => c.fact === first.id);
  const stale = covered?.state === 'stale' ? covered.by[0] : undefined;
  const file = stale?.model ?? model?.file ?? STARTER_MODEL;
  const format = verdict.examined.models.find((m) => m.file === file)?.format ?? model?.format ?? 'markdown';
  const kind = kindOf(covered?.demand ?? 'present', stale !== undefined);
  return {
    address: first.address,
    scope: first.scope,
    kind,
    facts,
    file,
    format,
    isNew: model === undefined,
    say,
    ...snippetFor(format, file, { kind, address: first.address, element: elementOf(facts) }),
  };
}

function kindOf(demand: DemandKind, stale: boolean): Fix['kind'] {
  if (demand === 'removed') return 'remove';
  if (stale) return 'renew';
  return demand === 'new' ? 'add' : 'name';
}

function elementOf(facts: readonly Fact[]): ElementKind {
  return facts.find((f) => f.element)?.element ?? 'process';
}

/** The model that shares the longest path with the changed file; among equals the one that says most, then by path. */
function nearestModel(models: readonly ModelSummary[], file: string): ModelSummary | undefined {
  return [...models].sort(
    (a, b) =>
      sharedFolders(b.file, file) - sharedFolders(a.file, file) ||
      b.components + b.flows + b.threats - (a.components + a.flows + a.threats) ||
      (a.file < b.file ? -1 : 1),
  )[0];
}

function sharedFolders(a: string, b: string): number {
  const x = a.split('/').slice(0, -1);
  const y = b.split('/').slice(0, -1);
  let shared = 0;
  while (shared < x.length && shared < y.length && x[shared] === y[shared]) shared++;
  return shared;
}

/** The step in words, names in backticks; the snippet follows where there is one. */
export function stepOf(fix: Fix): string {
  const file = fix.isNew
    ? `Create \`${fix.file}\` (\`threatgate init\` writes a starter)`
    : `In \`${fix.file}\` (${fix.format})`;
  switch (fix.kind) {
    case 'add':
      return fix.isNew
        ? `${file} and add \`${fix.address}\`, ${fix.place}:`
        : `${file}, add \`${fix.address}\`, ${fix.place}:`;
    case 'name':
      return fix.isNew
        ? `${file} and name \`${fix.address}\`, ${fix.place}:`
        : `${file}, name \`${fix.address}\` ${fix.place}:`;
    case 'renew':
      return `${fix.say} ${file}, tie it to \`${fix.address}\` ${fix.place}:`;
    case 'remove':
      return `${fix.say} ${file}; \`${fix.address}\` is gone.`;
  }
}

/** The first judgement with an id, depth first. */
export function findJudgement(judgement: Judgement, id: string): Judgement | undefined {
  if (judgement.id === id) return judgement;
  for (const child of judgement.children) {
    const found = findJudgement(child, id);
    if (found) return found;
  }
  return undefined;
}
