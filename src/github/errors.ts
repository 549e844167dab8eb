import { NotThere, RateLimited, Refused, Rejected, Unavailable } from '../review/hosting-errors.ts';

/** Headers as Octokit hands them over: lower case. */
export type Headers = Readonly<Record<string, string | number | undefined>>;

/** An answer that says no. `label` is the route or the name of the query; bodies never leave this file. */
export interface Failure {
  readonly label: string;
  readonly status: number;
  readonly headers: Headers;
  readonly data: unknown;
}

export interface GraphqlError {
  readonly type?: string | undefined;
  readonly path?: readonly (string | number)[] | undefined;
  readonly message: string;
}

/** Clocks differ by a little, and the first to come back after a limit is the first to run into the next one. */
const SLACK_MS = 2_000;
/** What GitHub asks of those it gives no other number. */
const SECONDARY_MS = 60_000;
/** No limit lasts longer than its window of an hour, whatever a header claims. */
const MOST_MS = 3_700_000;

/** Status and headers of an answer → one of the errors of the port. */
export function failureOf(failure: Failure, now: Date): Error {
  const { status } = failure;
  if (status === 403 || status === 429) {
    const until = limitedUntil(failure, now);
    if (until !== undefined) return new RateLimited(describe(failure, 'a rate limit was reached'), until);
  }
  if (status === 401 || status === 403 || status === 451)
    return new Refused(describe(failure, `refused (${status})`));
  if (status === 404 || status === 410) return new NotThere(describe(failure, `not there (${status})`));
  if (status === 422) return new Rejected(describe(failure, 'not accepted (422)'));
  return new Unavailable(describe(failure, `answered ${status}`));
}

/** GraphQL says so in an answer that is otherwise a success. */
export const isLimit = ({ type, message }: GraphqlError): boolean =>
  /^RATE_?LIMIT(?:ED)?$/.test(type ?? '') || saysLimit(message);

/** Errors of a GraphQL answer → one of the errors of the port; a limit among them decides. */
export function graphqlFailureOf(
  errors: readonly GraphqlError[],
  answer: Pick<Failure, 'label' | 'headers'>,
  now: Date,
): Error {
  const limit = errors.find(isLimit);
  if (limit) return failureOf({ ...answer, status: 429, data: { message: limit.message } }, now);
  const first = errors[0];
  const what = `${first?.type ?? 'an error without a type'} at ${first?.path?.join('.') ?? 'the query'}`;
  if (errors.some((e) => e.type === 'FORBIDDEN' || e.type === 'INSUFFICIENT_SCOPES'))
    return new Refused(describe(answer, `refused: ${what}`));
  if (errors.every((e) => e.type === 'NOT_FOUND'))
    return new NotThere(describe(answer, `not there: ${what}`));
  return new Unavailable(describe(answer, what));
}

/** The answer has come, but it is not what GitHub promises; nothing is read out of it. */
export function misshapen(answer: Pick<Failure, 'label' | 'headers'>, where: string): Unavailable {
  return new Unavailable(describe(answer, `the answer is not of the promised form: ${where}`));
}

/** No answer. The cause is named by its code only: its text may hold what was sent. */
export function unreachable(label: string, error: unknown): Unavailable {
  return new Unavailable(`${label}: no answer (${codeOf(error)})`);
}

function codeOf(error: unknown, depth = 0): string {
  const { name, code, cause } = fieldsOf(error);
  if (name === 'TimeoutError' || name === 'AbortError') return 'timeout';
  if (typeof code === 'string') return code;
  if (cause !== undefined && depth < 4) return codeOf(cause, depth + 1);
  return typeof name === 'string' ? name : 'unknown';
}

/** Errors come out of other realms and libraries: what they are is told by what they hold. */
export function fieldsOf(error: unknown): Readonly<Record<string, unknown>> {
  return typeof error === 'object' && error !== null ? (error as Readonly<Record<string, unknown>>) : {};
}

export function describe({ label, headers }: Pick<Failure, 'label' | 'headers'>, what: string): string {
  const id = headers['x-github-request-id'];
  return id === undefined ? `${label}: ${what}` : `${label}: ${what} (request ${id})`;
}

/** GitHub's order: an explicit wait, then the reset of a window that is used up, then a minute. */
function limitedUntil({ status, headers, data }: Failure, now: Date): string | undefined {
  const wait = Number(headers['retry-after']);
  if (headers['retry-after'] !== undefined) return after(wait > 0 ? wait * 1000 : SECONDARY_MS, now);
  const reset = Number(headers['x-ratelimit-reset']) * 1000;
  if (String(headers['x-ratelimit-remaining']) === '0' && reset > 0)
    return after(reset - theirNow(headers, now), now);
  return status === 429 || saysLimit(messageOf(data)) ? after(SECONDARY_MS, now) : undefined;
}

const saysLimit = (message: string) => /secondary rate limit|abuse detection/i.test(message);

function messageOf(data: unknown): string {
  return typeof data === 'object' && data !== null && 'message' in data && typeof data.message === 'string'
    ? data.message
    : '';
}

/** Instants in headers are by GitHub's clock; the difference to ours is known from the same answer. */
function theirNow(headers: Headers, now: Date): number {
  const theirs = Date.parse(String(headers['date']));
  return Number.isNaN(theirs) ? now.getTime() : theirs;
}

function after(ms: number, now: Date): string {
  const wait = Math.min(Math.max(ms, 0), MOST_MS) + SLACK_MS;
  return new Date(now.getTime() + wait).toISOString();
}
