/**
 * The merge queue. One group for each pull request, each built on the one before it; the group of the second contains
 * the first one's changes. A group that goes takes those behind it along: they are built anew.
 */
import type { MergeMethod } from '../git/building.ts';
import type { Account, PullRequest, QueueEntry } from '../state/nouns.ts';
import { mayWrite } from '../state/people.ts';
import { tipOf } from '../state/pulls.ts';
import { Refusal } from '../state/refusal.ts';
import { ControlError, type World } from '../state/world.ts';
import { mergeGroupEvent, pullEvent } from '../webhooks/events.ts';
import { buildMerge } from './merging.ts';
import { markMerged } from './pulls.ts';
import { moveBranch, removeBranch } from './pushes.ts';
import { requireChecks, rulesOn } from './rules.ts';

const METHODS: Readonly<Record<QueueEntry['method'], MergeMethod>> = {
  MERGE: 'merge',
  SQUASH: 'squash',
  REBASE: 'rebase',
};

export function entriesOf(pull: PullRequest): QueueEntry[] {
  return pull.repository.queue.filter((entry) => entry.base === pull.baseRef);
}

export function entryOf(pull: PullRequest): QueueEntry {
  const found = pull.repository.queue.find((entry) => entry.pull === pull);
  if (!found) throw new ControlError(`Pull request ${pull.number} is not in the merge queue.`);
  return found;
}

export function enqueue(world: World, pull: PullRequest, by: Account): QueueEntry {
  const { repository } = pull;
  if (!mayWrite(world, repository, by)) throw new Refusal(403, 'Must have write access to the repository.');
  if (pull.state !== 'open' || pull.draft) throw new Refusal(405, 'Pull Request is not mergeable');
  if (repository.queue.some((entry) => entry.pull === pull))
    throw new Refusal(422, 'The pull request is already in the merge queue.');
  const rules = rulesOn(repository, pull.baseRef);
  requireChecks(world, repository, pull.headSha, rules);
  const before = entriesOf(pull).at(-1);
  const entry: QueueEntry = {
    id: world.nextId(),
    pull,
    base: pull.baseRef,
    by,
    at: world.now,
    method: rules.find((each) => each.mergeQueue !== undefined)?.mergeQueue ?? 'SQUASH',
    ref: '',
    baseSha: '',
    headSha: '',
  };
  const onto = before?.headSha ?? tipOf(repository, pull.baseRef) ?? pull.baseSha;
  if (!place(world, entry, onto)) throw new Refusal(405, 'Merge conflict');
  repository.queue.push(entry);
  pullEvent(world, pull, 'enqueued', by);
  announce(world, entry);
  return entry;
}

function place(world: World, entry: QueueEntry, onto: string): boolean {
  const { pull, by } = entry;
  const head = buildMerge(world, { pull, base: onto, method: METHODS[entry.method], by });
  if (head === undefined) return false;
  entry.baseSha = onto;
  entry.headSha = head;
  entry.ref = `refs/heads/gh-readonly-queue/${entry.base}/pr-${pull.number}-${onto}`;
  return true;
}

function announce(world: World, entry: QueueEntry): void {
  const { repository } = entry.pull;
  const branch = entry.ref.replace('refs/heads/', '');
  moveBranch(world, { repository, branch, sha: entry.headSha, by: entry.by, kind: 'branch_creation' });
  mergeGroupEvent(world, entry, 'checks_requested', entry.by);
}

function retire(world: World, entry: QueueEntry, reason: 'merged' | 'invalidated' | 'dequeued'): void {
  removeBranch(world, entry.pull.repository, entry.ref.replace('refs/heads/', ''), entry.by);
  mergeGroupEvent(world, entry, 'destroyed', entry.by, reason);
}

/** The first group is merged: its required checks must be green on the group's own head. */
export function completeGroup(world: World, pull: PullRequest): void {
  const entry = entryOf(pull);
  const { repository } = pull;
  if (entriesOf(pull)[0] !== entry)
    throw new Refusal(405, 'Another pull request is before it in the merge queue.');
  requireChecks(world, repository, entry.headSha, rulesOn(repository, entry.base));
  leave(entry);
  const { headSha: sha, by, base: branch } = entry;
  moveBranch(world, { repository, branch, sha, by, kind: 'merge_queue_merge' });
  pullEvent(world, pull, 'dequeued', by, { reason: 'MERGE' });
  markMerged(world, pull, by, sha);
  retire(world, entry, 'merged');
}

/** A group goes away: ejected for its checks or a conflict (`invalidated`), or taken out by a person (`dequeued`). */
export function destroyGroup(
  world: World,
  pull: PullRequest,
  reason: 'invalidated' | 'dequeued' = 'invalidated',
): void {
  const entry = entryOf(pull);
  const behind = entriesOf(pull).slice(entriesOf(pull).indexOf(entry) + 1);
  leave(entry);
  retire(world, entry, reason);
  const why = reason === 'dequeued' ? 'MANUAL' : 'CI_FAILURE';
  pullEvent(world, pull, 'dequeued', entry.by, { reason: why });
  let onto = entry.baseSha;
  for (const next of behind) {
    retire(world, next, 'invalidated');
    if (place(world, next, onto)) {
      announce(world, next);
      onto = next.headSha;
    } else {
      leave(next);
      pullEvent(world, next.pull, 'dequeued', next.by, { reason: 'MERGE_CONFLICT' });
    }
  }
}

function leave(entry: QueueEntry): void {
  const { queue } = entry.pull.repository;
  queue.splice(queue.indexOf(entry), 1);
}
