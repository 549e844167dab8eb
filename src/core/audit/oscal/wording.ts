import type { Json } from '../../model/record.ts';
import { markdown, plain } from '../../report/escape.ts';
import { instantOf } from '../instants.ts';

export type JsonObject = { readonly [key: string]: Json | undefined };

/** What a property is called must mean the same in every tool that reads it. */
export const NAMESPACE = 'https://github.com/threatgate/threatgate/ns/oscal';
const MOST = 2_000;

/** A value of one line without spaces at its ends, as OSCAL asks for; `-` where there is nothing. */
export function line(text: string): string {
  const shown = plain(text).replace(/\s+/gu, ' ').trim();
  return shown === '' ? '-' : shortened(shown);
}

/** Titles and descriptions are Markdown: what people wrote stays text. */
export function prose(text: string | undefined): string {
  const shown = markdown(shortened(plain(text ?? '')));
  return shown === '' ? '-' : shown;
}

const shortened = (text: string): string =>
  text.length > MOST ? `${text.slice(0, MOST).toWellFormed().trimEnd()}…` : text;

/** An instant with its zone. What is none is replaced by the one that the whole document is dated with. */
export function stamp(at: string | undefined, fallback: string): string {
  return new Date(Number.isNaN(instantOf(at)) ? instantOf(fallback) : instantOf(at)).toISOString();
}

/** An instant, if it is one. */
export const stampOf = (at: string | undefined): string | undefined =>
  Number.isNaN(instantOf(at)) ? undefined : stamp(at, '');

/** A name as OSCAL allows it. */
export function token(text: string): string {
  const shown = text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}.]+/gu, '-')
    .replace(/^[^\p{L}]+|[-.]+$/gu, '');
  return shown === '' ? '_' : shown;
}

/** Properties of our own; what has no value is left out, and where none is left they are, too. */
export function props(values: Readonly<Record<string, string | number | boolean | undefined>>): {
  readonly props?: readonly JsonObject[];
} {
  const all = Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [{ name, ns: NAMESPACE, value: line(String(value)) }],
  );
  return all.length === 0 ? {} : { props: all };
}
