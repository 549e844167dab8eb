import { canonicalJson } from '../core/digest.ts';
import { cellsOf, gridOf, linesOfTable, type Grid, type Table } from './csv.ts';

/** A file of the package that follows from its records: written once, and made anew to be compared. */
export interface Sheet {
  readonly name: string;
  /** Below the header, or what is listed in it. */
  readonly rows: number;
  readonly end: '\n' | '\r\n';
  readonly lines: () => Iterable<string>;
  /** What a line comes to, in whatever version it was written. Told the lines of one file from the first one on. */
  readonly essence: () => (line: string) => string;
  /** What is wrong with a line that is another one than expected, as a sentence. */
  readonly differs: (theirs: string, ours: string) => string;
  /** It tells as much about the version that made it as about the records: another version makes another one. */
  readonly ofVersion: boolean;
  /** What is in it as a table; undefined where it is none. */
  readonly grid: Grid | undefined;
}

export function tableSheet<Row>(
  name: string,
  table: Table<Row>,
  rows: readonly Row[],
  { ofVersion = false } = {},
): Sheet {
  return {
    name,
    rows: rows.length,
    end: '\r\n',
    lines: () => linesOfTable(table, rows),
    essence: () => essenceOf(table),
    differs: () => 'It is not the row that follows from the records.',
    ofVersion,
    grid: gridOf(table, rows),
  };
}

/** What a row comes to, by the names in the header, which is the first line it is given. */
function essenceOf<Row>({ essence }: Table<Row>): (line: string) => string {
  let header: readonly string[] | undefined;
  return (line) => {
    const cells = cellsOf(line) ?? [];
    header ??= cells;
    return essence.map((name) => cells[header?.indexOf(`"${name}"`) ?? -1] ?? '').join(',');
  };
}

interface JsonContent<T> {
  readonly value: T;
  readonly rows: number;
  readonly essence: (value: T) => unknown;
  /** The same for a spreadsheet. */
  readonly grid?: Grid;
}

/** One line in canonical form. */
export function jsonSheet<T>(name: string, { value, rows, essence, grid }: JsonContent<T>): Sheet {
  return {
    name,
    rows,
    end: '\n',
    lines: () => [canonicalJson(value)],
    essence: () => (line) => {
      try {
        return canonicalJson(essence(JSON.parse(line) as T));
      } catch {
        // Not JSON, or none that has these parts: nothing that we make is equal to it.
        return 'nothing';
      }
    },
    differs: differenceIn,
    ofVersion: false,
    grid,
  };
}

function differenceIn(theirs: string, ours: string): string {
  let value: unknown;
  try {
    value = JSON.parse(theirs);
  } catch {
    return 'It is not JSON.';
  }
  const path = firstDifference(value, JSON.parse(ours), '');
  if (path === undefined) return 'It is not written in the canonical form.';
  return path === ''
    ? 'It is not what follows from the records.'
    : `Its ${path} is not what follows from the records.`;
}

/** Where two values part. It goes no deeper than what we made ourselves. */
function firstDifference(theirs: unknown, ours: unknown, path: string): string | undefined {
  if (typeof ours !== 'object' || ours === null) return theirs === ours ? undefined : path;
  if (typeof theirs !== 'object' || theirs === null || Array.isArray(theirs) !== Array.isArray(ours))
    return path;
  const [a, b] = [
    new Map<string, unknown>(Object.entries(theirs)),
    new Map<string, unknown>(Object.entries(ours)),
  ];
  for (const key of new Set([...b.keys(), ...a.keys()])) {
    const below = Array.isArray(ours) ? `${path}[${key}]` : `${path === '' ? '' : `${path}.`}${key}`;
    const found = firstDifference(a.get(key), b.get(key), below);
    if (found !== undefined) return found;
  }
  return undefined;
}
