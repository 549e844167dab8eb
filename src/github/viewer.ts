import { z } from 'zod';
import type { Account } from '../core/model/account.ts';
import { NotThere, Refused } from '../review/hosting-errors.ts';
import type { Client, Query } from './client.ts';
import { id } from './shapes.ts';

export const VIEWER: Query = { name: 'Viewer', text: 'query Viewer { viewer { login databaseId } }' };

const answer = z.object({ viewer: z.object({ login: z.string(), databaseId: id.nullable() }).nullable() });

/** Whose token it is; undefined where GitHub tells nobody, as of some tokens of machines. */
export async function viewerOf(client: Client): Promise<Account | undefined> {
  try {
    const { viewer } = (await client.graphql(answer, VIEWER, {}, () => true)).value;
    if (typeof viewer?.databaseId !== 'number') return undefined;
    const { databaseId, login } = viewer;
    return { id: String(databaseId), login, kind: login.endsWith('[bot]') ? 'bot' : 'user' };
  } catch (error) {
    if (error instanceof NotThere || error instanceof Refused) return undefined;
    throw error;
  }
}
