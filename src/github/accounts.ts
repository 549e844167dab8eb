import { z } from 'zod';
import type { Account } from '../core/model/account.ts';
import { id } from './shapes.ts';

export const ACTOR = `
fragment Actor on Actor {
  __typename login
  ... on Node { id }
  ... on User { databaseId }
  ... on Bot { databaseId }
  ... on Organization { databaseId }
}`;

export const GIT_ACTOR = `
fragment GitActor on GitActor { name email user { login databaseId } }`;

const KINDS: Readonly<Record<string, Account['kind']>> = {
  User: 'user',
  Bot: 'bot',
  Organization: 'organisation',
};

/** Whoever did something, as GraphQL tells it. */
export const actor = z
  .object({
    __typename: z.string(),
    login: z.string(),
    id: z.string(),
    databaseId: id.nullish(),
  })
  // Without its number a known kind of account could not be told to be the same as one that a webhook names.
  .refine((a) => KINDS[a.__typename] === undefined || typeof a.databaseId === 'number')
  .nullable();

export type Actor = z.infer<typeof actor>;

/** Somebody as REST tells it. */
export const simpleUser = z.object({ id, login: z.string(), type: z.string() });

/** The author of what a deleted account left: nobody who could be shown to be anybody. */
export const GHOST: Account = { id: '0', login: 'ghost', kind: 'user' };

/**
 * Kinds that we do not know (placeholders of an import, accounts of an enterprise server) are treated as bots: they can
 * write, but nothing they say can be an independent person's yes.
 */
export function accountOf(who: Actor): Account {
  if (who === null) return GHOST;
  const kind = KINDS[who.__typename] ?? 'bot';
  return {
    id: typeof who.databaseId === 'number' ? String(who.databaseId) : who.id,
    login: kind === 'bot' && who.__typename === 'Bot' ? botLogin(who.login) : who.login,
    kind,
  };
}

/** REST and webhooks call a bot `name[bot]`, GraphQL calls it `name`: here it is always the former. */
export const botLogin = (login: string): string => (login.endsWith('[bot]') ? login : `${login}[bot]`);

export function accountOfUser(user: z.infer<typeof simpleUser>): Account {
  return { id: String(user.id), login: user.login, kind: KINDS[user.type] ?? 'bot' };
}

/** The author or committer of a commit: what is written in it, and the account that GitHub sees behind the address. */
export const gitActor = z
  .object({
    name: z.string().nullable(),
    email: z.string().nullable(),
    user: z.object({ login: z.string(), databaseId: id }).nullable(),
  })
  .nullable();

export type GitActor = z.infer<typeof gitActor>;

/** GitHub gives out these addresses itself. For bots it names no user behind them, but they hold id and login. */
const NOREPLY = /^(\d{1,15})\+([A-Za-z\d-]+(?:\[bot\])?)@users\.noreply\.github\.com$/;

export function personOf(who: GitActor): Account | undefined {
  if (who?.user) return { id: String(who.user.databaseId), login: who.user.login, kind: 'user' };
  const [, number, login] = NOREPLY.exec(who?.email ?? '') ?? [];
  if (number === undefined || login === undefined) return undefined;
  return { id: String(Number(number)), login, kind: login.endsWith('[bot]') ? 'bot' : 'user' };
}

/** What GitHub signs as committer when somebody works in the browser. */
const isGitHubItself = (who: GitActor): boolean =>
  who?.user?.login === 'web-flow' || (who?.name === 'GitHub' && who.email === 'noreply@github.com');

export interface Hands {
  readonly authors: readonly GitActor[];
  /** False when there are more authors than were listed. */
  readonly complete: boolean;
  readonly committer: GitActor;
}

/** Everybody who had a hand in a commit, once each; undefined stands for anybody who is not known. */
export function peopleOf({ authors, complete, committer }: Hands): (Account | undefined)[] {
  const hands = [...authors, ...(isGitHubItself(committer) ? [] : [committer])];
  const people = new Map(hands.map(personOf).map((person) => [person?.id, person]));
  if (!complete || authors.length === 0) people.set(undefined, undefined);
  return [...people.values()];
}
