/** How the people of a test name things. */
import type { IssueComment, PullRequest, Repository, Review, ReviewComment } from '../state/nouns.ts';
import type { WorkflowRun } from '../state/workflows.ts';
import { ControlError, type World } from '../state/world.ts';

/** A pull request: `{ repo: 'acme/shop', number: 1 }`. */
export interface Place {
  readonly repo: string;
  readonly number: number;
}

/** Who does it: a login. */
export interface By {
  readonly by: string;
}

export const placeOf = (world: World, { repo, number }: Place): PullRequest => world.pull(repo, number);

function found<T>(thing: T | undefined, what: string): T {
  if (thing === undefined) throw new ControlError(`There is no ${what}.`);
  return thing;
}

export const reviewAt = (world: World, id: number): Review => found(world.reviews.get(id), `review ${id}`);

export const reviewCommentAt = (world: World, id: number): ReviewComment =>
  found(world.reviewComments.get(id), `review comment ${id}`);

export const issueCommentAt = (world: World, id: number): IssueComment =>
  found(world.issueComments.get(id), `comment ${id}`);

export const workflowRunAt = (world: World, id: number): WorkflowRun =>
  found(world.workflowRuns.get(id), `workflow run ${id}`);

/** `branch`, or `owner/name:branch` when it is in a fork. */
export function headNamed(
  world: World,
  base: Repository,
  head: string,
): { repository: Repository; branch: string } {
  const fork = /^([^:]+\/[^:]+):(.+)$/.exec(head);
  if (!fork) return { repository: base, branch: head };
  return { repository: world.repository(fork[1] ?? ''), branch: fork[2] ?? '' };
}
