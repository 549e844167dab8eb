import { z } from 'zod';
import { NotThere, Refused, Rejected } from '../review/hosting-errors.ts';
import type { Access, Client } from './client.ts';
import { octokitFor, type Connection, type Octokit } from './octokit.ts';
import { instant } from './shapes.ts';

interface Grant {
  readonly octokit: Octokit;
  /** By our clock, in milliseconds. */
  readonly until: number;
}

/** Tokens are left alone this long before their end: a request takes its time, and clocks differ. */
const MARGIN_MS = 120_000;

/** Tokens held at once; an installation whose token was dropped asks for another. */
const MOST_GRANTS = 500;

const token = z.object({ token: z.string().min(1), expires_at: instant });

/** Installation tokens, one per installation at a time, shared by everybody who works for it. */
export function createTokens(
  app: Client,
  connection: Connection,
  now: () => Date,
): (installation: number) => Access {
  const grants = new Map<number, Promise<Grant>>();
  const forget = (installation: number, grant: Promise<Grant> | undefined) => {
    if (grants.get(installation) === grant) grants.delete(installation);
  };

  async function ask(installation: number): Promise<Grant> {
    const { value, headers } = await app
      .rest(token, 'POST /app/installations/{installation_id}/access_tokens', {
        installation_id: installation,
      })
      .catch(refuse);
    const theirs = Date.parse(String(headers['date']));
    const life = Date.parse(value.expires_at) - (Number.isNaN(theirs) ? now().getTime() : theirs);
    return {
      octokit: octokitFor({ token: value.token }, connection),
      until: now().getTime() + life - MARGIN_MS,
    };
  }

  async function current(installation: number): Promise<Grant> {
    const known = grants.get(installation);
    const grant = await known;
    if (grant && grant.until > now().getTime()) return grant;
    forget(installation, known);
    // Somebody who waited for the same token may have asked for the next one already.
    const asked = grants.get(installation) ?? ask(installation);
    grants.set(installation, asked);
    for (const oldest of grants.keys()) if (grants.size > MOST_GRANTS) grants.delete(oldest);
    asked.catch(() => forget(installation, asked));
    return asked;
  }

  return (installation) => ({
    installation,
    octokit: async () => (await current(installation)).octokit,
    async renounce(octokit) {
      const known = grants.get(installation);
      if ((await known)?.octokit === octokit) forget(installation, known);
      return true;
    },
  });
}

/** No token for an installation: it is gone, suspended, or holds less than we ask for. Nothing to wait for. */
function refuse(error: unknown): never {
  throw error instanceof NotThere || error instanceof Rejected ? new Refused(error.message) : error;
}
