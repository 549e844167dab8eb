import type { AuditRecord } from '../model/record.ts';
import { holdsOf, type Hold } from './holds.ts';

/** For how long records are kept at least, in years: what the longest of the common rules asks for, and one more. */
export const RETENTION_YEARS = 7;

/** What is to become of a chain. Chains are kept whole or not at all: one that begins in the middle proves nothing. */
export type Fate =
  | { readonly kind: 'kept'; readonly why: string; readonly holds: readonly Hold[] }
  | { readonly kind: 'removable'; readonly holds: readonly [] };

/** `records`: all of one repository. `now`: an instant; `years`: whole ones. */
export function fateOf(records: readonly AuditRecord[], now: string, years: number): Fate {
  const holds = holdsOf(records);
  const kept = (why: string): Fate => ({ kind: 'kept', why, holds });
  const last = records.reduce<AuditRecord | undefined>(
    (latest, record) => (latest === undefined || record.sequence > latest.sequence ? record : latest),
    undefined,
  );
  if (last === undefined) return kept('There are no records.');
  if (holds.length > 0)
    return kept(`Legal hold: ${holds.map(({ name }) => JSON.stringify(name)).join(', ')}.`);
  const gate = records.filter(({ kind }) => kind === 'installed' || kind === 'uninstalled');
  const state = gate.reduce<AuditRecord | undefined>(
    (latest, record) => (latest === undefined || record.sequence > latest.sequence ? record : latest),
    undefined,
  );
  if (state?.kind !== 'uninstalled') return kept('The repository is still under the gate.');
  const end = yearsBefore(now, years);
  // A hold tells nothing of the system: when it is over, what it held is as old as it was.
  const told = records.filter(({ kind }) => kind !== 'hold-placed' && kind !== 'hold-released');
  const newest = told.reduce((latest, { at }) => (at > latest ? at : latest), '');
  if (!(Date.parse(newest) < Date.parse(end)))
    return kept(`Its newest record, of ${newest.slice(0, 10)}, is not older than ${years} years.`);
  return { kind: 'removable', holds: [] };
}

/** The same day of an earlier year; for the 29th of February the day before it, which keeps a day longer. */
export function yearsBefore(now: string, years: number): string {
  const date = new Date(Date.parse(now));
  const day = date.getUTCDate();
  date.setUTCFullYear(date.getUTCFullYear() - years);
  if (date.getUTCDate() !== day) date.setUTCDate(0);
  return date.toISOString();
}
