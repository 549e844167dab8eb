/** What people do with issues. */
import { closeIssue, labelIssue, openIssue, remarkOnIssue, reopenIssue } from '../actions/issues.ts';
import type { Issue, IssueRemark } from '../state/issues.ts';
import { ControlError, type World } from '../state/world.ts';
import type { By, Place } from './place.ts';

export function issueAt(world: World, { repo, number }: Place): Issue {
  const found = world.issuesOf(world.repository(repo)).find((issue) => issue.number === number);
  if (!found) throw new ControlError(`There is no issue ${repo}#${number}.`);
  return found;
}

interface NewIssue extends By {
  readonly repo: string;
  readonly title: string;
  readonly body?: string;
  readonly labels?: readonly string[];
  readonly assignees?: readonly string[];
}

interface ClosedBy extends Place, By {
  readonly reason?: 'completed' | 'not_planned';
  /** Number of the merged pull request that closes it. */
  readonly closer?: number;
}

export function issues(world: World) {
  return {
    openIssue: ({ repo, by, ...input }: NewIssue): Issue =>
      openIssue(world, world.repository(repo), { ...input, by: world.account(by) }),
    labelIssue: ({ by, label, ...place }: Place & By & { readonly label: string }): void => {
      labelIssue(world, issueAt(world, place), world.account(by), label);
    },
    closeIssue: ({ by, reason = 'completed', closer, ...place }: ClosedBy): void => {
      closeIssue(world, issueAt(world, place), {
        by: world.account(by),
        reason,
        closer: closer === undefined ? undefined : world.pull(place.repo, closer),
      });
    },
    reopenIssue: ({ by, ...place }: Place & By): void => {
      reopenIssue(world, issueAt(world, place), world.account(by));
    },
    commentOnIssue: ({ by, body, ...place }: Place & By & { readonly body: string }): IssueRemark =>
      remarkOnIssue(world, issueAt(world, place), world.account(by), body),
  };
}
