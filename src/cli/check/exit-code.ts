import type { Verdict } from '../../core/model/verdict.ts';
import { leavesOf } from '../../core/report/outline.ts';
import { EXIT } from '../command.ts';

/**
 * A verdict as an exit code. A doubt that decides alone is "could not evaluate"; a broken rule beside it is a broken
 * rule, unless the policy only observes and so lets nothing but doubts decide.
 */
export function exitCode(verdict: Verdict): number {
  switch (verdict.conclusion) {
    case 'success':
      return EXIT.pass;
    case 'action_required':
      return EXIT.blocked;
    case 'failure':
      return isBroken(verdict) ? EXIT.blocked : EXIT.unknown;
  }
}

function isBroken(verdict: Verdict): boolean {
  return verdict.mode === 'enforce' && leavesOf(verdict.judgement).some((j) => j.state === 'fail');
}
