import { createTokenGitHub } from '../github/with-token.ts';
import { UserError } from '../review/errors.ts';
import { RateLimited, Rejected, Unavailable } from '../review/hosting.ts';
import { examine } from './examine.ts';
import { gather, type Question } from './gather.ts';
import type { Diagnosis } from './render.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads how the gate of a repository is set up on GitHub, now, and judges it. Writes nothing anywhere. */
export async function diagnose(question: Question, env: Environment): Promise<Diagnosis> {
  const github = createTokenGitHub({
    token: tokenIn(env),
    baseUrl: apiIn(env),
    graphqlUrl: present(env['GITHUB_GRAPHQL_URL']) ?? undefined,
    now: () => new Date(question.now),
    log: QUIET,
  });
  try {
    const setting = await gather(github, question);
    return {
      repository: setting.repository.name,
      branch: setting.branch,
      at: question.now,
      findings: examine(setting),
    };
  } catch (error) {
    throw explained(error);
  }
}

const QUIET = { info: () => undefined, warn: () => undefined, error: () => undefined };

const present = (value: string | undefined): string | undefined =>
  value === undefined || value.trim() === '' ? undefined : value.trim();

/** From the environment only: arguments are seen by everybody on the machine, and kept in histories. */
function tokenIn(env: Environment): string {
  const token = present(env['GITHUB_TOKEN']) ?? present(env['GH_TOKEN']);
  if (token === undefined)
    throw new UserError(
      'There is no token to ask GitHub with.',
      'Set GITHUB_TOKEN or GH_TOKEN, for instance `GH_TOKEN=$(gh auth token)`. Reading is enough: metadata, contents, pull requests and checks.',
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

/** What went wrong on the way, for whoever can mend it. None of these messages holds a body or a header. */
function explained(cause: unknown): unknown {
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
