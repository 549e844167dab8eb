import type { Period } from '../model/audit.ts';

/** With its zone, or a whole day: anything else would be read in the zone of the machine. */
const ISO = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/**
 * Milliseconds since 1970; NaN for what is no instant. Texts are not compared as they are: GitHub writes `09:00:00Z` for what
 * is `09:00:00.000Z` here, and they sort the wrong way round.
 */
export function instantOf(text: string | undefined): number {
  return text !== undefined && ISO.test(text) ? Date.parse(text) : NaN;
}

export const isInstant = (text: string | undefined): text is string => !Number.isNaN(instantOf(text));

/** What cannot be read excludes nothing: a row with a broken date is shown in every period rather than in none. */
export function isWithin({ from, to }: Period, at: string): boolean {
  const instant = instantOf(at);
  return !(instant < instantOf(from)) && !(instant >= instantOf(to));
}

/** Calendar month in UTC, `2026-11`; undefined for what is no instant. */
export function monthOf(at: string): string | undefined {
  return isInstant(at) ? new Date(instantOf(at)).toISOString().slice(0, 7) : undefined;
}

/** Every calendar month that a period touches, in order. */
export function monthsOf({ from, to }: Period): readonly string[] {
  const first = monthOf(from);
  if (first === undefined || !(instantOf(from) < instantOf(to))) return [];
  const months: string[] = [];
  const at = new Date(`${first}-01T00:00:00Z`);
  for (; at.getTime() < instantOf(to); at.setUTCMonth(at.getUTCMonth() + 1))
    months.push(at.toISOString().slice(0, 7));
  return months;
}
