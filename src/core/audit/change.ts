import type { ChangeEntry } from '../model/audit.ts';
import type { AuditRecord } from '../model/record.ts';
import { decisionsOf } from './decisions.ts';
import { account, NOT_ON_RECORD, text } from './details.ts';
import { isInstant } from './instants.ts';
import { happenedAt } from './rebuilt.ts';
import { verdictAtMerge } from './verdict-at-merge.ts';
import { wayOfMerge, wayOfPush } from './way.ts';

/** Records that each are one change. */
export const isChange = ({ kind }: AuditRecord): boolean => kind === 'merged' || kind === 'direct-push';

/**
 * When it came to the branch. A merge is dated by GitHub, as it may be recorded much later. A push is dated by its record:
 * the date of a commit is whatever the client claims. One that was filled in says when it arrived, and how that is known.
 */
export function instantOfChange(record: AuditRecord): string {
  const mergedAt = text(record.details['mergedAt']);
  return record.kind === 'merged' && isInstant(mergedAt) ? mergedAt : happenedAt(record);
}

/** `trail`: all records of the pull request, those after the merge included. */
export function changeOf(record: AuditRecord, trail: readonly AuditRecord[]): ChangeEntry {
  return record.kind === 'merged' ? merge(record, trail.length > 0 ? trail : [record]) : push(record);
}

function merge(record: AuditRecord, trail: readonly AuditRecord[]): ChangeEntry {
  const known = verdictAtMerge(record, trail);
  const at = instantOfChange(record);
  const { repository, pullRequest, sequence, commit, actor, details } = record;
  return {
    id: `${repository.name}#${pullRequest ?? `record-${sequence}`}`,
    repository,
    pullRequest,
    commit,
    branch: text(details['baseRef']) ?? NOT_ON_RECORD,
    at,
    author: account(details['author']),
    by: actor,
    ...wayOfMerge({ ...known, record, trail, at }),
    verdict: known.verdict,
    decisions: decisionsOf(trail),
    records: trail.map((r) => r.sequence),
  };
}

function push(record: AuditRecord): ChangeEntry {
  const { repository, commit, actor, details } = record;
  return {
    id: idOfPush(record),
    repository,
    pullRequest: undefined,
    commit,
    branch: text(details['branch']) ?? NOT_ON_RECORD,
    at: instantOfChange(record),
    author: account(details['author']),
    by: actor,
    ...wayOfPush(record),
    verdict: undefined,
    decisions: [],
    records: [record.sequence],
  };
}

/**
 * A commit may be pushed to two branches, and history be rewritten to the same commit twice: a branch and a commit name one
 * push only where every commit is accounted for by itself.
 */
function idOfPush({ repository, commit, sequence, details }: AuditRecord): string {
  const branch = text(details['branch']);
  return branch === undefined || commit === undefined || details['complete'] === false
    ? `${repository.name}@record-${sequence}`
    : `${repository.name}@${branch}:${commit}`;
}
