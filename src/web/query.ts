import { plain } from '../core/report/escape.ts';

/** What somebody asked for cannot be read: what it was, why not, and what to write instead. For people; not escaped. */
export interface Problem {
  /** The parameter that it is about. */
  readonly name: string;
  readonly message: string;
}

export type Read<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly Problem[] };

/** What an address has under a name: without spaces around it, and without what is empty, as forms send fields nobody filled in. */
export type Given = (name: string) => readonly string[];

export type Pairs = readonly (readonly [name: string, text: string])[];

/** One value of an address, in one parameter or several. What `write` gives is read as the same value again. */
export interface Field<T> {
  readonly names: readonly string[];
  readonly read: (given: Given) => Read<T>;
  readonly write: (value: T) => Pairs;
}

export type Fields<T> = { readonly [K in keyof T]-?: Field<T[K]> };

export const good = <T>(value: T): Read<T> => ({ ok: true, value });
export const bad = (name: string, message: string): Read<never> => ({
  ok: false,
  problems: [{ name, message }],
});

/**
 * Everything that an address asks for, or everything that is wrong with it. A name that means nothing here is wrong as well:
 * whoever misspells a filter would take what it does not filter for the whole answer.
 */
export function readQuery<T extends object>(query: URLSearchParams, fields: Fields<T>): Read<T> {
  const given: Given = (name) =>
    query
      .getAll(name)
      .map((text) => text.trim())
      .filter((text) => text !== '');
  const known = entriesOf(fields);
  const problems = [...unknownNames(query, known)];
  const values: [string, unknown][] = [];
  for (const [key, field] of known) {
    const read = field.read(given);
    if (read.ok) values.push([key, read.value]);
    else problems.push(...read.problems);
  }
  return problems.length > 0 ? { ok: false, problems } : good(Object.fromEntries(values) as T);
}

/** The query of an address, without the question mark; what is left out of `values` is left out of it. */
export function writeQuery<T extends object>(fields: Fields<T>, values: Partial<T>): string {
  const pairs = entriesOf(fields).flatMap(([key, field]) =>
    key in values ? field.write(values[key as keyof T]) : [],
  );
  return new URLSearchParams(pairs.map(([name, text]): [string, string] => [name, text])).toString();
}

/** What was given once; undefined for nothing. */
export function single(name: string, given: Given): Read<string | undefined> {
  const [first, ...more] = given(name);
  return more.every((text) => text === first)
    ? good(first)
    : bad(name, `"${name}" is there ${more.length + 1} times with different values. Write it once.`);
}

/** What was typed, to be shown in the form again. */
export const typed = (query: URLSearchParams, name: string): string => query.get(name)?.trim() ?? '';

/** A text of theirs inside a message of ours. */
export function quoted(text: string): string {
  const shown = plain(text);
  return `"${shown.length > 60 ? `${shown.slice(0, 60).toWellFormed()}…` : shown}"`;
}

type Known = readonly (readonly [key: string, field: Field<unknown>])[];

const entriesOf = <T>(fields: Fields<T>): Known => Object.entries(fields) as unknown as Known;

function unknownNames(query: URLSearchParams, fields: Known): readonly Problem[] {
  const names = new Set(fields.flatMap(([, field]) => field.names));
  return [...new Set(query.keys())]
    .filter((name) => !names.has(name))
    .slice(0, 5)
    .map((name) => ({
      name,
      message: `Nothing here is called ${quoted(name)}. This page reads: ${[...names].join(', ')}.`,
    }));
}
