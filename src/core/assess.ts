import { CATALOGUE_VERSION } from './catalogue/catalogue.generated.ts';
import { classify, resourceChanges } from './classify.ts';
import { contentsOf } from './contents.ts';
import { coverFacts } from './coverage/cover.ts';
import { canonicalJson, deltaDigest, digestOf } from './digest.ts';
import { readModels } from './formats/read-models.ts';
import { compareModels } from './model-delta/compare.ts';
import type { Approvals } from './model/approval.ts';
import type { Change, Content, SourceFile } from './model/change.ts';
import type { Doubt } from './model/doubt.ts';
import type { Policy } from './model/policy.ts';
import type { ModelNode, ThreatModel } from './model/threat-model.ts';
import type { Verdict } from './model/verdict.ts';
import { anchorQuestions, type Anchor } from './report/anchors.ts';
import { gatherDoubts } from './verdict/doubts.ts';
import { examine } from './verdict/examine.ts';
import { decide, type Case } from './verdict/decide.ts';
import { deriveRequirement } from './requirement/derive.ts';
import { RULES_VERSION, VERSION } from './version.generated.ts';

/** Files at places of threat models, on both sides, changed or not. */
export interface ModelSources {
  readonly base: readonly ModelSource[];
  readonly head: readonly ModelSource[];
}

export interface ModelSource {
  readonly path: string;
  readonly content: Content;
}

/** Version of the verdict document: `docs/reference/verdict.md`. */
export const SCHEMA_VERSION = '1.0';

/** What a change comes to before anybody has said anything about it: depends on immutable input only, so it can be kept. */
export interface Analysis {
  /** Delta digest: what an approval of this change is bound to. */
  readonly digest: string;
  readonly change: Pick<Change, 'repository' | 'base' | 'head'>;
  readonly policy: Policy;
  readonly found: Omit<Case, 'approvals' | 'policy' | 'digest' | 'at'>;
  readonly resources: Verdict['resources'];
  readonly examined: Verdict['examined'];
  /** Where comments about the questions can stand. */
  readonly anchors: readonly Anchor[];
}

/**
 * The pipeline, and the only file that knows its order. Pure, synchronous and total: the same input gives the same bytes,
 * and nothing a contributor writes makes it throw. `at` is an ISO 8601 instant: waivers end, so time is an argument.
 */
export function assess(
  change: Change,
  models: ModelSources,
  approvals: Approvals,
  policy: Policy,
  at: string,
  earlier: readonly Doubt[] = [],
): Verdict {
  return conclude(analyse(change, models, policy, earlier), approvals, at);
}

/** The costly half of `assess`: everything up to what people say. */
export function analyse(
  change: Change,
  models: ModelSources,
  policy: Policy,
  earlier: readonly Doubt[] = [],
): Analysis {
  const code = classify(change, policy);
  const base = readModels(texts(models.base));
  const head = readModels(texts(models.head));
  const delta = compareModels(
    base.models,
    head.models,
    touchedModels(models, filesOf([...base.models, ...head.models])),
  );
  const requirement = deriveRequirement(code.facts, policy);
  const coverage = coverFacts(requirement.cover, code.facts, head.models, base.models, delta, policy);
  const doubts = gatherDoubts({ earlier, change, code, models, base, head, delta, policy });
  return {
    digest: deltaDigest(code.facts, delta, contentsOf(code, change, policy)),
    change: { repository: change.repository, base: change.base, head: change.head },
    policy,
    found: { facts: code.facts, requirement, coverage, delta, models: head.models, doubts },
    resources: resourceChanges(code.deltas),
    examined: examine(change, code, head.models, policy),
    anchors: anchorQuestions(requirement.questions, change.files),
  };
}

/** The quick half of `assess`: what people said, and what it all comes to at an instant. */
export function conclude(analysis: Analysis, approvals: Approvals, at: string): Verdict {
  const { change, policy, found, digest } = analysis;
  return {
    schema: SCHEMA_VERSION,
    tool: { name: 'threatgate', version: VERSION, rules: RULES_VERSION, catalogue: CATALOGUE_VERSION },
    ...change,
    mode: policy.mode,
    ...decide({ ...found, approvals, policy, digest, at }),
    digest,
    policy: { origin: policy.origin, digest: digestOf(canonicalJson(policy)) },
    facts: found.facts,
    resources: analysis.resources,
    coverage: found.coverage,
    model: found.delta,
    questions: found.requirement.questions,
    doubts: found.doubts,
    examined: analysis.examined,
  };
}

function texts(sources: readonly ModelSource[]): SourceFile[] {
  return sources.flatMap((s) => (s.content.kind === 'text' ? [{ path: s.path, text: s.content.text }] : []));
}

/** Main files and the files they include. */
function filesOf(models: readonly ThreatModel[]): ReadonlySet<string> {
  const elements = (m: ThreatModel): readonly ModelNode[] => [
    ...m.components,
    ...m.flows,
    ...m.boundaries,
    ...m.dataAssets,
    ...m.vendors,
    ...m.threats,
  ];
  return new Set(models.flatMap((m) => [m.file, ...elements(m).map((e) => e.location.file)]));
}

/** Model files whose bytes differ between the sides. */
function touchedModels(models: ModelSources, areModels: ReadonlySet<string>): string[] {
  const before = new Map(models.base.map((s) => [s.path, s.content]));
  const after = new Map(models.head.map((s) => [s.path, s.content]));
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((path) => areModels.has(path) && !sameContent(before.get(path), after.get(path)))
    .sort();
}

function sameContent(a: Content | undefined, b: Content | undefined): boolean {
  if (!a || !b || a.kind !== b.kind) return a === b;
  return a.kind === 'text' && b.kind === 'text' ? a.text === b.text : canonicalJson(a) === canonicalJson(b);
}
