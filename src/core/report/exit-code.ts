import type { Verdict } from '../model/verdict.ts';
import { leavesOf } from './outline.ts';

/** How a process ends that gave a verdict: the command line and the job of a workflow alike. */
export const OUTCOME = {
  pass: 0,
  /** A rule is broken, or people are waited for. */
  blocked: 1,
  /** Git, files, the policy or ourselves: no judgement, so no pass. */
  unknown: 2,
} as const;

/**
 * A verdict as an exit code. A doubt that decides alone is "could not evaluate"; a broken rule beside it is a broken
 * rule, unless the policy only observes and so lets nothing but doubts decide.
 */
export function exitCode(verdict: Verdict): number {
  switch (verdict.conclusion) {
    case 'success':
      return OUTCOME.pass;
    case 'action_required':
      return OUTCOME.blocked;
    case 'failure':
      return isBroken(verdict) ? OUTCOME.blocked : OUTCOME.unknown;
  }
}

function isBroken(verdict: Verdict): boolean {
  return verdict.mode === 'enforce' && leavesOf(verdict.judgement).some((j) => j.state === 'fail');
}
