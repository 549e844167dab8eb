import type { FactCoverage } from '../model/coverage.ts';
import type { Doubt } from '../model/doubt.ts';
import type { ElementKind, Fact } from '../model/fact.ts';
import type { AskedQuestion } from '../model/question.ts';
import type { Examined, Judgement, Verdict } from '../model/verdict.ts';
import { fixesOf, type Fix } from './guide.ts';

/** A verdict arranged for people: the same arrangement on every surface, nothing judged anew. */
export interface Outline {
  /** What changed, by component; deciding facts only. Sorted by scope and address. */
  readonly components: readonly ComponentOutline[];
  /** Facts that explain others and decide nothing. */
  readonly asides: readonly Fact[];
  /** What is missing in the model and what exactly to write. */
  readonly fixes: readonly Fix[];
  /** Broken rules other than coverage. */
  readonly broken: readonly Judgement[];
  /** Findings that the policy only wants shown. */
  readonly remarks: readonly Judgement[];
  /** What waits on people. */
  readonly waiting: readonly Judgement[];
  readonly doubts: readonly Doubt[];
  readonly notes: readonly Doubt[];
  readonly questions: readonly QuestionGroup[];
}

export interface ComponentOutline {
  readonly address: string;
  readonly scope: string;
  readonly stack: string;
  readonly type: string;
  readonly element?: ElementKind;
  /** What happened to the thing as a whole. */
  readonly change: 'new' | 'removed' | 'changed';
  readonly facts: readonly {
    readonly fact: Fact;
    readonly coverage?: FactCoverage;
    readonly judgement?: Judgement;
  }[];
}

export interface QuestionGroup {
  readonly address: string;
  readonly scope: string;
  readonly questions: readonly AskedQuestion[];
}

export function outlineOf(verdict: Verdict): Outline {
  const leaves = leavesOf(verdict.judgement);
  const findings = leaves.filter((j) => /^TM\d+\.finding$/.test(j.id));
  return {
    components: componentsOf(verdict, leaves),
    asides: verdict.facts.filter((f) => !f.deciding),
    fixes: fixesOf(verdict),
    broken: leaves.filter(
      (j) => j.state === 'fail' && j.id !== 'model.coverage' && !isModelDemand(j, verdict),
    ),
    remarks: findings.filter((j) => j.state === 'info'),
    waiting: waitingOf(verdict.judgement),
    doubts: verdict.doubts.filter((d) => d.weight === 'doubt'),
    notes: verdict.doubts.filter((d) => d.weight === 'note'),
    questions: questionGroups(verdict.questions),
  };
}

/** The demand on the model as a whole is told by its fixes, when it has any. */
function isModelDemand(j: Judgement, verdict: Verdict): boolean {
  return j.id === 'TM001' && fixesOf(verdict).length > 0;
}

/** Judgements without children, in order. The tree is ours, so its depth is small. */
export function leavesOf(judgement: Judgement): readonly Judgement[] {
  return judgement.children.length === 0 ? [judgement] : judgement.children.flatMap(leavesOf);
}

/** The lowest pending judgements: their children, if any, tell why earlier answers do not count. */
export function waitingOf(judgement: Judgement): readonly Judgement[] {
  const below = judgement.children.flatMap(waitingOf);
  return below.length > 0 || judgement.state !== 'pending' ? below : [judgement];
}

const keyOf = (x: { readonly scope: string; readonly address: string }): string => `${x.scope}\n${x.address}`;

function componentsOf(verdict: Verdict, leaves: readonly Judgement[]): readonly ComponentOutline[] {
  const coverage = new Map(verdict.coverage.facts.map((c) => [c.fact, c]));
  const judged = new Map(leaves.filter((j) => j.id === 'model.coverage').map((j) => [j.because[0] ?? '', j]));
  const groups = new Map<string, Fact[]>();
  for (const fact of verdict.facts) {
    if (!fact.deciding) continue;
    const group = groups.get(keyOf(fact));
    if (group) group.push(fact);
    else groups.set(keyOf(fact), [fact]);
  }
  return [...groups.entries()]
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .flatMap(([, facts]) => {
      const [first] = facts;
      if (!first) return [];
      return [
        {
          address: first.address,
          scope: first.scope,
          stack: first.stack,
          type: first.type,
          ...(first.element ? { element: first.element } : {}),
          change: changeOf(facts),
          facts: facts.map((fact) => withCoverage(fact, coverage.get(fact.id), judged.get(fact.id))),
        },
      ];
    });
}

function withCoverage(
  fact: Fact,
  coverage: FactCoverage | undefined,
  judgement: Judgement | undefined,
): ComponentOutline['facts'][number] {
  return { fact, ...(coverage ? { coverage } : {}), ...(judgement ? { judgement } : {}) };
}

function changeOf(facts: readonly Fact[]): ComponentOutline['change'] {
  if (facts.some((f) => f.kind.endsWith('-added'))) return 'new';
  return facts.some((f) => f.kind.endsWith('-removed')) ? 'removed' : 'changed';
}

/** Questions by component, in their order. */
export function questionGroups(asked: readonly AskedQuestion[]): readonly QuestionGroup[] {
  const groups = new Map<string, AskedQuestion[]>();
  for (const question of asked) {
    const group = groups.get(keyOf(question));
    if (group) group.push(question);
    else groups.set(keyOf(question), [question]);
  }
  return [...groups.values()].flatMap((questions) => {
    const [first] = questions;
    return first ? [{ address: first.address, scope: first.scope, questions }] : [];
  });
}

/** What a fact reaches, as far as its own sentence does not name it already. */
export function reachesUnsaid(fact: Fact): readonly string[] {
  return (fact.reaches ?? []).filter((address) => !fact.statement.includes(address));
}

/** `1 file`, `2 files`. */
export const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;

/** Why nothing was found, or on what ground something was: "12 changed files looked at (…), 9 resources compared". */
export function examinedLine(examined: Examined): string {
  const tally = new Map<Examined['files'][number]['outcome'], number>();
  for (const file of examined.files) tally.set(file.outcome, (tally.get(file.outcome) ?? 0) + 1);
  const words: readonly (readonly [Examined['files'][number]['outcome'], string])[] = [
    ['read', 'read'],
    ['model', 'threat model'],
    ['policy', 'policy'],
    ['ignored', 'ignored'],
    ['not-read', 'of other kinds'],
    ['unreadable', 'unreadable'],
  ];
  const parts = words.flatMap(([outcome, word]) =>
    tally.has(outcome) ? [`${tally.get(outcome)} ${word}`] : [],
  );
  const resources = Math.max(examined.resources.base, examined.resources.head);
  const files = count(examined.files.length, 'changed file');
  return `${files} looked at${parts.length > 0 ? ` (${parts.join(', ')})` : ''}, ${count(resources, 'resource')} compared`;
}
