import { z } from 'zod';
import type { Account } from '../../core/model/account.ts';
import type { RepositoryRef, Subject, Work } from '../../review/work.ts';
import type { Found, Identity } from './reading.ts';

/** The pieces payloads are made of. Only what is needed, typed strictly; everything else in a payload is left unread. */

export const id = z.int().positive();
export const name = z.string().min(1).max(1_000);
export const commit = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/);

export const account = z
  .object({ id, login: name, type: name })
  .transform(({ id, login, type }): Account => ({ id: String(id), login, kind: kindOf(type) }));

/** Kinds that we do not know are bots: nothing they say can be an independent person's yes. */
function kindOf(type: string): Account['kind'] {
  if (type === 'User') return 'user';
  return type === 'Organization' ? 'organisation' : 'bot';
}

/** `owner/name`: never a path, a query or something else that would change the meaning of a request. */
const fullName = z.string().regex(/^(?!\.{1,2}\/)[\w.-]{1,100}\/(?!\.{1,2}$)[\w.-]{1,100}$/);

export const repository = z
  .object({ id, full_name: fullName })
  .transform(({ id, full_name }): RepositoryRef => ({ id, name: full_name }));

export const installation = z.object({ id });

/** What every payload about a repository has. */
export const about = { installation, repository, sender: account };

interface About {
  readonly installation: { readonly id: number };
  readonly repository: RepositoryRef;
}

/** Longest text of a comment that is kept: GitHub allows no more characters. */
const LONGEST = 65_536;
export const body = z
  .string()
  .nullish()
  .transform((text) => (text ?? '').slice(0, LONGEST));

/** What an edit changed, for texts: the words before it. */
export const changedBody = z
  .object({ body: z.object({ from: body }).nullish() })
  .nullish()
  .transform((changes) => changes?.body?.from);

/** Whether a text may hold a command of ours; whether it does is found out at the look. */
export const mayCommand = (...texts: readonly (string | undefined)[]): boolean =>
  texts.some((text) => text !== undefined && /\/threatgate/i.test(text));

export const isOurs = ({ kind, login }: Account, { botLogin }: Identity): boolean =>
  kind === 'bot' && login.toLowerCase() === botLogin.toLowerCase();

export function workOn({ installation }: Pick<About, 'installation'>, subject: Subject): Work {
  return { installation: installation.id, subject };
}

export function lookAtPullRequest(payload: About, number: number, ...signals: Found['signals']): Found {
  const { repository } = payload;
  return { work: workOn(payload, { kind: 'pull-request', repository, number }), signals };
}

export function lookAtIssue(payload: About, number: number, ...signals: Found['signals']): Found {
  const { repository } = payload;
  return { work: workOn(payload, { kind: 'issue', repository, number }), signals };
}

export function lookAtRepository(payload: About, ...signals: Found['signals']): Found {
  return { work: workOn(payload, { kind: 'repository', repository: payload.repository }), signals };
}
