import { instantOf } from '../core/audit/instants.ts';
import type { Period } from '../core/model/audit.ts';
import { bad, good, quoted, single, type Field, type Given, type Read } from './query.ts';

const DAY = 86_400_000;
const MOST_YEARS = 10;
/** Nothing was on GitHub before, and nothing is asked about behind it: times in between have four digits for a year. */
const [EARLIEST, LATEST] = ['2000-01-01', '2100-01-01'];
const LIKE =
  'Write a day like 2026-01-31, which begins at midnight UTC, or an instant with its zone like 2026-01-31T09:00:00Z.';

/**
 * From the first instant up to, not including, the second. Without any of them: the last twelve calendar months, today
 * included. With the first one only: up to today. With the second one only: the year before it.
 */
export function periodField(now: string): Field<Period> {
  return {
    names: ['from', 'to'],
    read: (given) => periodOf(given, now),
    write: ({ from, to }) => [
      ['from', shownDay(from)],
      ['to', shownDay(to)],
    ],
  };
}

/** As things stood at an instant; without one, now. A day means its end: as of the 15th, what happened on the 15th is there. */
export const asOfField = (now: string): Field<string> => ({
  ...endOf('at', now),
  write: (at) => [['at', shownEnd(at)]],
});

/** An earlier instant to compare with, read in the same way. */
export const SINCE: Field<string | undefined> = {
  ...endOf('since', undefined),
  write: (at) => (at === undefined ? [] : [['since', shownEnd(at)]]),
};

function endOf<T>(name: string, absent: T): Pick<Field<string | T>, 'names' | 'read'> {
  return {
    names: [name],
    read: (given) => {
      const text = single(name, given);
      if (!text.ok) return text;
      if (text.value === undefined) return good(absent);
      const read = instant(name, text.value);
      return read.ok && isDay(text.value) ? good(iso(instantOf(read.value) + DAY - 1)) : read;
    },
  };
}

/** For a field of a form: the day where it begins one, else the instant. */
export const shownDay = (at: string): string => (/T00:00:00(?:\.0+)?Z$/.test(at) ? at.slice(0, 10) : at);

/** The same of an instant that is to stand for the end of a day. */
export const shownEnd = (at: string): string => (at.endsWith('T23:59:59.999Z') ? at.slice(0, 10) : at);

/** Those that are asked for most: this quarter and the last one, this year and the last one, each as a whole. */
export function usualPeriods(now: string): readonly { readonly name: string; readonly period: Period }[] {
  const year = Number(now.slice(0, 4));
  const quarter = Math.floor((Number(now.slice(5, 7)) - 1) / 3);
  const of = (name: string, first: number, months: number): { name: string; period: Period } => ({
    name,
    period: { from: iso(Date.UTC(year, first, 1)), to: iso(Date.UTC(year, first + months, 1)) },
  });
  const last = quarter === 0 ? `Q4 ${year - 1}` : `Q${quarter} ${year}`;
  return [
    of(`Q${quarter + 1} ${year}`, quarter * 3, 3),
    of(last, quarter * 3 - 3, 3),
    of(String(year), 0, 12),
    of(String(year - 1), -12, 12),
  ];
}

function periodOf(given: Given, now: string): Read<Period> {
  const written = { from: single('from', given), to: single('to', given) };
  if (!written.from.ok) return written.from;
  if (!written.to.ok) return written.to;
  const from = written.from.value === undefined ? undefined : instant('from', written.from.value);
  const to = written.to.value === undefined ? undefined : instant('to', written.to.value);
  if (from?.ok === false)
    return to?.ok === false ? { ok: false, problems: [...from.problems, ...to.problems] } : from;
  if (to?.ok === false) return to;
  return ordered(withDefaults(from?.value, to?.value, now));
}

function withDefaults(from: string | undefined, to: string | undefined, now: string): Period {
  const midnight = Math.floor(instantOf(now) / DAY) * DAY;
  if (to === undefined) return { from: from ?? startOfMonth(midnight, -11), to: iso(midnight + DAY) };
  const before = new Date(instantOf(to));
  before.setUTCFullYear(before.getUTCFullYear() - 1);
  return { from: from ?? before.toISOString(), to };
}

function startOfMonth(at: number, months: number): string {
  const day = new Date(at);
  return iso(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + months, 1));
}

function ordered(period: Period): Read<Period> {
  const [from, to] = [shownDay(period.from), shownDay(period.to)];
  if (instantOf(period.from) >= instantOf(period.to))
    return bad(
      'from',
      `The period from ${from} to ${to} has nothing in it: it ends when "to" begins, so "from" has to be earlier. Write them the other way round, or a later "to".`,
    );
  const end = new Date(instantOf(period.from));
  end.setUTCFullYear(end.getUTCFullYear() + MOST_YEARS);
  if (instantOf(period.to) > end.getTime())
    return bad(
      'to',
      `The period from ${from} to ${to} is longer than ${MOST_YEARS} years, the most that is shown at once. Write a "to" of ${shownDay(end.toISOString())} at the latest.`,
    );
  return good(period);
}

const isDay = (text: string): boolean => text.length === 10;

function instant(name: string, text: string): Read<string> {
  const form = /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)?)?$/.exec(text);
  const [, day = '', time] = form ?? [];
  if (form === null) return bad(name, `"${name}" is ${quoted(text)}, which is not a date. ${LIKE}`);
  if (time !== undefined && !/(?:Z|[+-]\d\d:\d\d)$/.test(time))
    return bad(name, `"${name}" is ${quoted(text)}, which lacks its zone. Write ${text}Z if it is UTC.`);
  const midnight = Date.parse(`${day}T00:00:00Z`);
  // The 30th of February would otherwise be a day in March.
  if (Number.isNaN(midnight) || iso(midnight).slice(0, 10) !== day || Number.isNaN(Date.parse(text)))
    return bad(name, `"${name}" is ${quoted(text)}, which is in no calendar. ${LIKE}`);
  const at = iso(Date.parse(text));
  if (at < EARLIEST || at > `${LATEST}T00:00:00.000Z`)
    return bad(
      name,
      `"${name}" is ${quoted(text)}: nothing is on record then. Write a day from ${EARLIEST} to ${LATEST}.`,
    );
  return good(at);
}

const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();
