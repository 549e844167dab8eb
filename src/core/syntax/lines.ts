import type { Position, Span } from '../model/span.ts';
import type { Value } from '../model/value.ts';

/** Where the lines of a text begin; CRLF and LF count alike, as in a diff. */
export interface LineIndex {
  readonly text: string;
  /** Offset of the first character of every line. */
  readonly starts: readonly number[];
}

export function indexLines(text: string): LineIndex {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return { text, starts };
}

/** 1-based line of an offset; offsets outside the text count as its nearest end. */
export function lineAt(index: LineIndex, offset: number): number {
  let low = 0;
  let high = index.starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((index.starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low + 1;
}

export function positionAt(index: LineIndex, offset: number): Position {
  const inside = Math.max(0, Math.min(offset, index.text.length));
  const line = lineAt(index, inside);
  return { line, column: inside - (index.starts[line - 1] ?? 0) + 1 };
}

/** The last line any part of a value starts on. */
export function lastLine(value: Value): number {
  switch (value.kind) {
    case 'scalar':
    case 'expression':
      return value.line;
    case 'list':
      return value.items.reduce((last, item) => Math.max(last, lastLine(item)), value.line);
    case 'map':
      return value.entries.reduce(
        (last, entry) => Math.max(last, entry.line, lastLine(entry.value)),
        value.line,
      );
  }
}

/** Lines looked at beyond the last line that the value is known to reach. */
const LINES_FOLLOWED = 2_000;

/**
 * Lines from a key to the end of its value, in YAML and in formatted JSON: value trees know where things start, and
 * what follows at a deeper indentation (the text of a block scalar) or closes a bracket at the same one still belongs.
 */
export function blockSpan(index: LineIndex, keyLine: number, value: Value): Span {
  const lines = marginsOf(index);
  const known = Math.max(keyLine, Math.min(lastLine(value), lines.length));
  const margin = lines[keyLine - 1]?.margin ?? 0;
  let end = known;
  for (let line = known + 1; line <= Math.min(lines.length, known + LINES_FOLLOWED); line++) {
    const { margin: indent, first } = lines[line - 1] ?? { margin: 0, first: '' };
    if (first === '') continue;
    if (indent < margin || (indent === margin && first !== '}' && first !== ']')) break;
    end = line;
    if (indent === margin) break;
  }
  return { startLine: keyLine, endLine: end };
}

interface Margin {
  readonly margin: number;
  /** First visible character; empty for a blank line. */
  readonly first: string;
}

/** Measured once for a text, as long lines of white space would be measured for every span otherwise. */
const measured = new WeakMap<LineIndex, readonly Margin[]>();

function marginsOf(index: LineIndex): readonly Margin[] {
  const known = measured.get(index);
  if (known) return known;
  const { text, starts } = index;
  const margins = starts.map((start) => {
    let at = start;
    while (text[at] === ' ' || text[at] === '\t') at++;
    const first = text[at] ?? '';
    return { margin: at - start, first: first === '\n' || first === '\r' ? '' : first };
  });
  measured.set(index, margins);
  return margins;
}

/** The same value `by` lines further down: for a text that was found inside another one. */
export function shiftLines<T extends Value>(value: T, by: number): T;
export function shiftLines(value: Value, by: number): Value {
  const line = value.line + by;
  switch (value.kind) {
    case 'scalar':
      return { ...value, line };
    case 'expression':
      return value.resolved
        ? { ...value, line, resolved: shiftLines(value.resolved, by) }
        : { ...value, line };
    case 'list':
      return { ...value, line, items: value.items.map((item) => shiftLines(item, by)) };
    case 'map':
      return {
        ...value,
        line,
        entries: value.entries.map((e) => ({ ...e, line: e.line + by, value: shiftLines(e.value, by) })),
      };
  }
}
