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
import { gatherDoubts } from './verdict/doubts.ts';
import { examine } from './verdict/examine.ts';
import { decide } from './verdict/decide.ts';
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
  const digest = deltaDigest(code.facts, delta, contentsOf(code, change, policy));
  const decision = decide({
    facts: code.facts,
    requirement,
    coverage,
    delta,
    models: head.models,
    doubts,
    approvals,
    policy,
    digest,
    at,
  });
  return {
    schema: SCHEMA_VERSION,
    tool: { name: 'threatgate', version: VERSION, rules: RULES_VERSION, catalogue: CATALOGUE_VERSION },
    repository: change.repository,
    base: change.base,
    head: change.head,
    mode: policy.mode,
    ...decision,
    digest,
    policy: { origin: policy.origin, digest: digestOf(canonicalJson(policy)) },
    facts: code.facts,
    resources: resourceChanges(code.deltas),
    coverage,
    model: delta,
    questions: requirement.questions,
    doubts,
    examined: examine(change, code, head.models, policy),
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
