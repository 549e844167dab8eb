import type { Verdict } from '../model/verdict.ts';

/**
 * The verdict document: keys sorted, two spaces, one line end at the end. Equal verdicts give equal bytes on every surface.
 * Everything invisible is written as an escape, so that the document can be shown in a terminal or a build log.
 */
export function renderJson(verdict: Verdict): string {
  return `${toJson(verdict)}\n`;
}

/** Plain data as JSON with sorted keys, safe to print. */
export function toJson(data: unknown): string {
  return JSON.stringify(sorted(data), undefined, 2)
    .replace(UNPRINTABLE, (c) => c.split('').map(unicode).join(''))
    .replaceAll('##[', '#\\u0023[');
}

const UNPRINTABLE =
  /[\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}\p{Noncharacter_Code_Point}]/gu;

const unicode = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Entries rather than a copy by key, so that a key such as `__proto__` stays data. */
function sorted(data: unknown): unknown {
  if (Array.isArray(data)) return data.map(sorted);
  if (data === null || typeof data !== 'object') return data;
  const entries = Object.entries(data).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([key, value]) => [key, sorted(value)]),
  );
}
