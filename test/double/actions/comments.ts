import type { Account, IssueComment, PullRequest, Reaction, Repository } from '../state/nouns.ts';
import { mayWrite } from '../state/people.ts';
import { invalid, Refusal } from '../state/refusal.ts';
import { change } from '../state/time.ts';
import type { World } from '../state/world.ts';
import { from, issueCommentEvent } from '../webhooks/events.ts';
import { checkBody } from './reviews.ts';

export function addComment(world: World, pull: PullRequest, by: Account, body: string): IssueComment {
  checkBody(world, body);
  if (body === '') throw invalid([{ resource: 'IssueComment', field: 'body', code: 'missing_field' }]);
  const comment: IssueComment = {
    id: world.nextId(),
    pull,
    author: by,
    body,
    lastEditedAt: undefined,
    editor: undefined,
    createdAt: world.now,
    updatedAt: world.now,
    deletedAt: undefined,
    history: [],
  };
  world.issueComments.set(comment.id, comment);
  touch(world, pull);
  issueCommentEvent(world, comment, 'created', by);
  return comment;
}

export function editComment(world: World, comment: IssueComment, by: Account, body: string): void {
  checkBody(world, body);
  const changes = { body: from(comment.body) };
  change(comment, world.now, { body, lastEditedAt: world.now, editor: by });
  touch(world, comment.pull);
  issueCommentEvent(world, comment, 'edited', by, { changes });
}

export function deleteComment(world: World, comment: IssueComment, by: Account): void {
  change(comment, world.now, { deletedAt: world.now });
  touch(world, comment.pull);
  issueCommentEvent(world, comment, 'deleted', by);
}

/** Whatever is said on a pull request counts as a change of it: lists of what changed lately have it. */
export function touch(world: World, pull: PullRequest): void {
  change(pull, world.now, {});
}

/** Their own comment, or with write access anybody's: not with triage. */
export function mayEdit(world: World, repository: Repository, author: Account, by: Account): void {
  if (author.id === by.id || mayWrite(world, repository, by)) return;
  throw new Refusal(403, 'Must have write access to edit what others wrote.');
}

const CONTENTS = ['+1', '-1', 'laugh', 'confused', 'heart', 'hooray', 'rocket', 'eyes'];

/** The same reaction of the same person is there once: the second answer is the first reaction. */
export function react(
  world: World,
  subject: number,
  user: Account,
  content: string,
): { reaction: Reaction; fresh: boolean } {
  if (!CONTENTS.includes(content)) throw invalid(['content is not a reaction']);
  const known = world.reactions.find(
    (each) => each.subject === subject && each.user.id === user.id && each.content === content,
  );
  if (known) return { reaction: known, fresh: false };
  const reaction: Reaction = { id: world.nextId(), subject, content, user, at: world.now };
  world.reactions.push(reaction);
  return { reaction, fresh: true };
}
