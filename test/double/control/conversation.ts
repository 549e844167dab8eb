/** What people say, and the buttons they press. */
import { clickButton, rerequestRun, rerequestSuite } from '../actions/checks.ts';
import { addComment, deleteComment, editComment, mayEdit } from '../actions/comments.ts';
import {
  deleteReviewComment,
  dismissReview,
  editReview,
  editReviewComment,
  replyTo,
  submitReview,
  type CommentInput,
  type ReviewEvent,
} from '../actions/reviews.ts';
import type { CheckRun, CheckSuite } from '../state/checks.ts';
import type { IssueComment, Review, ReviewComment } from '../state/nouns.ts';
import { mayWrite } from '../state/people.ts';
import { Refusal } from '../state/refusal.ts';
import { ControlError, type World } from '../state/world.ts';
import { issueCommentAt, placeOf, reviewAt, reviewCommentAt, type By, type Place } from './place.ts';

export interface ReviewInput extends Place, By {
  readonly state: 'approve' | 'request_changes' | 'comment';
  readonly body?: string;
  readonly comments?: readonly CommentInput[];
  /** The commit that was looked at; the head unless said. */
  readonly commit?: string;
}

const EVENTS: Readonly<Record<ReviewInput['state'], ReviewEvent>> = {
  approve: 'APPROVE',
  request_changes: 'REQUEST_CHANGES',
  comment: 'COMMENT',
};

function review(world: World, input: ReviewInput): Review {
  const pull = placeOf(world, input);
  return submitReview(world, pull, {
    by: world.account(input.by),
    body: input.body ?? (input.state === 'approve' ? '' : 'See here.'),
    event: EVENTS[input.state],
    commit: input.commit ?? pull.headSha,
    comments: input.comments ?? [],
  });
}

function runAt(world: World, id: number): CheckRun {
  const run = world.checkRuns.get(id);
  if (!run) throw new ControlError(`There is no check run ${id}.`);
  return run;
}

function suiteAt(world: World, id: number): CheckSuite {
  const suite = world.suites.get(id);
  if (!suite) throw new ControlError(`There is no check suite ${id}.`);
  return suite;
}

type Target = By & { readonly id: number };

export function conversation(world: World) {
  const person = ({ by }: By) => world.account(by);
  return {
    comment: (input: Place & By & { body: string }): IssueComment =>
      addComment(world, placeOf(world, input), person(input), input.body),
    editComment: (input: Target & { body: string }): void => {
      const comment = issueCommentAt(world, input.id);
      mayEdit(world, comment.pull.repository, comment.author, person(input));
      editComment(world, comment, person(input), input.body);
    },
    deleteComment: (input: Target): void => {
      const comment = issueCommentAt(world, input.id);
      mayEdit(world, comment.pull.repository, comment.author, person(input));
      deleteComment(world, comment, person(input));
    },
    review: (input: ReviewInput): Review => review(world, input),
    editReview: (input: Target & { body: string }): void => {
      const found = reviewAt(world, input.id);
      mayEdit(world, found.pull.repository, found.author, person(input));
      editReview(world, found, person(input), input.body);
    },
    dismissReview: (input: Target): void => {
      dismissReview(world, reviewAt(world, input.id), person(input));
    },
    replyToReviewComment: (input: Target & { body: string }): ReviewComment =>
      replyTo(world, reviewCommentAt(world, input.id), person(input), input.body),
    /** Also how a box is ticked: GitHub edits the comment's body. */
    editReviewComment: (input: Target & { body: string }): void => {
      const comment = reviewCommentAt(world, input.id);
      mayEdit(world, comment.pull.repository, comment.author, person(input));
      editReviewComment(world, comment, person(input), input.body);
    },
    deleteReviewComment: (input: Target): void => {
      const comment = reviewCommentAt(world, input.id);
      mayEdit(world, comment.pull.repository, comment.author, person(input));
      deleteReviewComment(world, comment, person(input));
    },
    clickButton: (input: By & { checkRunId: number; identifier: string }): void => {
      clickButton(world, runAt(world, input.checkRunId), person(input), input.identifier);
    },
    rerequestCheckRun: (input: By & { checkRunId: number }): void => {
      const run = runAt(world, input.checkRunId);
      if (!mayWrite(world, run.suite.repository, person(input)))
        throw new Refusal(403, 'Must have write access to the repository.');
      rerequestRun(world, run, person(input));
    },
    rerequestCheckSuite: (input: By & { suiteId: number }): void => {
      const suite = suiteAt(world, input.suiteId);
      if (!mayWrite(world, suite.repository, person(input)))
        throw new Refusal(403, 'Must have write access to the repository.');
      rerequestSuite(world, suite, person(input));
    },
  };
}
