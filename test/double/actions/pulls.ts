import type { Account, PullRequest, Repository } from '../state/nouns.ts';
import { tipOf } from '../state/pulls.ts';
import { invalid, Refusal } from '../state/refusal.ts';
import { change } from '../state/time.ts';
import type { World } from '../state/world.ts';
import { from, pullEvent } from '../webhooks/events.ts';

export interface OpenInput {
  readonly repository: Repository;
  readonly by: Account;
  readonly headRepository: Repository;
  readonly head: string;
  readonly base: string;
  readonly title: string;
  readonly body: string | undefined;
  readonly draft: boolean;
}

export function openPull(world: World, input: OpenInput): PullRequest {
  const { repository, headRepository } = input;
  const headSha = tipOf(headRepository, input.head);
  const baseSha = tipOf(repository, input.base);
  if (headSha === undefined) throw invalid([{ resource: 'PullRequest', field: 'head', code: 'invalid' }]);
  if (baseSha === undefined) throw invalid([{ resource: 'PullRequest', field: 'base', code: 'invalid' }]);
  if (repository.objects.isAncestor(headSha, baseSha))
    throw invalid([`No commits between ${input.base} and ${input.head}`]);
  const pull = newPull(world, input, headSha, baseSha);
  world.pulls.set(pull.id, pull);
  pullEvent(world, pull, 'opened', input.by);
  return pull;
}

function newPull(world: World, input: OpenInput, headSha: string, baseSha: string): PullRequest {
  return {
    id: world.nextId(),
    number: ++input.repository.lastNumber,
    repository: input.repository,
    author: input.by,
    headRepository: input.headRepository,
    headRef: input.head,
    headSha,
    baseRef: input.base,
    baseSha,
    baseChangedAt: undefined,
    title: input.title,
    body: input.body,
    state: 'open',
    draft: input.draft,
    closedAt: undefined,
    mergedAt: undefined,
    mergedBy: undefined,
    mergeCommit: undefined,
    lastEditedAt: undefined,
    editor: undefined,
    createdAt: world.now,
    updatedAt: world.now,
    deletedAt: undefined,
    history: [],
  };
}

export interface PullEdit {
  readonly title?: string;
  readonly body?: string;
  readonly base?: string;
}

export function editPull(world: World, pull: PullRequest, by: Account, edit: PullEdit): void {
  const at = world.now;
  const changes: Record<string, unknown> = {};
  if (edit.title !== undefined && edit.title !== pull.title) changes['title'] = from(pull.title);
  if (edit.body !== undefined && edit.body !== pull.body) changes['body'] = from(pull.body);
  const tip = edit.base === undefined ? undefined : tipOf(pull.repository, edit.base);
  if (edit.base !== undefined && tip === undefined)
    throw invalid([{ resource: 'PullRequest', field: 'base', code: 'invalid' }]);
  if (edit.base !== undefined && edit.base !== pull.baseRef)
    changes['base'] = { ref: from(pull.baseRef), sha: from(pull.baseSha) };
  if (Object.keys(changes).length === 0) return;
  change(pull, at, {
    ...(edit.title === undefined ? {} : { title: edit.title }),
    ...(edit.body === undefined ? {} : { body: edit.body }),
    ...('body' in changes ? { lastEditedAt: at, editor: by } : {}),
    ...('base' in changes && edit.base !== undefined && tip !== undefined
      ? { baseRef: edit.base, baseSha: tip, baseChangedAt: at }
      : {}),
  });
  pullEvent(world, pull, 'edited', by, { changes });
}

export function setDraft(world: World, pull: PullRequest, by: Account, draft: boolean): void {
  if (pull.draft === draft) return;
  change(pull, world.now, { draft });
  pullEvent(world, pull, draft ? 'converted_to_draft' : 'ready_for_review', by);
}

export function closePull(world: World, pull: PullRequest, by: Account): void {
  if (pull.state === 'closed') return;
  change(pull, world.now, { state: 'closed', closedAt: world.now });
  pullEvent(world, pull, 'closed', by);
}

export function reopenPull(world: World, pull: PullRequest, by: Account): void {
  if (pull.state === 'open') return;
  if (pull.mergedAt !== undefined) throw new Refusal(422, 'A merged pull request cannot be reopened.');
  const headSha = tipOf(pull.headRepository, pull.headRef);
  const baseSha = tipOf(pull.repository, pull.baseRef);
  if (headSha === undefined || baseSha === undefined)
    throw new Refusal(422, 'A branch of the pull request is gone.');
  change(pull, world.now, { state: 'open', closedAt: undefined, headSha, baseSha });
  pullEvent(world, pull, 'reopened', by);
}

export function markMerged(world: World, pull: PullRequest, by: Account, sha: string): void {
  const at = world.now;
  change(pull, at, { state: 'closed', closedAt: at, mergedAt: at, mergedBy: by, mergeCommit: sha });
  pullEvent(world, pull, 'closed', by);
}
