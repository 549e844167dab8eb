import { z } from 'zod';
import * as p from './payload.ts';
import { reading, type Reading } from './reading.ts';

const pullRequest = z.object({
  number: p.id,
  head: z.object({ sha: p.commit, repo: z.object({ id: p.id }).nullish() }),
});
const plain = z.object({ ...p.about, pull_request: z.object({ number: p.id }) });

/** Something about it may be different now; what, is read again. */
const changed = reading(plain, (payload) => p.lookAtPullRequest(payload, payload.pull_request.number));

/** Nobody remembers later who pushed. */
const pushed = reading(z.object({ ...p.about, pull_request: pullRequest }), (payload) => {
  const { number, head } = payload.pull_request;
  return p.lookAtPullRequest(payload, number, { kind: 'pushed', by: payload.sender, head: head.sha });
});

/**
 * Whoever opens a pull request need not be who pushed its branch: the push itself tells, where it is of this repository.
 * Pushes to a fork are not told of, so that there it counts as whoever opens it.
 */
const opened = reading(z.object({ ...p.about, pull_request: pullRequest }), (payload) => {
  const { number, head } = payload.pull_request;
  return head.repo?.id === payload.repository.id
    ? p.lookAtPullRequest(payload, number)
    : p.lookAtPullRequest(payload, number, { kind: 'pushed', by: payload.sender, head: head.sha });
});

/** The title decides nothing; the text may link a model, and the base is half of the comparison. */
const edited = reading(plain.extend({ changes: z.record(z.string(), z.unknown()).nullish() }), (payload) => {
  const keys = Object.keys(payload.changes ?? {});
  return keys.length > 0 && keys.every((key) => key === 'title')
    ? undefined
    : p.lookAtPullRequest(payload, payload.pull_request.number);
});

const closed = reading(
  z.object({
    ...p.about,
    pull_request: pullRequest.extend({
      merged: z.boolean(),
      merged_by: p.account.nullish(),
      merge_commit_sha: p.commit.nullish(),
    }),
  }),
  (payload) => {
    const { number, head, merged, merged_by, merge_commit_sha } = payload.pull_request;
    // A newer version of the API leaves the commit out. The look reads it, so nothing is lost without the signal.
    if (!merged || !merge_commit_sha) return p.lookAtPullRequest(payload, number);
    return p.lookAtPullRequest(payload, number, {
      kind: 'merged',
      by: merged_by ?? payload.sender,
      head: head.sha,
      commit: merge_commit_sha,
    });
  },
);

export const pullRequests: Readonly<Record<string, Reading>> = {
  opened,
  synchronize: pushed,
  reopened: changed,
  edited,
  ready_for_review: changed,
  converted_to_draft: changed,
  closed,
};

const review = reading(
  z.object({
    ...p.about,
    pull_request: z.object({ number: p.id }),
    review: z.object({ state: p.name, body: p.body }),
    changes: p.changedBody,
  }),
  (payload, self) => {
    const { state, body } = payload.review;
    if (p.isOurs(payload.sender, self)) return undefined;
    // A review that only comments decides nothing, unless it has a command; its comments come as events of their own.
    return state.toLowerCase() === 'commented' && !p.mayCommand(body, payload.changes)
      ? undefined
      : p.lookAtPullRequest(payload, payload.pull_request.number);
  },
);

export const reviews: Readonly<Record<string, Reading>> = {
  submitted: review,
  edited: review,
  dismissed: review,
};
