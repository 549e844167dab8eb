import { readExternalId } from '../core/report/external-id.ts';
import { readCheckRunText, type CheckRunText } from '../core/report/read-check-run-text.ts';
import type { WholeCheckRun } from '../github/remembered.ts';
import type { Sighting } from './past.ts';

/**
 * A check run of our App as what it says, or undefined where it is about something else. The text is believed where it fits the
 * rest of the run: the commit, the digest in its id, and what it came to.
 */
export function sightingOf(run: WholeCheckRun, repository: number): Sighting | undefined {
  const named = readExternalId(run.externalId);
  if (named?.repository !== repository) return undefined;
  const read = readCheckRunText(run.text);
  const why = 'why' in read ? read.why : misfit(read, run, named);
  return {
    where: `check run ${run.id}`,
    head: run.head,
    subject: named.subject,
    conclusion: run.conclusion,
    completedAt: run.completedAt,
    digest: named.digest,
    told: why === undefined && !('why' in read) ? read : undefined,
    why,
  };
}

function misfit(
  { head }: CheckRunText,
  run: WholeCheckRun,
  named: { readonly subject: string; readonly digest: string },
): string | undefined {
  if (head.digest !== named.digest) return 'tells of other content than its id names';
  if (named.subject === 'group') return undefined;
  if (head.head !== run.head) return 'tells of another commit than it stands on';
  return head.conclusion === run.conclusion
    ? undefined
    : `is shown as ${run.conclusion ?? 'not finished'}, and tells of a verdict that is ${head.conclusion}`;
}
