import { mergePull } from '../actions/merging.ts';
import type { MergeMethod } from '../git/building.ts';
import { inRepository, ok, page, type Answer, type RepositoryCall, type Route } from '../http/call.ts';
import { commitShape, fileShape } from '../shapes/commit.ts';
import { pullShape, simplePullShape } from '../shapes/pull.ts';
import { commitsOf, filesOf } from '../state/pulls.ts';
import type { PullRequest } from '../state/nouns.ts';
import { allAsOf } from '../state/time.ts';
import { isHidden, pullIn, writer } from './lookup.ts';

type Order = (a: PullRequest, b: PullRequest) => number;

const BY: Readonly<Record<string, Order>> = {
  created: (a, b) => a.createdAt - b.createdAt || a.number - b.number,
  updated: (a, b) => a.updatedAt - b.updatedAt || a.number - b.number,
};

function visiblePulls(call: RepositoryCall): PullRequest[] {
  const shown = call.world.pullsOf(call.repository).filter((pull) => !isHidden(call, pull));
  return allAsOf(shown, call.at);
}

function list(call: RepositoryCall): Answer {
  const { state = 'open', base, head, sort = 'created', direction } = call.query;
  const order = BY[sort] ?? BY['created'];
  const up = direction === undefined ? sort !== 'created' : direction === 'asc';
  const pulls = visiblePulls(call)
    .filter((pull) => state === 'all' || pull.state === state)
    .filter((pull) => base === undefined || pull.baseRef === base)
    .filter((pull) => head === undefined || `${pull.headRepository.owner.login}:${pull.headRef}` === head)
    .sort((a, b) => (order?.(a, b) ?? 0) * (up ? 1 : -1));
  return page(call, pulls, (pull) => simplePullShape(call.world, pull));
}

function files(call: RepositoryCall): Answer {
  const { then: pull } = pullIn(call);
  const listed = filesOf(pull).files.slice(0, call.world.limits.pullFiles);
  return page(call, listed, (file) => fileShape(call.world, call.repository, pull.headSha, file));
}

function commits(call: RepositoryCall): Answer {
  const { then: pull } = pullIn(call);
  const listed = commitsOf(pull).slice(0, call.world.limits.pullCommits);
  return page(call, listed, (oid) =>
    commitShape(call.world, call.repository, call.repository.objects.commitAt(oid)),
  );
}

interface MergeBody {
  readonly merge_method?: MergeMethod;
  readonly sha?: string;
  readonly commit_title?: string;
  readonly commit_message?: string;
}

function merge(call: RepositoryCall): Answer {
  const { live: pull } = pullIn(call);
  const body = call.body as MergeBody;
  const sha = mergePull(call.world, {
    pull,
    by: writer(call),
    method: body.merge_method ?? 'merge',
    sha: body.sha,
    title: body.commit_title,
    message: body.commit_message,
  });
  return ok({ sha, merged: true, message: 'Pull Request successfully merged' });
}

/** Pull requests that a commit came by: those that hold it, and those whose merge made it. */
function ofCommit(call: RepositoryCall): Answer {
  const sha = call.params['commit_sha'] ?? '';
  const pulls = visiblePulls(call).filter(
    (pull) => pull.mergeCommit === sha || pull.headSha === sha || commitsOf(pull).includes(sha),
  );
  return page(call, pulls, (pull) => simplePullShape(call.world, pull));
}

const READ = ['pull_requests', 'read'] as const;

export const PULL_ROUTES: readonly Route[] = [
  inRepository('GET', '/pulls', READ, list),
  inRepository('GET', '/pulls/{pull_number}', READ, (call) => ok(pullShape(call.world, pullIn(call).then))),
  inRepository('GET', '/pulls/{pull_number}/files', READ, files),
  inRepository('GET', '/pulls/{pull_number}/commits', READ, commits),
  inRepository('PUT', '/pulls/{pull_number}/merge', ['contents', 'write'], merge),
  inRepository('GET', '/commits/{commit_sha}/pulls', READ, ofCommit),
];
