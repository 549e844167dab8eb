import type { Account } from '../core/model/account.ts';
import { UserError } from '../review/errors.ts';
import { NotThere, RateLimited, Refused, Rejected, Unavailable } from '../review/hosting-errors.ts';
import { createTokenGitHub, type TokenGitHub, type TokenOptions } from './with-token.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** GitHub as the token of the environment sees it. `rights`: what reading needs, in words. */
export function githubOf(env: Environment, now: string, rights: string): TokenGitHub {
  return createTokenGitHub(tokenOptions(env, () => new Date(now), rights));
}

/** Where and as whom the environment says that GitHub is to be asked. */
export function tokenOptions(env: Environment, now: () => Date, rights: string): TokenOptions {
  return {
    token: tokenIn(env, rights),
    baseUrl: apiIn(env),
    graphqlUrl: present(env['GITHUB_GRAPHQL_URL']),
    now,
    log: QUIET,
  };
}

const QUIET = { info: () => undefined, warn: () => undefined, error: () => undefined };

const present = (value: string | undefined): string | undefined =>
  value === undefined || value.trim() === '' ? undefined : value.trim();

/** From the environment only: arguments are seen by everybody on the machine, and kept in histories. */
function tokenIn(env: Environment, rights: string): string {
  const token = present(env['GITHUB_TOKEN']) ?? present(env['GH_TOKEN']);
  if (token === undefined)
    throw new UserError(
      'There is no token to ask GitHub with.',
      `Set GITHUB_TOKEN or GH_TOKEN, for instance \`GH_TOKEN=$(gh auth token)\`. Reading is enough: ${rights}.`,
    );
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new UserError(
      'The token in the environment cannot be one: it has blanks or other characters that tokens never have.',
      'Set GITHUB_TOKEN or GH_TOKEN to the token alone, without quotes and line ends.',
    );
  return token;
}

/** The token travels there: in clear text only to this very machine. */
function apiIn(env: Environment): string | undefined {
  const address = present(env['GITHUB_API_URL']);
  if (address === undefined) return undefined;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const here = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url?.hostname ?? '');
  const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && here);
  if (url && safe && url.username === '' && url.search === '') return address.replace(/\/+$/, '');
  throw new UserError(
    'GITHUB_API_URL is not an https address.',
    'Write it as https://github.example.com/api/v3, or leave it out for github.com.',
  );
}

/** Whose token it is, as GitHub says: nobody is put on record by a name that was only typed. */
export const personOf = (github: TokenGitHub): Promise<Account> =>
  needed(github.self(), 'the account of the token', 'to be the token of a person');

/** What went wrong on the way, for whoever can mend it. None of these messages holds a body or a header. */
export function explained(cause: unknown): unknown {
  if (cause instanceof RateLimited)
    return new UserError(`GitHub’s limit is reached: ${cause.message}.`, `Ask again after ${cause.until}.`, {
      cause,
    });
  if (cause instanceof Unavailable || cause instanceof Rejected)
    return new UserError(
      `GitHub did not give an answer that can be used: ${cause.message}.`,
      'Check the network, a proxy, and GITHUB_API_URL if it is set; then try again.',
      { cause },
    );
  return cause;
}

/** For what nothing can be said without: throws `UserError` with the right that is needed, where it is not there or refused. */
export async function needed<T>(answer: Promise<T>, what: string, right: string): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof NotThere) throw notThere(what, right, error);
    if (error instanceof Refused)
      throw new UserError(
        `GitHub refused to show ${what}: ${error.message}.`,
        `See that the token is valid and has \`${right}\` for this repository.`,
        { cause: error },
      );
    throw error;
  }
}

export function notThere(what: string, right: string, cause?: Error): UserError {
  return new UserError(
    `GitHub knows nothing of ${what}, or this token may not see it.`,
    `Check the name. GitHub answers the same where a right is missing: the token needs \`${right}\`.`,
    { cause },
  );
}
