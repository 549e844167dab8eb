import { z } from 'zod';
import { actor, gitActor } from './accounts.ts';
import { bigId, connection, id, instant, repositoryRef, sha } from './shapes.ts';
import { textShape } from './texts.ts';

const association = z.enum([
  'COLLABORATOR',
  'CONTRIBUTOR',
  'FIRST_TIMER',
  'FIRST_TIME_CONTRIBUTOR',
  'MANNEQUIN',
  'MEMBER',
  'NONE',
  'OWNER',
]);

const written = {
  id: z.string(),
  fullDatabaseId: bigId,
  body: z.string(),
  createdAt: instant,
  lastEditedAt: instant.nullable(),
  authorAssociation: association,
  author: actor,
};

const listed = <T extends z.ZodType>(node: T) =>
  z.object({ totalCount: z.number().int(), nodes: z.array(node) });

const commitNode = z.object({
  commit: z.object({
    oid: sha,
    message: z.string(),
    parents: listed(z.object({ oid: sha })),
    authors: listed(gitActor),
    committer: gitActor,
  }),
});

const reviewNode = z.object({
  ...written,
  state: z.enum(['APPROVED', 'CHANGES_REQUESTED', 'COMMENTED', 'DISMISSED', 'PENDING']),
  submittedAt: instant.nullable(),
  commit: z.object({ oid: sha }).nullable(),
});

export const commentNode = z.object(written);

const threadComment = z.object({
  ...written,
  replyTo: z.object({ fullDatabaseId: bigId }).nullable(),
});

const threadNode = z.object({ comments: listed(threadComment) });

export const lists = {
  commits: connection(commitNode),
  reviews: connection(reviewNode),
  comments: connection(commentNode),
  reviewThreads: connection(threadNode),
};

const pullRequest = z.object({
  number: id,
  state: z.enum(['OPEN', 'CLOSED', 'MERGED']),
  isDraft: z.boolean(),
  title: z.string(),
  body: z.string(),
  changedFiles: z.number().int().nonnegative(),
  headRefOid: sha,
  headRefName: z.string(),
  headRepository: repositoryRef.nullable(),
  baseRefName: z.string(),
  updatedAt: instant,
  baseRefOid: sha,
  author: actor,
  mergedAt: instant.nullable(),
  mergedBy: actor,
  mergeCommit: z
    .object({
      oid: sha,
      tree: z.object({ oid: sha }),
      parents: z.object({
        totalCount: z.number().int().nonnegative(),
        nodes: z.array(z.object({ oid: sha })),
      }),
    })
    .nullable(),
  baseEvents: z.object({ nodes: z.array(z.object({ createdAt: instant })) }),
  ...lists,
});

export const policyHolder = z.object({ policy: textShape.nullable() });

const members = z.object({
  totalCount: z.number().int(),
  nodes: z.array(z.object({ login: z.string(), databaseId: id })),
});

export const teamAnswer = z.object({ team: z.object({ members }).nullable() }).nullable();

export const stateAnswer = z.looseObject({
  repository: z
    .object({
      ...repositoryRef.shape,
      ...policyHolder.shape,
      isPrivate: z.boolean(),
      defaultBranchRef: z.object({ name: z.string() }),
      pullRequest: pullRequest.nullable(),
    })
    .nullable(),
  organisation: policyHolder.nullable(),
  viewer: z.object({ login: z.string() }).nullish(),
});

export const olderPagesAnswer = z.object({
  repository: z.object({
    databaseId: id,
    pullRequest: z.object({ headRefOid: sha, ...z.object(lists).partial().shape }),
  }),
});

export type PullRequestAnswer = z.infer<typeof pullRequest>;
export type Lists = { [K in keyof typeof lists]: z.infer<(typeof lists)[K]> };
export type CommitNode = z.infer<typeof commitNode>;
export type ReviewNode = z.infer<typeof reviewNode>;
export type CommentNode = z.infer<typeof commentNode>;
export type ThreadNode = z.infer<typeof threadNode>;
export type ThreadComment = z.infer<typeof threadComment>;
