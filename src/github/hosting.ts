import type { Hosting } from '../review/hosting.ts';
import type { SentAnnotations } from './annotations.ts';
import { branchCommits, isOnBranch } from './branch.ts';
import { createCheck, findChecks, updateCheck, type CheckIdentity } from './checks.ts';
import type { Client } from './client.ts';
import { createIssue, ownIssues, readIssue } from './issues.ts';
import type { Memory } from './memory.ts';
import { askMergeBase, provenMergeBase } from './merge-base.ts';
import { branchPushers, isMember, permissionOf, pusherOf } from './people.ts';
import { repositoryAt } from './repository.ts';
import { branchRules } from './rules.ts';
import { editReviewComment, postReview, react } from './reviews.ts';
import { readTickets } from './tickets.ts';
import { readPullRequest, type WhoAmI } from './state.ts';
import { listRepositories, protectedBranches, readRepository } from './sweep.ts';

/** What all clients of one process share. */
export interface Shared {
  readonly check: CheckIdentity;
  readonly memory: Memory;
  readonly sent: SentAnnotations;
  readonly self: WhoAmI;
}

/** The port over a client, whoever it signs in as. */
export function hostingOf(client: Client, { check, memory, sent, self }: Shared): Hosting {
  return {
    pullRequest: (repository, number, teams) => readPullRequest(client, { repository, number, teams }, self),
    repository: (ref) => repositoryAt(client, ref, memory),
    mergeBase: async (state) =>
      provenMergeBase(state) ??
      askMergeBase(client, state.repository, state.base, state.head, memory.mergeBases),
    findChecks: (repository, head, name = check.name) =>
      findChecks(client, repository, head, { ...check, name }),
    createCheck: (repository, draft) => createCheck(client, repository, draft, check.name, sent),
    updateCheck: (repository, id, draft) => updateCheck(client, repository, id, draft, sent),
    postReview: (repository, number, head, draft) => postReview(client, repository, number, head, draft),
    editReviewComment: (repository, id, body) => editReviewComment(client, repository, id, body),
    react: (repository, remark, content) => react(client, repository, remark, content),
    permission: (repository, login) => permissionOf(client, repository, login),
    isMember: (team, account) => isMember(client, team, account),
    pusherOf: (state) => pusherOf(client, state),
    branchPushers: (state) => branchPushers(client, state),
    repositories: () => listRepositories(client),
    repositoryState: (ref) => readRepository(client, ref),
    branchRules: (ref, branch) => branchRules(client, ref, branch),
    protectedBranches: (ref) => protectedBranches(client, ref),
    branchCommits: (ref, branch, after, most) => branchCommits(client, ref, branch, after, most),
    issue: (repository, number) => readIssue(client, repository, number, self),
    ownIssues: (repository, label) => ownIssues(client, repository, label, self),
    createIssue: (repository, draft) => createIssue(client, repository, draft),
    tickets: (names) => readTickets(client, names),
    isOnBranch: (ref, ancestor, branch) => isOnBranch(client, ref, ancestor, branch),
  };
}
