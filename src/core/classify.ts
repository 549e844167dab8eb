import type { Change, ChangedFile, SourceFile } from './model/change.ts';
import type { Doubt } from './model/doubt.ts';
import type { Fact } from './model/fact.ts';
import type { Policy } from './model/policy.ts';
import type { ResourceDelta } from './model/resource-delta.ts';
import type { ResourceChange } from './model/verdict.ts';
import { detectors } from './detectors/index.generated.ts';
import type { Detector } from './detectors/detector.ts';
import { diffResources } from './diff/diff.ts';
import { buildGraph } from './graph/build.ts';
import type { Graph } from './graph/graph.ts';
import { pathMatcher } from './paths.ts';
import { readResources, type SideReading } from './resources.ts';

/** What the code side of a change comes to. */
export interface Classification {
  readonly facts: readonly Fact[];
  readonly deltas: readonly ResourceDelta[];
  readonly base: SideReading;
  readonly head: SideReading;
  readonly doubts: readonly Doubt[];
  /** Who mentions whom at head. */
  readonly graph: Graph;
}

/** parse → compare → detect. Files that the policy ignores are left out here and listed as ignored by the verdict. */
export function classify(change: Change, policy: Policy, only?: readonly Detector[]): Classification {
  const ignored = pathMatcher(policy.ignore);
  const files = change.files.filter((f) => !ignored(f.path));
  const context = change.context.filter((f) => !ignored(f.path));
  const base = readResources([...textsOf(files, 'base'), ...context]);
  const head = readResources([...textsOf(files, 'head'), ...context]);
  const deltas = diffResources(base.resources, head.resources);
  const evidence = {
    deltas,
    base: buildGraph(base.resources),
    head: buildGraph(head.resources),
    change: { ...change, files, context },
    pathRules: policy.pathRules,
  };
  const doubts: Doubt[] = [];
  const facts = (only ?? detectors).flatMap((d) => {
    try {
      return d.detect(evidence);
    } catch (error) {
      doubts.push(failed(d, error));
      return [];
    }
  });
  return { facts: inOrder(unique(facts)), deltas, base, head, doubts, graph: evidence.head };
}

/** A detector must not throw; if one does, that is our fault and still not a pass. */
function failed(detector: Detector, error: unknown): Doubt {
  return {
    code: 'internal-error',
    message: `The detector \`${detector.id}\` failed: ${error instanceof Error ? error.message : String(error)}`,
    remedy:
      'This is a defect of Threatgate. Please report it; until then a reviewer has to look at this change without it.',
    weight: 'doubt',
  };
}

export function textsOf(files: readonly ChangedFile[], side: 'base' | 'head'): SourceFile[] {
  return files.flatMap((f) => {
    const content = f[side];
    return content?.kind === 'text' ? [{ path: f.path, text: content.text }] : [];
  });
}

/** Two detectors may see the same thing; the fact with the same id is said once. */
function unique(facts: readonly Fact[]): Fact[] {
  const byId = new Map<string, Fact>();
  for (const f of facts) if (!byId.has(f.id)) byId.set(f.id, f);
  return [...byId.values()];
}

function inOrder(facts: readonly Fact[]): Fact[] {
  return [...facts].sort((x, y) => {
    if (x.file !== y.file) return x.file < y.file ? -1 : 1;
    if (x.line !== y.line) return x.line - y.line;
    return x.id < y.id ? -1 : x.id > y.id ? 1 : 0;
  });
}

/** The deltas as the verdict lists them. A delta that is only indirect (its text did not change) is not listed. */
export function resourceChanges(deltas: readonly ResourceDelta[]): ResourceChange[] {
  return deltas.flatMap((d): ResourceChange[] => {
    const shown = d.head ?? d.base;
    if (!shown) return [];
    if (d.kind === 'changed' && d.changes.length > 0 && d.changes.every((c) => c.indirect)) return [];
    return [
      {
        kind: `resource-${d.kind}`,
        stack: shown.stack,
        address: shown.address,
        ...(d.kind === 'moved' && d.base ? { previousAddress: d.base.address } : {}),
        type: shown.type,
        file: shown.file,
        line: shown.span.startLine,
        side: d.head ? 'head' : 'base',
      },
    ];
  });
}
