import { createHash } from 'node:crypto';
import { sha, SHOP } from './github-under-test.ts';

/** Answers as GitHub would give them, written by hand; each field can be said otherwise. */
export type Json = Readonly<Record<string, unknown>>;

export const user = (databaseId: number, login: string): Json => ({
  __typename: 'User',
  login,
  id: `U_${databaseId}`,
  databaseId,
});
export const bot = (databaseId: number, login: string): Json => ({
  __typename: 'Bot',
  login,
  id: `BOT_${databaseId}`,
  databaseId,
});

export const ADA = user(1, 'ada');
export const BEN = user(2, 'ben');
export const OURSELVES = bot(900, 'threatgate');

/** What GraphQL says of somebody behind an e-mail address. */
export const git = (name: string, email: string, account?: Json): Json => ({
  name,
  email,
  user: account ? { login: account['login'], databaseId: account['databaseId'] } : null,
});

export const page = (nodes: readonly Json[], over: Json = {}): Json => ({
  totalCount: nodes.length,
  pageInfo: { hasPreviousPage: false, startCursor: nodes.length > 0 ? 'start' : null },
  nodes,
  ...over,
});

export const some = (nodes: readonly Json[], totalCount = nodes.length): Json => ({ totalCount, nodes });

export const commit = (oid: string, parents: readonly string[], over: Json = {}): Json => ({
  commit: {
    oid,
    message: 'Change',
    parents: some(parents.map((parent) => ({ oid: parent }))),
    authors: some([git('Ada', 'ada@example.org', ADA)]),
    committer: git('Ada', 'ada@example.org', ADA),
    ...over,
  },
});

export const comment = (id: number, author: Json | null, body: string, over: Json = {}): Json => ({
  id: `IC_${id}`,
  fullDatabaseId: String(id),
  body,
  createdAt: '2026-11-01T10:00:00Z',
  lastEditedAt: null,
  authorAssociation: 'NONE',
  author,
  ...over,
});

export const review = (id: number, author: Json | null, state: string, over: Json = {}): Json => ({
  ...comment(id, author, ''),
  id: `PRR_${id}`,
  state,
  submittedAt: '2026-11-01T11:00:00Z',
  commit: { oid: sha('c') },
  ...over,
});

export const reply = (id: number, author: Json | null, body: string, to?: number, over: Json = {}): Json => ({
  ...comment(id, author, body),
  id: `PRRC_${id}`,
  replyTo: to === undefined ? null : { fullDatabaseId: String(to) },
  ...over,
});

export const thread = (replies: readonly Json[], total = replies.length): Json => ({
  comments: some(replies, total),
});

export const blob = (text: string, over: Json = {}): Json => ({
  __typename: 'Blob',
  oid: blobId(text),
  byteSize: Buffer.byteLength(text),
  isBinary: false,
  isTruncated: false,
  text,
  ...over,
});

export function blobId(content: string | Uint8Array): string {
  const bytes = Buffer.from(content);
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

export const pullRequest = (over: Json = {}): Json => ({
  number: 12,
  state: 'OPEN',
  isDraft: false,
  title: 'Add a queue',
  body: 'Because.',
  updatedAt: '2026-11-01T12:00:00Z',
  changedFiles: 3,
  headRefOid: sha('c'),
  headRefName: 'queue',
  headRepository: { databaseId: SHOP.id, nameWithOwner: SHOP.name },
  baseRefName: 'main',
  baseRefOid: sha('b'),
  author: ADA,
  mergedAt: null,
  mergedBy: null,
  mergeCommit: null,
  baseEvents: { nodes: [] },
  commits: page([commit(sha('c'), [sha('a')])]),
  reviews: page([]),
  comments: page([]),
  reviewThreads: page([]),
  ...over,
});

export const repository = (over: Json = {}): Json => ({
  databaseId: SHOP.id,
  nameWithOwner: SHOP.name,
  isPrivate: true,
  defaultBranchRef: { name: 'main' },
  policy: null,
  pullRequest: pullRequest(),
  ...over,
});

export const NO_ORGANISATION = { type: 'NOT_FOUND', path: ['organisation'], message: 'Could not resolve' };

export const state = (over: Json = {}, errors: readonly Json[] = [NO_ORGANISATION]): Json => ({
  data: { repository: repository(), organisation: null, ...over },
  ...(errors.length > 0 ? { errors } : {}),
});
