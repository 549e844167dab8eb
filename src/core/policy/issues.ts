import { z } from 'zod';
import { nearest } from '../values/nearest.ts';
import type { PlacedProblem } from './problem.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly (string | number)[];

/** Unknown keys of one map that are told: a file that is no policy at all has them by the thousand. */
const MOST_KEYS = 20;

/** A schema's issue in our words: what is wrong, and what to write instead. */
export function explainIssue(issue: Issue, schema: z.ZodType, data: unknown): readonly PlacedProblem[] {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.slice(0, MOST_KEYS).map((key) => unknownKey(path, key, keysAt(schema, path)));
    case 'invalid_value':
      return [notAllowed(path, issue.values.map(String), valueAt(data, path))];
    case 'invalid_type':
      return [wrongType(path, issue.expected, valueAt(data, path), describe(schema, path))];
    default:
      return [{ path, on: 'value', message: `${name(path)}: ${issue.message}.`, remedy: hint(schema, path) }];
  }
}

function unknownKey(path: Path, key: string, known: readonly string[]): PlacedProblem {
  const meant = nearest(key, known);
  return {
    path: [...path, key],
    on: 'key',
    message: `Unknown key \`${shorten(key)}\`${path.length > 0 ? ` in ${name(path)}` : ''}.`,
    remedy: meant
      ? `Did you mean \`${meant}\`? Known keys: ${known.join(', ')}.`
      : `Take it out, or use one of the known keys: ${known.join(', ')}.`,
  };
}

function notAllowed(path: Path, allowed: readonly string[], value: unknown): PlacedProblem {
  if (value === undefined) return missing(path, `one of ${allowed.join(', ')}`);
  const meant = typeof value === 'string' ? nearest(value, allowed) : undefined;
  return {
    path,
    on: 'value',
    message: `${name(path)} cannot be ${show(value)}.`,
    remedy: `${meant ? `Did you mean \`${meant}\`? ` : ''}Allowed: ${allowed.join(', ')}.`,
  };
}

function wrongType(
  path: Path,
  expected: string,
  value: unknown,
  description: string | undefined,
): PlacedProblem {
  const wanted = TYPES[expected] ?? expected;
  if (value === undefined) return missing(path, wanted);
  return {
    path,
    on: 'value',
    message: `${name(path)} must be ${wanted}, not ${show(value)}.`,
    remedy: `Write ${wanted} here.${description === undefined ? '' : ` It says: ${description}`}`,
  };
}

function missing(path: Path, wanted: string): PlacedProblem {
  return {
    path,
    on: 'key',
    message: `${name(path)} is missing.`,
    remedy: `Add the key \`${String(path.at(-1) ?? '')}\` with ${wanted}.`,
  };
}

const TYPES: Readonly<Record<string, string>> = {
  array: 'a list',
  object: 'a map of keys',
  string: 'a text',
  boolean: 'true or false',
  number: 'a number',
  int: 'a whole number',
};

function show(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return `\`${shorten(value)}\``;
  return typeof value === 'number' || typeof value === 'boolean' ? `\`${String(value)}\`` : 'a map';
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

/** `except[0].reason`, or a word for the file as a whole. */
function name(path: Path): string {
  if (path.length === 0) return 'The policy';
  return `\`${path.map((p, i) => (typeof p === 'number' ? `[${p}]` : `${i > 0 ? '.' : ''}${shorten(p)}`)).join('')}\``;
}

function hint(schema: z.ZodType, path: Path): string {
  return describe(schema, path) ?? 'See docs/reference/policy.md for what may stand here.';
}

function describe(schema: z.ZodType, path: Path): string | undefined {
  for (let end = path.length; end > 0; end--) {
    const described = schemaAt(schema, path.slice(0, end))?.description;
    if (described !== undefined) return described;
  }
  return undefined;
}

function keysAt(schema: z.ZodType, path: Path): readonly string[] {
  const found = unwrap(schemaAt(schema, path));
  return found instanceof z.ZodObject ? Object.keys(found.shape) : [];
}

function schemaAt(schema: z.ZodType, path: Path): z.ZodType | undefined {
  let at: z.ZodType | undefined = schema;
  for (const step of path) {
    const inner = unwrap(at);
    if (inner instanceof z.ZodObject) at = (inner.shape as Record<string, z.ZodType>)[String(step)];
    else if (inner instanceof z.ZodArray) at = inner.element as z.ZodType;
    else return undefined;
  }
  return at;
}

function unwrap(schema: z.ZodType | undefined): z.ZodType | undefined {
  let at = schema;
  while (at instanceof z.ZodDefault || at instanceof z.ZodPrefault) at = at.unwrap() as z.ZodType;
  return at;
}

function valueAt(data: unknown, path: Path): unknown {
  let at = data;
  for (const step of path) {
    if (at === null || typeof at !== 'object' || !Object.hasOwn(at, step)) return undefined;
    at = (at as Record<string | number, unknown>)[step];
  }
  return at;
}
