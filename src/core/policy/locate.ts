import type { Position } from '../model/span.ts';
import type { Value } from '../model/value.ts';
import { resolve } from '../values/value.ts';

type Path = readonly (string | number)[];

/** Finds the place in the text of whatever a path leads to. */
export interface Locator {
  readonly root: Value | undefined;
  /** Lines of the text, without their ends. */
  readonly lines: readonly string[];
}

/** Splits a text for `locate`. */
export function makeLocator(root: Value | undefined, text: string): Locator {
  return { root, lines: text.split(/\r\n|\n|\r/) };
}

/**
 * Place of the value at a path, or of its key. When the path leads further than the text (a missing key), the place of
 * what is there. Always inside the text.
 */
export function locate(locator: Locator, path: Path, on: 'key' | 'value'): Position {
  let at = locator.root;
  let line = at?.line ?? 1;
  let written: string | undefined;
  for (const [index, step] of path.entries()) {
    const found = at && child(at, step);
    if (!found) break;
    const last = index === path.length - 1;
    const isKey =
      found.keyLine !== undefined && (!last || on === 'key' || resolve(found.value).kind !== 'scalar');
    line = isKey ? (found.keyLine ?? line) : found.value.line;
    written = isKey ? String(step) : scalarText(found.value);
    at = found.value;
  }
  return place(locator.lines, line, written);
}

function child(
  value: Value,
  step: string | number,
): { readonly value: Value; readonly keyLine?: number } | undefined {
  const seen = resolve(value);
  if (seen.kind === 'list' && typeof step === 'number') {
    const item = seen.items[step];
    return item && { value: item };
  }
  if (seen.kind !== 'map') return undefined;
  const entry = seen.entries.findLast((e) => e.key === String(step));
  return entry && { value: entry.value, keyLine: entry.line };
}

function scalarText(value: Value): string | undefined {
  const seen = resolve(value);
  return seen.kind === 'scalar' && seen.value !== null ? String(seen.value) : undefined;
}

/** Column of the written text on its line; the first character that is no white space when it is not found there. */
function place(lines: readonly string[], line: number, written: string | undefined): Position {
  const bounded = Math.min(Math.max(line, 1), lines.length);
  const content = lines[bounded - 1] ?? '';
  const found =
    written === undefined || written === '' ? -1 : findWord(content, written.split('\n')[0] ?? '');
  const column = found >= 0 ? found : content.search(/\S/);
  return { line: bounded, column: Math.max(column, 0) + 1 };
}

/** First place of a word that is not part of a longer one. */
function findWord(content: string, word: string): number {
  const inWord = /[\w-]/;
  for (let from = content.indexOf(word); from >= 0; from = content.indexOf(word, from + 1)) {
    const before = content[from - 1] ?? ' ';
    const after = content[from + word.length] ?? ' ';
    if (!inWord.test(before) && !inWord.test(after)) return from;
  }
  return content.indexOf(word);
}
