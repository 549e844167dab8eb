import type { Account } from '../model/account.ts';
import type { AuditRecord, Json } from '../model/record.ts';
import { isInstant } from './instants.ts';

/** Stands wherever a type asks for a text and no record has it. */
export const NOT_ON_RECORD = 'not on record';

/** Details were written by whatever version was running then: each is read as what it is, or it is not there. */
export function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function texts(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((v) => typeof v === 'string') : [];
}

export function numbers(value: Json | undefined): readonly number[] {
  return Array.isArray(value) ? value.filter((v) => typeof v === 'number') : [];
}

/** One text inside an object. */
export function textIn(value: Json | undefined, key: string): string | undefined {
  return isObject(value) && Object.hasOwn(value, key) ? text(value[key]) : undefined;
}

const KINDS: readonly Account['kind'][] = ['user', 'bot', 'organisation'];

/** Undefined unless it is whole: a bot must not pass for a person because a version did not say which it was. */
export function account(value: Json | undefined): Account | undefined {
  const [id, login] = ['id', 'login'].map((key) => textIn(value, key));
  const kind = KINDS.find((each) => each === textIn(value, 'kind'));
  return id === undefined || login === undefined || kind === undefined ? undefined : { id, login, kind };
}

/** When it was said, by the clock of GitHub where that is on record; else when it was written down. */
export function saidAt({ at, details }: AuditRecord): string {
  const said = text(details['saidAt']);
  return isInstant(said) ? said : at;
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json | undefined } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
