import type { Period } from '../core/model/audit.ts';
import { UsageError, type OptionSpec } from './command.ts';

/** Options of the commands that speak of a time. */
export const PERIOD_OPTIONS = {
  from: {
    type: 'string',
    value: 'DATE',
    about: 'First day, or first instant (ISO 8601); days begin in UTC.',
  },
  to: { type: 'string', value: 'DATE', about: 'The day or instant after the last one.' },
} as const satisfies Readonly<Record<string, OptionSpec>>;

/** Options of the commands that read the audit trail. */
export const DATABASE_OPTION = {
  type: 'string',
  value: 'WHERE',
  about: 'File or postgres:// address. Default: DATABASE_URL, or DATA_DIR.',
} as const satisfies OptionSpec;

/** Throws `UsageError` for what is no period. */
export function periodOf(written: {
  readonly from: string | undefined;
  readonly to: string | undefined;
}): Period {
  const [from, to] = [instant('from', written.from), instant('to', written.to)];
  if (from >= to)
    throw new UsageError(`--from ${from} is not before --to ${to}; the period ends before --to begins.`);
  return { from, to };
}

/** Of an option that need not be given. */
export const instantOption = (option: string, written: string | undefined): string | undefined =>
  written === undefined ? undefined : instant(option, written);

function instant(option: string, written: string | undefined): string {
  if (written === undefined)
    throw new UsageError(`--${option} is missing: write it like --${option} 2026-01-01.`);
  const form = /^(\d{4}-\d\d-\d\d)(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d))?$/.exec(written);
  const time = form === null ? Number.NaN : Date.parse(written);
  // The 30th of February would otherwise be a day in March.
  const day = form?.[1] ?? '';
  if (Number.isNaN(time) || new Date(`${day}T00:00:00Z`).toISOString().slice(0, 10) !== day)
    throw new UsageError(`--${option} ${JSON.stringify(written)} is not a date; write it like 2026-01-01.`);
  return new Date(time).toISOString();
}
