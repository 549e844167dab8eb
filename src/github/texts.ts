import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Content } from '../core/model/change.ts';
import { contentOf } from '../review/content.ts';
import { sha } from './shapes.ts';

/** A file as GraphQL delivers it; on anything but a file only the type is there. */
export const TEXT = `
fragment Text on GitObject { __typename ... on Blob { oid byteSize isBinary isTruncated text } }`;

export const textShape = z.discriminatedUnion('__typename', [
  z.object({
    __typename: z.literal('Blob'),
    oid: sha,
    byteSize: z.number().int().nonnegative(),
    isBinary: z.boolean().nullable(),
    isTruncated: z.boolean(),
    text: z.string().nullable(),
  }),
  z.object({ __typename: z.enum(['Tree', 'Commit', 'Tag']) }),
]);

export type BlobText = Extract<z.infer<typeof textShape>, { __typename: 'Blob' }>;

/**
 * GraphQL cuts long texts, leaves binary ones out, and must have decoded the bytes somehow: what it delivers counts only
 * when it hashes to the id of the content. Undefined: not proven, to be read byte by byte.
 */
export function provenContent(blob: BlobText, id: string): Content | undefined {
  if (blob.text === null || blob.isTruncated) return undefined;
  const bytes = Buffer.from(blob.text, 'utf8');
  if (isContent(bytes, id)) return contentOf(bytes);
  // A byte order mark may have been taken for no part of the text.
  const marked = Buffer.concat([MARK, bytes]);
  return isContent(marked, id) ? contentOf(marked) : undefined;
}

const MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** Whether these bytes are the content with this id: git names content by its hash. */
export function isContent(bytes: Uint8Array, id: string): boolean {
  const hash = createHash(id.length === 64 ? 'sha256' : 'sha1');
  return hash.update(`blob ${bytes.length}\0`).update(bytes).digest('hex') === id;
}
