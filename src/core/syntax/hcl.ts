import type { Tree } from 'web-tree-sitter';
import { LIMITS } from '../limits.ts';
import type { HclBlock, HclExpression, HclItem } from './hcl-tree.ts';
import { readBody } from './hcl-body.ts';
import { type Bounds, startWalk } from './hcl-cursor.ts';
import { findHeaders, type Header } from './hcl-headers.ts';
import { findPile, type Squeezed, squeeze } from './hcl-source.ts';
import { indexLines, positionAt } from './lines.ts';
import { hclParser } from './parsers.ts';
import { maskTemplates } from './templates.ts';
import { PROBLEMS_KEPT, type SyntaxProblem } from './problem.ts';

/** What was made of an HCL text: everything readable, and why the rest is not here. */
export interface HclReading {
  readonly body: readonly HclItem[];
  readonly errors: readonly SyntaxProblem[];
}

/**
 * Times the parser may report progress (every hundred steps) before it is stopped, once for a whole text and once
 * for its pieces together. A megabyte of ordinary text needs 17,000.
 */
const PROGRESS = 18_000;
const TOO_MANY_STEPS = 'The text takes too many parsing steps';

/**
 * HCL text → tree. One broken block does not lose the others: a text with errors is cut at its top-level block headers
 * and read piece by piece. Bounded by `LIMITS`; never throws for any text. `initParsers` must have been awaited.
 */
export function readHcl(text: string): HclReading {
  if (text.length > LIMITS.fileChars) {
    const message = `The text has more than ${LIMITS.fileChars} characters`;
    return { body: [], errors: [{ message, line: 1, column: 1, limit: true }] };
  }
  const source = text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text;
  const bounds: Bounds = { nodesLeft: LIMITS.nodes, problems: [] };
  const pile = findPile(source);
  const whole = pile ? 'damaged' : readWhole(source, bounds);
  const body = typeof whole === 'string' ? readPieces(source, bounds, whole === 'stopped') : whole;
  return { body, errors: bounds.problems };
}

/** A string that may hold `${ … }`, as JSON syntax has it: no escapes but `$${`. Undefined when it is broken. */
export function readHclTemplate(text: string, line: number): HclExpression | undefined {
  let marker = 'T';
  while (text.includes(marker)) marker += 'T';
  const bounds: Bounds = { nodesLeft: LIMITS.nodes, problems: [] };
  const whole = readWhole(`t = <<${marker}\n${text}\n${marker}\n`, bounds, line - 2);
  const [item] = Array.isArray(whole) ? whole : [];
  if (item?.kind !== 'attribute' || item.value.kind !== 'template') return undefined;
  const parts = item.value.parts.map((part, index, all) =>
    part.kind === 'text' && index === all.length - 1 ? { ...part, text: part.text.slice(0, -1) } : part,
  );
  return {
    kind: 'template',
    parts: parts.filter((p) => p.kind !== 'text' || p.text !== ''),
    heredoc: false,
    line,
    textLine: line,
  };
}

/** Parses and forgets: the parser's own share of the time, for measuring. Says whether the text has errors. */
export function parseHclOnly(text: string): { readonly hasError: boolean } {
  const parsed = parse(text, { left: PROGRESS });
  const hasError = parsed?.tree.rootNode.hasError ?? true;
  parsed?.tree.delete();
  return { hasError };
}

interface Parsed {
  /** The reader's to delete: WebAssembly memory is not collected. */
  readonly tree: Tree;
  readonly original: Squeezed['original'];
}

/** Undefined when the parser gave up on it. */
function parse(text: string, progress: { left: number }): Parsed | undefined {
  const { parser } = hclParser();
  const { text: short, original } = squeeze(text);
  const progressCallback = (): boolean => --progress.left < 0;
  const tree = parser.parse(short, null, { progressCallback });
  if (tree) return { tree, original };
  parser.reset();
  return undefined;
}

function readWhole(text: string, bounds: Bounds, shift = 0): HclItem[] | 'damaged' | 'stopped' {
  const parsed = parse(text, { left: PROGRESS });
  if (!parsed) return 'stopped';
  try {
    return parsed.tree.rootNode.hasError ? 'damaged' : walkTree(parsed, text, shift, bounds);
  } finally {
    parsed.tree.delete();
  }
}

function walkTree({ tree, original }: Parsed, text: string, shift: number, bounds: Bounds): HclItem[] {
  const cursor = tree.walk();
  try {
    return readBody(startWalk(text, { cursor, original }, shift, bounds));
  } finally {
    cursor.delete();
  }
}

/** `stopped`: the parser gave up on the text as a whole, so trying the same again is no use. */
function readPieces(text: string, bounds: Bounds, stopped: boolean): HclItem[] {
  const headers = findHeaders(text);
  const progress = { left: PROGRESS };
  const first = headers[0]?.offset ?? text.length;
  if (headers.length === 0 && stopped) {
    note(bounds, { message: TOO_MANY_STEPS, line: 1, column: 1, limit: true });
    return [];
  }
  const items = readPiece(text.slice(0, first), undefined, progress, bounds);
  for (const [index, header] of headers.entries()) {
    if (index === LIMITS.resources) {
      const message = `More than ${LIMITS.resources} blocks`;
      note(bounds, { message, line: header.line, column: 1, limit: true });
      break;
    }
    const piece = text.slice(header.offset, headers[index + 1]?.offset ?? text.length);
    items.push(...readPiece(piece, header, progress, bounds));
  }
  return items;
}

function note(bounds: Bounds, problem: SyntaxProblem): void {
  if (bounds.problems.length < PROBLEMS_KEPT) bounds.problems.push(problem);
}

function readPiece(
  text: string,
  header: Header | undefined,
  progress: { left: number },
  bounds: Bounds,
): HclItem[] {
  const shift = (header?.line ?? 1) - 1;
  const pile = findPile(text);
  const parsed = pile ? undefined : parse(text, progress);
  if (!parsed) {
    const message = pile?.message ?? TOO_MANY_STEPS;
    const line = (pile?.line ?? 1) + shift;
    note(bounds, { message: `${message}${within(header)}`, line, column: pile?.column ?? 1, limit: true });
    return header ? [salvage(text, header, [])] : [];
  }
  try {
    if (!parsed.tree.rootNode.hasError) return walkTree(parsed, text, shift, bounds);
    const items = readMasked(text, header, progress, bounds) ?? readDamaged(parsed, text, header, bounds);
    return header ? rejoin(text, header, items) : items;
  } finally {
    parsed.tree.delete();
  }
}

function readDamaged(parsed: Parsed, text: string, header: Header | undefined, bounds: Bounds): HclItem[] {
  note(bounds, locate(parsed, text, header));
  return walkTree(parsed, text, (header?.line ?? 1) - 1, bounds);
}

/** The piece as it reads without the placeholders of a template language; undefined when those are not its trouble. */
function readMasked(
  text: string,
  header: Header | undefined,
  progress: { left: number },
  bounds: Bounds,
): HclItem[] | undefined {
  const { text: masked, ranges } = maskTemplates(text);
  const [first] = ranges;
  const parsed = first ? parse(masked, progress) : undefined;
  if (!first || !parsed) return undefined;
  try {
    if (parsed.tree.rootNode.hasError) return undefined;
    const { line, column } = positionAt(indexLines(text), first[0]);
    const shift = (header?.line ?? 1) - 1;
    const message = `A placeholder of a template language is not filled in${within(header)}`;
    note(bounds, { message, line: line + shift, column, limit: false });
    return walkTree(parsed, text, shift, bounds);
  } finally {
    parsed.tree.delete();
  }
}

function within(header: Header | undefined): string {
  return header ? ` in block \`${[header.type, ...header.labels].join(' ').slice(0, 120)}\`` : '';
}

/** Makes sure that a damaged piece yields the block its header announces: what was found loose belongs to it. */
function rejoin(text: string, header: Header, items: readonly HclItem[]): HclItem[] {
  const [first] = items;
  if (first?.kind === 'block' && first.line === header.line && first.type === header.type) return [...items];
  return [salvage(text, header, items)];
}

function salvage(text: string, header: Header, body: readonly HclItem[]): HclBlock {
  const endLine = header.line + text.trimEnd().split('\n').length - 1;
  return { kind: 'block', type: header.type, labels: header.labels, body, line: header.line, endLine };
}

/** The first error of a tree, searched only where the tree says there is one. */
function locate({ tree, original }: Parsed, text: string, header: Header | undefined): SyntaxProblem {
  const cursor = tree.walk();
  try {
    for (let steps = 0; steps < 10_000 && cursor.nodeType !== 'ERROR' && !cursor.nodeIsMissing; steps++) {
      const inside = cursor.currentNode.hasError && cursor.gotoFirstChild();
      if (!inside && !cursor.gotoNextSibling()) break;
    }
    const what = cursor.nodeIsMissing ? `\`${cursor.nodeType}\` is missing` : 'The syntax is broken';
    const place = positionAt(indexLines(text), original(cursor.startIndex));
    const line = place.line + (header?.line ?? 1) - 1;
    return { message: `${what}${within(header)}`, line, column: place.column, limit: false };
  } finally {
    cursor.delete();
  }
}
