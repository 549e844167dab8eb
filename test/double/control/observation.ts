/** What a test looks at: the truth, not what a request with a lag would see. */
import { latestRuns } from '../actions/rules.ts';
import type { CheckRun } from '../state/checks.ts';
import type { IssueComment, PullRequest, Review, ReviewComment } from '../state/nouns.ts';
import type { Issue } from '../state/issues.ts';
import type { WorkflowRun } from '../state/workflows.ts';
import type { World } from '../state/world.ts';
import { placeOf, type Place } from './place.ts';

const there = (thing: { readonly deletedAt: number | undefined }) => thing.deletedAt === undefined;

export function observation(world: World) {
  return {
    pull: (place: Place): PullRequest => placeOf(world, place),
    issues: (repo: string): Issue[] => world.issuesOf(world.repository(repo)).filter(there),
    pulls: (repo: string): PullRequest[] => world.pullsOf(world.repository(repo)),
    /** The newest run of each name on a commit, or on a pull request's head. */
    checkRuns: (repo: string, sha: string): CheckRun[] =>
      latestRuns(world.checkRunsOf(world.repository(repo), sha)),
    /** Every run there ever was on a commit: what a search for duplicates needs. */
    allCheckRuns: (repo: string, sha: string): CheckRun[] => world.checkRunsOf(world.repository(repo), sha),
    comments: (place: Place): IssueComment[] => world.issueCommentsOf(placeOf(world, place)).filter(there),
    reviews: (place: Place): Review[] => world.reviewsOf(placeOf(world, place)),
    reviewComments: (place: Place): ReviewComment[] =>
      world.reviewCommentsOf(placeOf(world, place)).filter(there),
    /** Newest first, of all workflows; `reruns` says how often each was run again, and by whom. */
    workflowRuns: (repo: string): WorkflowRun[] => world.workflowRunsOf(world.repository(repo)),
    reactions: (subject: number): string[] =>
      world.reactions.filter((each) => each.subject === subject).map((each) => each.content),
  };
}
