import { reviewsOf, type ReviewEntry } from '../core/audit/reviews.ts';
import type { AuditRecord } from '../core/model/record.ts';
import { UserError } from '../review/errors.ts';
import { doneOf } from '../review/re-review/schedule.ts';
import { reviewDone } from '../review/re-review/held-on-issue.ts';
import { judgeReviewer } from '../review/re-review/reviewer.ts';
import { policyOf, repositoryNamed, signedBy, type Desk } from './desk.ts';

/** As of now, of one repository or of all. */
export async function listReviews(
  repository: string | undefined,
  { recorder, now }: Desk,
): Promise<readonly ReviewEntry[]> {
  const all =
    repository === undefined ? await recorder.repositories() : [await repositoryNamed(repository, recorder)];
  const found: ReviewEntry[] = [];
  for (const { id } of all)
    found.push(...reviewsOf(await recorder.records({ repository: id, kinds: KINDS }), now));
  return found;
}

const KINDS = ['review-opened', 'review-done', 'emergency', 'merged', 'evaluated', 'ticket'] as const;

export interface Held {
  readonly repository: string;
  /** Source or number of the record that opened it. */
  readonly review: string;
  readonly statement: string;
  readonly attendees: readonly string[];
}

/** A review that was held, said by whoever’s token it is; they have to be somebody who may hold it. */
export async function holdReview(held: Held, desk: Desk): Promise<AuditRecord> {
  const { recorder, now } = desk;
  const repository = await repositoryNamed(held.repository, recorder);
  const records = await recorder.records({
    repository: repository.id,
    kinds: ['review-opened', 'review-done'],
  });
  const opened = records.find(
    (r) => r.kind === 'review-opened' && (r.source === held.review || String(r.sequence) === held.review),
  );
  if (!opened)
    throw new UserError(
      `There is no review \`${held.review}\` of ${repository.name} on record.`,
      '`threatgate review list` names them.',
    );
  const before = doneOf(opened, records);
  if (before)
    throw new UserError(
      `That review was held at ${before.at}, by ${before.actor ? `@${before.actor.login}` : 'somebody'}.`,
      'Nothing is left to be done.',
    );
  const reading = await policyOf(repository, recorder);
  const { github, actor } = await signedBy(desk, repository, 'metadata, and members of the organisation');
  const judged = await judgeReviewer(actor, opened, { repository, reading, hosting: github.hosting });
  if (!judged.eligible)
    throw new UserError(
      `@${actor.login} ${judged.reason ?? 'may not hold it'}.`,
      'Nothing was recorded. Somebody who may approve, and who had no part in it, has to say it with their own token.',
    );
  const word = {
    source: `cli/${opened.sequence}`,
    by: actor,
    at: now,
    via: 'command' as const,
    statement: held.statement,
    attendees: held.attendees,
  };
  const [added] = await recorder.append([reviewDone(opened, word, judged.role, { repository, now })]);
  if (added) return added;
  throw new UserError('Somebody said the same at this moment.', 'Nothing is left to be done.');
}
