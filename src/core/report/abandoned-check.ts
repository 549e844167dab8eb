import type { CheckRunReport } from './check-run.ts';
import { code, markdown, sentence } from './escape.ts';

/**
 * The check run of a pull request that has this commit no more, for the sake of those that still have it: GitHub goes by
 * the newest run on a commit, whosever it is.
 */
export function renderAbandonedCheck(open: readonly number[], passes: boolean): CheckRunReport {
  const who = open.map((number) => `#${number}`).join(', ');
  const stand = passes ? 'passes' : 'is not through';
  const text = `The pull request that this was about has this commit no more. ${who} has it, and ${stand}: see the other check run.`;
  return {
    conclusion: passes ? 'success' : 'action_required',
    title: `Decided by ${who}`,
    summary: `${sentence(text, code, markdown)}\n`,
    text: '',
    annotations: [],
    buttons: [],
  };
}
