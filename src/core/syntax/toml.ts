import { ParseError, parseTOML, type AST } from 'toml-eslint-parser';
import { LIMITS } from '../limits.ts';
import type { Entry, Value } from '../model/value.ts';
import { list, map, scalar } from '../values/value.ts';
import type { SyntaxProblem } from './problem.ts';

export interface TomlReading {
  /** Always a map; absent only when the text is beyond the bounds. */
  readonly value?: Value;
  readonly errors: readonly SyntaxProblem[];
}

/** Errors after which the rest is given up. */
const MOST_ERRORS = 12;
/** Characters that all passes over one text may read together: each error costs up to three passes. */
const MOST_WORK = 600_000;

/** TOML text → positioned tree. A line that cannot be parsed is told and left out; the rest is kept. Never throws. */
export function parseToml(text: string): TomlReading {
  const errors: SyntaxProblem[] = [];
  const deep = tooDeep(text);
  if (text.length > LIMITS.fileChars || deep > 0) {
    const message =
      deep > 0
        ? `Nested deeper than ${LIMITS.depth} levels`
        : `The text has more than ${LIMITS.fileChars} characters`;
    return { errors: [{ message, line: Math.max(1, deep), column: 1, limit: true }] };
  }
  const lines = text.split('\n');
  for (let work = 0; errors.length < MOST_ERRORS; work += 3 * text.length) {
    const attempt = parse(lines);
    if (attempt.program) return finish(attempt.program, errors);
    errors.push(attempt.problem);
    if (attempt.problem.limit) break;
    if (work + 4 * text.length > MOST_WORK || !leaveOut(lines, attempt.problem.line))
      return upTo(attempt.problem.line, lines, errors);
  }
  return { value: map([], 1), errors };
}

/** What stands before an error, when there is no trying any further. */
function upTo(line: number, lines: readonly string[], errors: readonly SyntaxProblem[]): TomlReading {
  const attempt = parse(lines.slice(0, line - 1));
  return attempt.program ? finish(attempt.program, errors) : { value: map([], 1), errors };
}

type Attempt =
  { readonly program: AST.TOMLProgram } | { readonly program?: never; readonly problem: SyntaxProblem };

function parse(lines: readonly string[]): Attempt {
  try {
    return { program: parseTOML(lines.join('\n')) };
  } catch (error) {
    if (!(error instanceof ParseError)) return { problem: unexpected(error) };
    const line = Math.min(Math.max(error.lineNumber, 1), lines.length);
    return { problem: { message: error.message, line, column: Math.max(1, error.column + 1), limit: false } };
  }
}

/**
 * Takes out the line of an error, or the written line above it, whichever lets the parser get further: a value that is
 * missing is noticed only where the next line begins.
 */
function leaveOut(lines: string[], line: number): boolean {
  let best: { at: number; reach: number } | undefined;
  for (let at = line - 1, tried = 0; at >= 0 && tried < 2; at--) {
    const written = lines[at] ?? '';
    if (written.trim() === '') continue;
    tried++;
    lines[at] = '';
    const attempt = parse(lines);
    lines[at] = written;
    const reach = attempt.program ? Infinity : attempt.problem.line;
    if (!best || reach > best.reach) best = { at, reach };
  }
  if (best) lines[best.at] = '';
  return best !== undefined;
}

function finish(program: AST.TOMLProgram, errors: readonly SyntaxProblem[]): TomlReading {
  const budget: Budget = { nodes: LIMITS.nodes };
  const value = build(program, budget);
  if (budget.nodes > 0) return { value, errors };
  return {
    value,
    errors: [...errors, { message: `More than ${LIMITS.nodes} values`, line: 1, column: 1, limit: true }],
  };
}

function unexpected(error: unknown): SyntaxProblem {
  const message = error instanceof Error ? error.message : String(error);
  return { message: `The text could not be parsed: ${message}`, line: 1, column: 1, limit: true };
}

/** Line on which brackets are nested too deep for the parser's recursion, or 0. Counts brackets in text too: more, never fewer. */
function tooDeep(text: string): number {
  let depth = 0;
  let line = 1;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 0x0a) line++;
    else if (c === 0x5b || c === 0x7b) depth++;
    else if ((c === 0x5d || c === 0x7d) && depth > 0) depth--;
    if (depth > LIMITS.depth) return line;
  }
  return 0;
}

/** A table while its entries arrive; sub-tables are found again by name. */
interface Open {
  readonly entries: Entry[];
  readonly value: Value;
  readonly tables: Map<string, Open>;
  readonly arrays: Map<string, { readonly items: Value[]; last: Open }>;
}

function open(line: number): Open {
  const entries: Entry[] = [];
  return { entries, value: map(entries, line), tables: new Map(), arrays: new Map() };
}

interface Budget {
  nodes: number;
}

function build(program: AST.TOMLProgram, budget: Budget): Value {
  const root = open(1);
  for (const node of program.body[0].body) {
    if (node.type === 'TOMLKeyValue') put(root, node, budget);
    else {
      const table = tableAt(root, node);
      for (const pair of node.body) put(table, pair, budget);
    }
  }
  return root.value;
}

function tableAt(root: Open, node: AST.TOMLTable): Open {
  const names = keyNames(node.key);
  const line = node.loc.start.line;
  const parent = names.slice(0, -1).reduce((at, name) => child(at, name, line), root);
  const name = names.at(-1) ?? '';
  return node.kind === 'array' ? element(parent, name, line) : child(parent, name, line);
}

function child(parent: Open, name: string, line: number): Open {
  const array = parent.arrays.get(name);
  if (array) return array.last;
  const known = parent.tables.get(name);
  if (known) return known;
  const made = open(line);
  parent.tables.set(name, made);
  parent.entries.push({ key: name, value: made.value, line });
  return made;
}

function element(parent: Open, name: string, line: number): Open {
  const made = open(line);
  const known = parent.arrays.get(name);
  if (known) {
    known.items.push(made.value);
    known.last = made;
    return made;
  }
  const items = [made.value];
  parent.arrays.set(name, { items, last: made });
  parent.entries.push({ key: name, value: list(items, line), line });
  return made;
}

function put(table: Open, pair: AST.TOMLKeyValue, budget: Budget): void {
  if (budget.nodes-- <= 0) return;
  const names = keyNames(pair.key);
  const line = pair.loc.start.line;
  const holder = names.slice(0, -1).reduce((at, name) => child(at, name, line), table);
  holder.entries.push({ key: names.at(-1) ?? '', value: valueOf(pair.value, budget), line });
}

const keyNames = (key: AST.TOMLKey): string[] =>
  key.keys.map((k) => (k.type === 'TOMLBare' ? k.name : k.value));

function valueOf(node: AST.TOMLContentNode, budget: Budget): Value {
  const line = node.loc.start.line;
  if (node.type === 'TOMLArray') {
    const kept = node.elements.slice(0, Math.max(0, budget.nodes));
    budget.nodes -= node.elements.length;
    return list(
      kept.map((e) => valueOf(e, budget)),
      line,
    );
  }
  if (node.type === 'TOMLInlineTable') {
    const table = open(line);
    for (const pair of node.body) put(table, pair, budget);
    return table.value;
  }
  switch (node.kind) {
    case 'string':
    case 'boolean':
      return scalar(node.value, line);
    case 'integer':
    case 'float':
      // Beyond a double the written digits are the value: two different numbers must not become one.
      return scalar(
        Number.isFinite(node.value) && Math.abs(node.value) <= Number.MAX_SAFE_INTEGER
          ? node.value
          : node.number,
        line,
      );
    default:
      return scalar(node.datetime, line);
  }
}
