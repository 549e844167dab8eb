import type { Value } from '../../model/value.ts';
import { parseJson } from '../../syntax/json.ts';
import { entry, expression, list, map, scalar } from '../../values/value.ts';

/** Private-use characters around the number of a part that is not text yet. */
const OPEN = '\uE000';
const CLOSE = '\uE001';
const HOLES = /\uE000(\d+)\uE001/g;

/** A piece of a template: its text, or what stands in its place. */
export type Piece = string | Hole;

interface Hole {
  readonly text: string;
  readonly references: readonly string[];
  /** What it comes to, when that is no text. */
  readonly value?: Value;
}

/**
 * The tree of a text that is a JSON object or list, such as a policy in a heredoc; undefined for any other text.
 * Strings that hold unknown pieces become expressions, so the rest of the policy can be read all the same.
 */
export function readDocument(pieces: readonly Piece[], lineOf: (line: number) => number): Value | undefined {
  const first = pieces.find((p) => typeof p !== 'string' || p.trim() !== '');
  if (typeof first !== 'string' || !/^\s*[[{]/.test(first)) return undefined;
  if (pieces.some((p) => typeof p === 'string' && p.includes(OPEN))) return undefined;
  const { value, errors } = parseJson(joinPieces(pieces));
  if (!value || errors.length > 0 || value.kind === 'scalar') return undefined;
  return refill(value, pieces, lineOf);
}

/** Unknown pieces are marked; those outside a string become strings, or the text would be no JSON. */
function joinPieces(pieces: readonly Piece[]): string {
  let inString = false;
  return pieces
    .map((piece, index) => {
      if (typeof piece !== 'string') return inString ? mark(index) : `"${mark(index)}"`;
      for (const token of piece.match(/\\.|"/gs) ?? []) if (token === '"') inString = !inString;
      return piece;
    })
    .join('');
}

const mark = (index: number): string => `${OPEN}${index}${CLOSE}`;

function refill(value: Value, pieces: readonly Piece[], lineOf: (line: number) => number): Value {
  const line = lineOf(value.line);
  switch (value.kind) {
    case 'list':
      return list(
        value.items.map((item) => refill(item, pieces, lineOf)),
        line,
      );
    case 'map':
      return map(
        value.entries.map((e) =>
          entry(fill(e.key, pieces).text, refill(e.value, pieces, lineOf), lineOf(e.line)),
        ),
        line,
      );
    case 'expression':
      return value;
    case 'scalar': {
      if (typeof value.value !== 'string' || !value.value.includes(OPEN)) return scalar(value.value, line);
      const whole = /^\uE000(\d+)\uE001$/.exec(value.value)?.[1];
      const piece = whole === undefined ? undefined : pieces[Number(whole)];
      if (piece !== undefined && typeof piece !== 'string' && piece.value) {
        if (piece.value.kind === 'list' || piece.value.kind === 'map') return piece.value;
      }
      const { text, references } = fill(value.value, pieces);
      return expression(JSON.stringify(text), references, line);
    }
  }
}

function fill(
  text: string,
  pieces: readonly Piece[],
): { readonly text: string; readonly references: readonly string[] } {
  const references = new Set<string>();
  const filled = text.replace(HOLES, (_, index: string) => {
    const piece = pieces[Number(index)];
    if (piece === undefined || typeof piece === 'string') return '';
    for (const name of piece.references) references.add(name);
    return piece.text;
  });
  return { text: filled, references: [...references] };
}
