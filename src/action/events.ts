import { z } from 'zod';
import { parseCommand } from '../core/commands/parse-command.ts';
import { UserError } from '../review/errors.ts';
import type { Group } from '../review/merge-group/groups.ts';
import type { RepositoryRef } from '../review/work.ts';
import type { Inputs } from './inputs.ts';
import type { Surroundings } from './surroundings.ts';

/** What a run is to do. */
export type Task =
  | { readonly kind: 'pull-request'; readonly number: number; readonly isRemark: boolean }
  | { readonly kind: 'merge-group'; readonly group: Group }
  | {
      readonly kind: 'push';
      readonly branch: string;
      readonly before: string | undefined;
      readonly after: string;
    }
  | { readonly kind: 'nothing'; readonly why: string };

const id = z.number().int().positive();
const sha = z.string().regex(/^[0-9a-f]{40}$/);
const about = z.object({
  repository: z.object({
    id,
    full_name: z.string(),
    default_branch: z.string(),
    private: z.boolean().optional(),
  }),
});
type About = z.infer<typeof about>;

type Read = (payload: unknown, of: About) => Task;

const nothing = (why: string): Task => ({ kind: 'nothing', why });

const pullRequest = z.object({ action: z.string(), pull_request: z.object({ number: id }) });

const onPullRequest: Read = (payload) => {
  const { action, pull_request: of } = pullRequest.parse(payload);
  return action === 'closed'
    ? nothing('the pull request is closed')
    : { kind: 'pull-request', number: of.number, isRemark: false };
};

const onComment: Read = (payload) => {
  const { issue, comment } = z
    .object({
      issue: z.object({ number: id, pull_request: z.unknown().optional() }),
      comment: z.object({ body: z.string().nullable() }),
    })
    .parse(payload);
  if (issue.pull_request === undefined) return nothing('the comment is on an issue, not on a pull request');
  if (!parseCommand(comment.body ?? '')) return nothing('the comment has no /threatgate command');
  return { kind: 'pull-request', number: issue.number, isRemark: true };
};

const onMergeGroup: Read = (payload, { repository }) => {
  const { action, merge_group: group } = z
    .object({
      action: z.string(),
      merge_group: z.object({ head_sha: sha, head_ref: z.string(), base_sha: sha, base_ref: z.string() }),
    })
    .parse(payload);
  if (action !== 'checks_requested') return nothing('the merge group is gone');
  return {
    kind: 'merge-group',
    group: {
      kind: 'merge-group',
      repository: refOf(repository),
      headRef: group.head_ref,
      headSha: group.head_sha,
      baseRef: group.base_ref,
      baseSha: group.base_sha,
    },
  };
};

const onPush: Read = (payload, { repository }) => {
  const push = z
    .object({ ref: z.string(), before: sha, after: sha, deleted: z.boolean().optional() })
    .parse(payload);
  if (push.ref !== `refs/heads/${repository.default_branch}`)
    return nothing(`the push is not to the default branch ${repository.default_branch}`);
  if (push.deleted === true) return nothing('the branch was deleted');
  return {
    kind: 'push',
    branch: repository.default_branch,
    before: /^0+$/.test(push.before) ? undefined : push.before,
    after: push.after,
  };
};

/**
 * In a public repository anybody can start such a run, with a token that may write. Nothing of a pull request is executed here,
 * but the next step of the workflow may.
 */
const onTarget: Read = (payload, of) => {
  if (of.repository.private === true) return onPullRequest(payload, of);
  throw new UserError(
    'The event pull_request_target is not supported in public repositories: it gives a change from outside a token that may write.',
    'Use `pull_request`; for a change from a fork it comes to the same verdict with a token that only reads.',
  );
};

const EVENTS: Readonly<Record<string, Read>> = {
  pull_request: onPullRequest,
  pull_request_target: onTarget,
  pull_request_review: onPullRequest,
  pull_request_review_comment: onPullRequest,
  issue_comment: onComment,
  merge_group: onMergeGroup,
  push: onPush,
};

export interface Occasion {
  readonly repository: RepositoryRef;
  readonly task: Task;
}

/** Throws `UserError` for an event that cannot be used. */
export function occasionOf({ event, payload }: Surroundings, { pullRequest: asked }: Inputs): Occasion {
  try {
    const read: Read =
      asked === undefined
        ? (EVENTS[event] ?? unsupported(event))
        : () => ({ kind: 'pull-request', number: asked, isRemark: false });
    const of = about.parse(payload);
    const task = read(payload, of);
    return { repository: refOf(of.repository), task };
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const [issue] = error.issues;
    throw new UserError(
      `The payload of the event ${event} is not as GitHub describes it: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}.`,
      'Run it from a workflow that GitHub started.',
    );
  }
}

function unsupported(event: string): never {
  throw new UserError(
    event === 'workflow_dispatch'
      ? 'The event workflow_dispatch names no pull request.'
      : `The event ${event} is not supported.`,
    event === 'workflow_dispatch'
      ? 'Give the workflow an input for its number, and hand it over: `pull-request: ${{ inputs.pull-request }}`.'
      : `Use one of ${Object.keys(EVENTS).join(', ')}, or give the number of a pull request as \`pull-request\`.`,
  );
}

const refOf = ({ id: number, full_name: name }: About['repository']): RepositoryRef => ({ id: number, name });
