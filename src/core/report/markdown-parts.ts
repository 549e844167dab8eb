import { code, markdown, sentence } from './escape.ts';

/** One of our sentences, names as code. */
export const prose = (text: string): string => sentence(text, code, markdown);

export const place = (file: string, line: number): string => code(`${file}:${line}`);

/** The first of a list, and how many more there are. */
export function some<T>(
  items: readonly T[],
  most: number,
  show: (item: T, i: number) => string,
  where = 'in the JSON output',
): string[] {
  const left = items.length - most;
  return [...items.slice(0, most).map(show), ...(left > 0 ? [`- … and ${left} more, ${where}`] : [])];
}

/** An account by login, as code: shown, and not told. */
export const person = (login: string): string => code(`@${login}`);

/** `2026-05-30 10:00 UTC`; anything that is no instant in UTC as it is. */
export function moment(at: string): string {
  const found = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d):[\d.]+Z$/.exec(at);
  return found ? `${found[1]} ${found[2]} UTC` : markdown(at);
}

/** The day of an instant, for what ends. */
export const day = (at: string): string => markdown(/^\d{4}-\d\d-\d\d(?=T)/.exec(at)?.[0] ?? at);
