import type { z } from 'zod';
import type { Content } from '../core/model/change.ts';
import { POLICY_PATH } from '../core/selection.ts';
import { contentOf, missing, tooLarge } from '../review/content.ts';
import type { PolicyFile } from '../review/hosting.ts';
import type { Client } from './client.ts';
import type { GraphqlError } from './errors.ts';
import { rawContent } from './raw-content.ts';
import { provenContent, type textShape } from './texts.ts';

/** `HEAD` is the default branch: a pull request cannot bring its own rules. Written into a query as a literal. */
export const POLICY_AT_HEAD = `policy: object(expression: "HEAD:${POLICY_PATH}") { ...Text }`;

/** The organisation's defaults. A renamed repository is not followed: it may belong to somebody else by now. */
export const ORGANISATION_POLICY = `
  organisation: repository(owner: $owner, name: ".github", followRenames: false) { ${POLICY_AT_HEAD} }`;

/** Longest policy that is read, as in a checkout. */
const POLICY_BYTES = 256 * 1024;

/** Of an answer that holds a policy: errors that concern nothing but the policy. */
export function concernsPolicy({ path }: GraphqlError): boolean {
  return path?.[0] === 'organisation' || (path?.[0] === 'repository' && path[1] === 'policy');
}

/**
 * What was found → the file. Only "not found" is absence: any other error leaves open which rules are meant.
 * `above` is `repository` or `organisation`, the place in the answer.
 */
export async function policyFile(
  client: Client,
  repository: string,
  above: 'repository' | 'organisation',
  found: z.infer<typeof textShape> | null,
  errors: readonly GraphqlError[],
): Promise<PolicyFile> {
  const error = errors.find((e) => concernsPolicy(e) && e.path?.[0] === above && e.type !== 'NOT_FOUND');
  if (error) return { kind: 'unreadable', why: `GitHub answered ${error.type ?? 'with an error'}` };
  if (found === null) return { kind: 'absent' };
  if (found.__typename !== 'Blob') return { kind: 'unreadable', why: 'it is not a file' };
  const content: Content =
    found.byteSize > POLICY_BYTES
      ? tooLarge(found.byteSize, POLICY_BYTES)
      : (provenContent(found, found.oid) ?? (await readRaw(client, repository, found.oid)));
  if (content.kind === 'text') return { kind: 'text', text: content.text, id: found.oid };
  return {
    kind: 'unreadable',
    why: content.kind === 'unreadable' ? content.detail : 'its content was not delivered',
  };
}

async function readRaw(client: Client, repository: string, id: string): Promise<Content> {
  const bytes = await rawContent(client, repository, id);
  return bytes ? contentOf(bytes) : missing(id);
}
