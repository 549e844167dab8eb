import { z } from 'zod';
import * as p from './payload.ts';
import { reading, type Reading } from './reading.ts';

const comment = z.object({ id: p.id, user: p.account.nullable(), body: p.body });

const remark = reading(
  z.object({
    ...p.about,
    issue: z.object({ number: p.id, pull_request: z.object({}).nullish() }),
    comment,
    changes: p.changedBody,
  }),
  (payload, self) => {
    const { issue, comment, sender, changes } = payload;
    if (p.isOurs(sender, self) || (comment.user && p.isOurs(comment.user, self))) return undefined;
    if (!p.mayCommand(comment.body, changes)) return undefined;
    return issue.pull_request
      ? p.lookAtPullRequest(payload, issue.number)
      : p.lookAtIssue(payload, issue.number);
  },
);

/** A command can be written, altered and taken away. */
export const remarks: Readonly<Record<string, Reading>> = {
  created: remark,
  edited: remark,
  deleted: remark,
};

const lineComment = z.object({
  ...p.about,
  pull_request: z.object({ number: p.id }),
  comment: comment.extend({ in_reply_to_id: p.id.nullish() }),
  changes: p.changedBody,
});

type LineComment = z.output<typeof lineComment>;

const isAnswer = ({ comment, changes }: LineComment): boolean =>
  typeof comment.in_reply_to_id === 'number' || p.mayCommand(comment.body, changes);

const said = reading(lineComment, (payload, self) => {
  const { sender, comment, pull_request } = payload;
  if (p.isOurs(sender, self)) return undefined;
  const isOwn = comment.user !== null && p.isOurs(comment.user, self);
  return isOwn || isAnswer(payload) ? p.lookAtPullRequest(payload, pull_request.number) : undefined;
});

/** A tick is an edit of our comment by somebody else: the sender, and both texts, are told only here. */
const edited = reading(lineComment, (payload, self) => {
  const { sender, comment, pull_request, changes } = payload;
  if (p.isOurs(sender, self)) return undefined;
  if (!comment.user || !p.isOurs(comment.user, self))
    return isAnswer(payload) ? p.lookAtPullRequest(payload, pull_request.number) : undefined;
  return p.lookAtPullRequest(payload, pull_request.number, {
    kind: 'ticked',
    by: sender,
    comment: comment.id,
    before: changes ?? '',
    after: comment.body,
  });
});

export const lineComments: Readonly<Record<string, Reading>> = { created: said, edited, deleted: said };
