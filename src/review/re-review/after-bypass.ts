import type { Account } from '../../core/model/account.ts';
import type { RecordDraft } from '../../core/model/record.ts';
import { later } from '../deps.ts';
import type { PullRequestState } from '../hosting.ts';
import { accountOf, text } from '../pull-request/said.ts';
import type { PolicyReading } from '../read-policy.ts';
import type { RepositoryRow, Store } from '../store.ts';
import { keptPolicy } from './kept-policy.ts';
import { isEnforced, openReview, ownerIn, type Frame } from './opened.ts';

const DAY_MS = 86_400_000;

/** A merge past the gate is reviewed afterwards, as an emergency is; not where the rules only observe. */
export function reviewAfterMerge(
  bypass: RecordDraft,
  state: PullRequestState,
  reading: PolicyReading,
  isProtected: boolean | undefined,
): readonly RecordDraft[] {
  const { bypassedDays } = reading.policy.review;
  if (bypassedDays === undefined || isProtected === false || !isEnforced(reading)) return [];
  const { actor } = bypass;
  const people = state.commits.flatMap((c) => c.people.flatMap((p) => p ?? []));
  return [
    openReview(frameOf(bypass), {
      cause: 'bypass',
      due: later(state.merged?.at ?? bypass.at, bypassedDays * DAY_MS),
      owner: ownerIn(reading.policy),
      subject: `#${state.number}, merged past the gate`,
      involved: [state.author, ...(actor ? [actor] : []), ...people],
      more: { of: bypass.source },
    }),
  ];
}

/** One review for what came with one look: whoever pushes a hundred commits is asked once. */
export async function reviewAfterPush(
  pushes: readonly RecordDraft[],
  row: RepositoryRow,
  store: Pick<Store, 'document'>,
): Promise<readonly RecordDraft[]> {
  const [newest] = pushes;
  const reading = newest && (await keptPolicy(row, store));
  const days = reading?.policy.review.bypassedDays;
  if (!reading || days === undefined || !isEnforced(reading)) return [];
  const branch = text(newest.details['branch']) ?? '';
  const rewritten = pushes.some((push) => push.details['complete'] === false);
  const count = pushes.length === 1 ? 'A commit' : `${pushes.length} commits`;
  return [
    openReview(frameOf(newest), {
      cause: 'bypass',
      due: later(newest.at, days * DAY_MS),
      owner: ownerIn(reading.policy),
      subject: rewritten
        ? `What came to ${branch}, whose history was rewritten or not listed as a whole`
        : `${count} pushed to ${branch} past the gate`,
      involved: pushes.flatMap(peopleIn),
      more: { of: newest.source },
    }),
  ];
}

function frameOf({ repository, at, source, pullRequest, commit }: RecordDraft): Frame {
  return {
    repository,
    at,
    source: `review/${source}`,
    ...(pullRequest === undefined ? {} : { pullRequest }),
    ...(commit === undefined ? {} : { commit }),
  };
}

function peopleIn({ actor, details }: RecordDraft): readonly Account[] {
  const author = accountOf(details['author']);
  return [...(actor ? [actor] : []), ...(author ? [{ ...author, kind: 'user' as const }] : [])];
}
