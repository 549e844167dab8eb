import { z } from 'zod';
import { NotThere } from '../review/hosting-errors.ts';
import type { Client } from './client.ts';
import { isContent } from './texts.ts';

const blob = z.object({ content: z.string(), encoding: z.enum(['base64', 'utf-8']) });

/** The bytes of one blob, proven; undefined where they are not there or not what their id says. */
export async function rawContent(
  client: Client,
  repository: string,
  id: string,
): Promise<Buffer | undefined> {
  const [owner, repo] = repository.split('/');
  try {
    const { value } = await client.rest(blob, 'GET /repos/{owner}/{repo}/git/blobs/{file_sha}', {
      owner,
      repo,
      file_sha: id,
    });
    const bytes = Buffer.from(value.content, value.encoding === 'base64' ? 'base64' : 'utf8');
    return isContent(bytes, id) ? bytes : undefined;
  } catch (error) {
    if (error instanceof NotThere) return undefined;
    throw error;
  }
}
