import type { Evidence } from '../detectors/detector.ts';
import type { ResourceDelta } from '../model/resource-delta.ts';
import type { Resource } from '../model/resource.ts';
import { isPrivilegedEvent } from '../semantics/supply-chain.ts';
import { viewJob, type JobView } from './job-view.ts';
import { withRenamedWorkflows } from './renames.ts';

/**
 * What a rule compares: a job with itself, a new job with the workflow it joined, or a whole new workflow, which is
 * spoken of as one thing. Actions of the repository count as jobs.
 */
export interface WorkflowUnit {
  /** What facts are about: the job, the action, or the new workflow. */
  readonly subject: Resource;
  readonly state: 'new-workflow' | 'new-job' | 'changed-job';
  /** `job `x`` or `new workflow `x``, to begin a sentence with. */
  readonly phrase: string;
  readonly before: readonly JobView[];
  readonly after: readonly JobView[];
  /** Jobs at base that could do the same already: those of the same workflow, and those that went away in this change. */
  readonly known: readonly JobView[];
  /** Whether outsiders can start the workflow with its token and secrets, at head. */
  readonly privileged: boolean;
}

const isJob = (r: Resource): boolean =>
  r.stack === 'github-actions' && (r.type === 'workflow-job' || r.type === 'action');

/** Units of every workflow the change touches, in the order of the deltas. */
export function workflowUnits(evidence: Evidence): WorkflowUnit[] {
  const deltas = withRenamedWorkflows(
    evidence.deltas.filter((d) => (d.head ?? d.base)?.stack === 'github-actions'),
  );
  if (deltas.length === 0) return [];
  const index = indexSides(evidence, deltas);
  const added = new Set(
    deltas.flatMap((d) => (d.kind === 'added' && d.head?.type === 'workflow' ? [d.head.scope] : [])),
  );
  return deltas.flatMap((d): WorkflowUnit[] => {
    const { head } = d;
    if (!head) return [];
    const privileged = index.privileged.has(head.scope);
    if (head.type === 'workflow' && d.kind === 'added') {
      const after = index.headJobs.get(head.scope) ?? [];
      const known = privileged ? [] : index.removed;
      return [
        {
          subject: head,
          state: 'new-workflow',
          phrase: `new workflow \`${head.address}\``,
          before: [],
          after,
          known,
          privileged,
        },
      ];
    }
    if (!isJob(head) || added.has(head.scope)) return [];
    return [jobUnit(d, head, index, privileged)];
  });
}

function jobUnit(d: ResourceDelta, head: Resource, index: Sides, privileged: boolean): WorkflowUnit {
  const noun = head.type === 'action' ? `action \`${head.address}\`` : `\`${head.address}\``;
  const siblings = index.baseJobs.get(index.baseScopes.get(head.scope) ?? head.scope) ?? [];
  return {
    subject: head,
    state: d.base ? 'changed-job' : 'new-job',
    phrase: d.base ? noun : `new ${noun}`,
    before: d.base ? [viewJob(d.base)] : [],
    after: [viewJob(head)],
    known: privileged ? siblings : [...siblings, ...index.removed],
    privileged,
  };
}

interface Sides {
  readonly baseJobs: ReadonlyMap<string, JobView[]>;
  readonly headJobs: ReadonlyMap<string, JobView[]>;
  readonly removed: readonly JobView[];
  /** Scope at head → scope at base, of workflows whose file was renamed. */
  readonly baseScopes: ReadonlyMap<string, string>;
  readonly privileged: ReadonlySet<string>;
}

function indexSides(evidence: Evidence, deltas: readonly ResourceDelta[]): Sides {
  return {
    baseJobs: jobsByScope(evidence.base.resources),
    headJobs: jobsByScope(evidence.head.resources),
    removed: deltas.flatMap((d) =>
      d.kind === 'removed' && d.base && isJob(d.base) ? [viewJob(d.base)] : [],
    ),
    baseScopes: new Map(
      deltas.flatMap((d) =>
        d.kind === 'moved' && d.head?.type === 'workflow' && d.base
          ? [[d.head.scope, d.base.scope] as const]
          : [],
      ),
    ),
    privileged: new Set(
      evidence.head.resources
        .filter((r) => r.type === 'workflow-trigger' && isPrivilegedEvent(r.name))
        .map((r) => r.scope),
    ),
  };
}

function jobsByScope(resources: readonly Resource[]): Map<string, JobView[]> {
  const out = new Map<string, JobView[]>();
  for (const r of resources) {
    if (!isJob(r)) continue;
    const jobs = out.get(r.scope) ?? [];
    out.set(r.scope, jobs);
    jobs.push(viewJob(r));
  }
  return out;
}

/** What `after` has that `before` has not: `known` tells whether the workflow could do it before. First line of each. */
export function gained(
  unit: WorkflowUnit,
  of: (job: JobView) => ReadonlyMap<string, number>,
): { name: string; line: number; known: boolean }[] {
  const before = new Set(unit.before.flatMap((j) => [...of(j).keys()]));
  const known = new Set(unit.known.flatMap((j) => [...of(j).keys()]));
  const out = new Map<string, { name: string; line: number; known: boolean }>();
  for (const job of unit.after)
    for (const [name, line] of of(job))
      if (!before.has(name) && !out.has(name)) out.set(name, { name, line, known: known.has(name) });
  return [...out.values()].sort((x, y) => (x.name < y.name ? -1 : 1));
}

/** `A`, `A and B`, `A, B and C`; at most eight, then how many more. */
export function enumerate(names: readonly string[]): string {
  const shown = names.slice(0, 8).map((n) => `\`${n}\``);
  if (names.length > 8) return `${shown.join(', ')} and ${names.length - 8} more`;
  const last = shown.pop() ?? '';
  return shown.length === 0 ? last : `${shown.join(', ')} and ${last}`;
}
