import { createScanner, printParseErrorCode, visit } from 'jsonc-parser';
import { LIMITS } from '../limits.ts';
import type { Entry, Value } from '../model/value.ts';
import { list, map, scalar } from '../values/value.ts';
import { readNumber } from './number.ts';
import { PROBLEMS_KEPT, type SyntaxProblem } from './problem.ts';

/** Token kinds of the scanner, whose own names exist at compile time only. */
const OPEN = new Set([1, 3]);
const CLOSE = new Set([2, 4]);
const EOF = 17;

/** What was made of a JSON text. */
export interface JsonReading {
  /** Absent when nothing could be read. Maps keep repeated keys, in written order. */
  readonly value?: Value;
  readonly errors: readonly SyntaxProblem[];
}

/** A list or map under construction; its items are pushed as the events arrive. */
interface Open {
  readonly value: Value;
  readonly put: (value: Value) => void;
  /** The property whose value comes next, in a map. */
  key?: { readonly name: string; readonly line: number };
}

/**
 * JSON text → positioned tree. Comments and trailing commas are accepted, as the tools that own such files accept
 * them; after an error the readable rest is kept. Bounded by `LIMITS`; never throws.
 */
export function parseJson(text: string): JsonReading {
  if (text.length > LIMITS.fileChars)
    return { errors: [limit(`The text has more than ${LIMITS.fileChars} characters`, 1, 1)] };
  const errors: SyntaxProblem[] = [];
  const flat = flatten(text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text, errors);
  const value = build(flat, errors);
  return value ? { value, errors } : { errors };
}

function limit(message: string, line: number, column: number): SyntaxProblem {
  return { message, line, column, limit: true };
}

/** Blanks what is nested too deep, keeping every position, because the parser behind `visit` recurses. */
function flatten(text: string, errors: SyntaxProblem[]): string {
  const scanner = createScanner(text, true);
  const kept: string[] = [];
  let from = 0;
  let cutAt = -1;
  let depth = 0;
  for (let token: number = scanner.scan(); token !== EOF; token = scanner.scan()) {
    if (OPEN.has(token)) {
      if (++depth <= LIMITS.depth || cutAt >= 0) continue;
      cutAt = scanner.getTokenOffset();
      kept.push(text.slice(from, cutAt));
      const place = [scanner.getTokenStartLine() + 1, scanner.getTokenStartCharacter() + 1] as const;
      if (errors.length === 0) errors.push(limit(`Nested deeper than ${LIMITS.depth} levels`, ...place));
    } else if (CLOSE.has(token)) {
      if (depth > 0) depth--;
      if (cutAt < 0 || depth > LIMITS.depth) continue;
      from = scanner.getTokenOffset() + 1;
      kept.push(blank(text.slice(cutAt, from)));
      cutAt = -1;
    }
  }
  if (kept.length === 0) return text;
  return kept.join('') + (cutAt < 0 ? text.slice(from) : '');
}

/** An empty string literal, then nothing, over as many lines and columns as the text had. */
function blank(text: string): string {
  return `""${text.slice(2).replace(/[^\r\n]/g, ' ')}`;
}

function build(text: string, errors: SyntaxProblem[]): Value | undefined {
  const tree = new Tree(errors);
  visit(
    text,
    {
      onObjectBegin: (_at, _length, line, column) => tree.begin(openMap, line + 1, column + 1),
      onArrayBegin: (_at, _length, line, column) => tree.begin(openList, line + 1, column + 1),
      onObjectEnd: () => tree.end(),
      onArrayEnd: () => tree.end(),
      onObjectProperty: (name, _at, _length, line) => tree.name(name, line + 1),
      onLiteralValue: (value: string | number | boolean | null, at, length, line, column) => {
        const exact = typeof value === 'number' ? readNumber(text.slice(at, at + length)) : value;
        if (tree.admits(line + 1, column + 1)) tree.put(scalar(exact, line + 1));
      },
      onError: (code, _at, _length, line, column) => {
        if (errors.length >= PROBLEMS_KEPT) return;
        const message = describe(printParseErrorCode(code));
        errors.push({ message, line: line + 1, column: column + 1, limit: false });
      },
    },
    { allowTrailingComma: true },
  );
  return tree.root;
}

/** The values seen so far and which of them are still open; lives as long as one parse. */
class Tree {
  root: Value | undefined;
  readonly #errors: SyntaxProblem[];
  readonly #open: Open[] = [];
  #nodes = 0;
  /** Begins that were refused: the parser reports their ends all the same. */
  #refused = 0;

  constructor(errors: SyntaxProblem[]) {
    this.#errors = errors;
  }

  put(value: Value): void {
    const top = this.#open.at(-1);
    if (top) top.put(value);
    else this.root ??= value;
  }

  /** Whether there is room for one more node. */
  admits(line: number, column: number): boolean {
    this.#nodes++;
    if (this.#nodes === LIMITS.nodes + 1)
      this.#errors.push(limit(`More than ${LIMITS.nodes} values`, line, column));
    return this.#nodes <= LIMITS.nodes;
  }

  begin(make: (line: number) => Open, line: number, column: number): boolean {
    if (!this.admits(line, column)) {
      this.#refused++;
      return false;
    }
    const opened = make(line);
    this.put(opened.value);
    this.#open.push(opened);
    return true;
  }

  end(): void {
    if (this.#refused > 0) this.#refused--;
    else this.#open.pop();
  }

  name(name: string, line: number): void {
    const top = this.#open.at(-1);
    if (top) top.key = { name, line };
  }
}

function openMap(line: number): Open {
  const entries: Entry[] = [];
  const opened: Open = {
    value: map(entries, line),
    put(value) {
      // A value without a key is an error that the parser has told already.
      if (opened.key) entries.push({ key: opened.key.name, value, line: opened.key.line });
      delete opened.key;
    },
  };
  return opened;
}

function openList(line: number): Open {
  const items: Value[] = [];
  return { value: list(items, line), put: (value) => void items.push(value) };
}

/** `CommaExpected` → "Comma expected". */
function describe(code: string): string {
  const words = code.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).trim();
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
