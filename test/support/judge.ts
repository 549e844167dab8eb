import { assess } from '../../src/core/assess.ts';
import type { Approvals } from '../../src/core/model/approval.ts';
import type { Policy } from '../../src/core/model/policy.ts';
import type { Verdict } from '../../src/core/model/verdict.ts';
import { BUILT_IN_POLICY } from '../../src/core/policy/defaults.generated.ts';
import { gather } from '../../src/review/gather.ts';
import type { Repository } from '../../src/review/ports.ts';
import { loadParsers } from '../../src/runtime/load-parsers.ts';
import { memoryRepository, type Files } from './memory-repository.ts';

export interface Circumstances {
  readonly policy?: Partial<Policy>;
  readonly approvals?: Approvals;
  readonly at?: string;
  readonly repository?: Partial<Repository>;
}

/** The whole pipeline on two sets of files, enforcing unless told otherwise. */
export async function judgeFiles(base: Files, head: Files, c: Circumstances = {}): Promise<Verdict> {
  await loadParsers();
  const policy: Policy = {
    ...BUILT_IN_POLICY,
    mode: 'enforce',
    approval: { ...BUILT_IN_POLICY.approval, required: true },
    ...c.policy,
  };
  const { change, models } = await gather(memoryRepository(base, head, c.repository), 'base', 'head', policy);
  return assess(change, models, c.approvals ?? { entries: [] }, policy, c.at ?? '2026-06-01T00:00:00Z');
}
