/** What people do with code: push, open pull requests, merge. */
import { mayEdit } from '../actions/comments.ts';
import { mergePull } from '../actions/merging.ts';
import { closePull, editPull, openPull, reopenPull, setDraft } from '../actions/pulls.ts';
import { push } from '../actions/pushes.ts';
import { completeGroup, destroyGroup, enqueue } from '../actions/queue.ts';
import { commitFiles, type Files, type MergeMethod } from '../git/building.ts';
import type { PullRequest, QueueEntry, Repository } from '../state/nouns.ts';
import { tipOf } from '../state/pulls.ts';
import { ControlError, type World } from '../state/world.ts';
import { headNamed, placeOf, type By, type Place } from './place.ts';

export interface CommitInput extends By {
  readonly repo: string;
  readonly branch: string;
  readonly files: Files;
  readonly message?: string;
  /** The branch that a new branch starts from; the default branch unless said. */
  readonly from?: string;
  /** Rewrites the branch: the commit's parent, instead of the branch's tip. */
  readonly onto?: string;
  /** Whom the commit names, when it is not who pushes it. */
  readonly author?: { readonly name: string; readonly email: string };
  readonly committer?: { readonly name: string; readonly email: string };
  /** Of the commit; now unless said. The same dates make the same commits, which a warm store has already. */
  readonly date?: Date;
}

export interface OpenInput extends By {
  readonly repo: string;
  /** `branch`, or `owner/name:branch` of a fork. */
  readonly head: string;
  readonly base?: string;
  readonly title?: string;
  readonly body?: string;
  readonly draft?: boolean;
}

function parentOf(repository: Repository, input: CommitInput): string | undefined {
  if (input.onto !== undefined) return tipOf(repository, input.onto) ?? input.onto;
  return tipOf(repository, input.branch) ?? tipOf(repository, input.from ?? repository.defaultBranch);
}

/** Makes a commit without pushing it anywhere. */
function commit(world: World, input: CommitInput): string {
  const repository = world.repository(input.repo);
  const by = world.account(input.by);
  const at = (input.date ?? world.clock()).getTime();
  const person = { name: by.name, email: by.email };
  return commitFiles(repository.objects, {
    parent: parentOf(repository, input),
    files: input.files,
    message: input.message ?? 'Change',
    author: { ...(input.author ?? person), at },
    committer: { ...(input.committer ?? person), at },
  });
}

function pushCommit(world: World, input: CommitInput): string {
  const sha = commit(world, input);
  push(world, {
    repository: world.repository(input.repo),
    branch: input.branch,
    by: world.account(input.by),
    sha,
    force: input.onto !== undefined,
  });
  return sha;
}

function open(world: World, input: OpenInput): PullRequest {
  const repository = world.repository(input.repo);
  const head = headNamed(world, repository, input.head);
  return openPull(world, {
    repository,
    by: world.account(input.by),
    headRepository: head.repository,
    head: head.branch,
    base: input.base ?? repository.defaultBranch,
    title: input.title ?? input.head,
    body: input.body,
    draft: input.draft ?? false,
  });
}

/** A pull request is changed by its author and by whoever may write. */
function owned(world: World, input: Place & By): PullRequest {
  const pull = placeOf(world, input);
  mayEdit(world, pull.repository, pull.author, world.account(input.by));
  return pull;
}

function entryPull(world: World, place: Place): PullRequest {
  const pull = placeOf(world, place);
  if (!pull.repository.queue.some((entry) => entry.pull === pull))
    throw new ControlError(`${place.repo}#${place.number} is not in the merge queue.`);
  return pull;
}

export function development(world: World) {
  return {
    commit: (input: CommitInput): string => commit(world, input),
    /** A commit on a branch (made when it is not there), pushed. */
    pushCommit: (input: CommitInput): string => pushCommit(world, input),
    /** Straight to a protected branch, as one does who may bypass its rules. */
    directPush: (input: CommitInput): string => pushCommit(world, input),
    pushRef: (input: By & { repo: string; branch: string; sha: string; force?: boolean }): void => {
      push(world, {
        repository: world.repository(input.repo),
        branch: input.branch,
        sha: input.sha,
        by: world.account(input.by),
        force: input.force ?? false,
      });
    },
    tip: (repo: string, branch: string): string => {
      const found = tipOf(world.repository(repo), branch);
      if (found === undefined) throw new ControlError(`There is no branch ${branch} in ${repo}.`);
      return found;
    },
    openPullRequest: (input: OpenInput): PullRequest => open(world, input),
    editPullRequest: (input: Place & By & { title?: string; body?: string; base?: string }): void => {
      editPull(world, owned(world, input), world.account(input.by), input);
    },
    setDraft: (input: Place & By & { draft: boolean }): void => {
      setDraft(world, owned(world, input), world.account(input.by), input.draft);
    },
    close: (input: Place & By): void => {
      closePull(world, owned(world, input), world.account(input.by));
    },
    reopen: (input: Place & By): void => {
      reopenPull(world, owned(world, input), world.account(input.by));
    },
    /** Returns the commit that the base branch got. */
    merge: (input: Place & By & { method?: MergeMethod }): string =>
      mergePull(world, {
        pull: placeOf(world, input),
        by: world.account(input.by),
        method: input.method ?? 'merge',
      }),
    enqueue: (input: Place & By): QueueEntry =>
      enqueue(world, placeOf(world, input), world.account(input.by)),
    completeGroup: (input: Place): void => {
      completeGroup(world, entryPull(world, input));
    },
    destroyGroup: (input: Place & { reason?: 'invalidated' | 'dequeued' }): void => {
      destroyGroup(world, entryPull(world, input), input.reason);
    },
  };
}
