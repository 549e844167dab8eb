import { Composer, isScalar, Parser, Schema, type CST, type Document, type ParsedNode } from 'yaml';
import { LIMITS } from '../limits.ts';
import type { Value } from '../model/value.ts';
import { indexLines, lineAt, positionAt, type LineIndex } from './lines.ts';
import { PROBLEMS_KEPT, type SyntaxProblem } from './problem.ts';
import { maskTemplates, type MaskedText } from './templates.ts';
import { convertDocument, type Conversion } from './yaml-values.ts';
import { CLOUDFORMATION_TAGS, readTag, type TagReader } from './yaml-tags.ts';

export interface YamlDocument {
  /** Absent for a document with nothing but comments. Maps keep repeated keys in written order; merge keys are applied. */
  readonly value?: Value;
  /** 1-based lines of the first and the last character of the content. */
  readonly startLine: number;
  readonly endLine: number;
}

export interface YamlReading {
  readonly documents: readonly YamlDocument[];
  /** In the order of the text, at most `PROBLEMS_KEPT`. */
  readonly errors: readonly SyntaxProblem[];
  /** Whether doubled braces stand bare, which YAML takes for a map in a map and people mean for a template action. */
  readonly braced: boolean;
}

export interface YamlOptions {
  /** Mask Mustache, Jinja and Go template actions first; a value that holds one becomes an expression of its own text. */
  readonly templates?: boolean;
  /** What to make of a node with a tag that is not YAML's own; by default `readTag`. */
  readonly tag?: TagReader;
}

/** Of one file; each costs as much as a hundred values. */
const MOST_DOCUMENTS = 5_000;
/** Tokens other than white space between two nodes; valid YAML has at most a handful. */
const RUN_KEPT = 64;

/**
 * Every scalar is text to the library; what it means is read here. A schema serves all documents, as building one
 * costs as much as reading a small document.
 */
const PLAIN = new Schema({ schema: 'failsafe', resolveKnownTags: false });
/** The library warns of every tag that it does not know, which is slow, and asks every known one about every scalar. */
const TAGGED = new Schema({
  schema: 'failsafe',
  resolveKnownTags: false,
  customTags: CLOUDFORMATION_TAGS.flatMap((name) => [
    { tag: `!${name}`, resolve: (source: string) => source },
    { tag: `!${name}`, collection: 'map' as const },
    { tag: `!${name}`, collection: 'seq' as const },
  ]),
});

function composerFor(text: string): Composer {
  const schema = /(?:^|[\s[{,])![A-Z]/.test(text) ? TAGGED : PLAIN;
  return new Composer<ParsedNode>({ schema, prettyErrors: false, uniqueKeys: false, logLevel: 'silent' });
}

/**
 * YAML text → positioned trees, one for each document. Scalars by the YAML 1.2 core schema (`yes` and `on` are text);
 * a number that would print differently stays text. Aliases and merge keys are applied within bounds. After an error
 * the readable rest is kept. Bounded by `LIMITS`; never throws.
 */
export function parseYaml(text: string, options: YamlOptions = {}): YamlReading {
  if (text.length > LIMITS.fileChars)
    return {
      documents: [],
      errors: [problem(`The text has more than ${LIMITS.fileChars} characters`, true)],
      braced: false,
    };
  const index = indexLines(text);
  const mask = options.templates ? maskTemplates(text) : { text, masked: false, ranges: [] };
  const errors: SyntaxProblem[] = [];
  const conversion: Conversion = {
    index,
    ranges: mask.ranges,
    tag: options.tag ?? readTag,
    problems: errors,
    nodes: 0,
    line: 1,
    braced: false,
  };
  const documents: YamlDocument[] = [];
  try {
    for (const document of compose(mask, index, errors)) documents.push(readDocument(document, conversion));
  } catch (error) {
    // Nothing known does this; should the library fail on some text, that text alone is unread.
    errors.push(
      problem(`The YAML parser gave up: ${error instanceof Error ? error.message : String(error)}`, true),
    );
  }
  errors.sort((a, b) => a.line - b.line || a.column - b.column);
  return { documents, errors: errors.slice(0, PROBLEMS_KEPT), braced: conversion.braced };
}

/** Only what the YAML library itself does with the text: the yardstick for the time that reading takes. */
export function parseYamlOnly(text: string): number {
  const composer = composerFor(text);
  return [...composer.compose(new Parser().parse(text))].length;
}

function* compose(mask: MaskedText, index: LineIndex, errors: SyntaxProblem[]): Generator<Document.Parsed> {
  const composer = composerFor(mask.text);
  let documents = 0;
  let others = 0;
  for (const token of new Parser().parse(mask.text)) {
    if (token.type === 'document') {
      const cut = prune(token);
      if (cut !== undefined) errors.push(limit(index, cut, `Nested deeper than ${LIMITS.depth} levels`));
      documents++;
    } else if (!TRIVIA.has(token.type)) others++;
    if (documents > MOST_DOCUMENTS || others > MOST_DOCUMENTS) {
      errors.push(limit(index, token.offset, `More than ${MOST_DOCUMENTS} documents, directives or errors`));
      break;
    }
    yield* report(composer.next(token), index, errors);
  }
  yield* report(composer.end(), index, errors);
}

function* report(
  documents: Iterable<Document.Parsed>,
  index: LineIndex,
  errors: SyntaxProblem[],
): Generator<Document.Parsed> {
  for (const document of documents) {
    for (const error of document.errors.slice(0, PROBLEMS_KEPT))
      errors.push({ ...positionAt(index, error.pos[0]), message: withoutText(error.message), limit: false });
    yield document;
  }
}

/** Some messages repeat the text that they are about, which may be long and may be secret. */
function withoutText(message: string): string {
  const quoted = message.search(/: ["']/);
  return (quoted < 0 ? message : message.slice(0, quoted)).slice(0, 200);
}

/**
 * Takes out what is nested deeper than the bound, because the composer recurses, and long runs of tokens that stand
 * where none may, because it makes an error of each.
 * @returns the offset of the first cut of depth, if any
 */
function prune(document: CST.Document): number | undefined {
  let cut: number | undefined;
  let level: CST.Token[] = document.value ? [document.value] : [];
  thin(document.end);
  for (let depth = 1; level.length > 0; depth++) {
    const next: CST.Token[] = [];
    for (const token of level) {
      if ('end' in token) thin(token.end);
      if (!('items' in token)) continue;
      if (depth === LIMITS.depth) {
        cut = Math.min(cut ?? token.offset, token.offset);
        token.items.length = 0;
        continue;
      }
      for (const item of token.items) {
        thin(item.start);
        thin(item.sep);
        if (item.value) next.push(item.value);
        if (item.key) next.push(item.key);
      }
    }
    level = next;
  }
  return cut;
}

const TRIVIA: ReadonlySet<string> = new Set(['space', 'comment', 'newline']);

function thin(tokens: CST.SourceToken[] | null | undefined): void {
  if (!tokens || tokens.length <= RUN_KEPT) return;
  let others = 0;
  const kept = tokens.filter((token) => TRIVIA.has(token.type) || ++others <= RUN_KEPT);
  tokens.length = 0;
  for (const token of kept) tokens.push(token);
}

function readDocument(document: Document.Parsed, conversion: Conversion): YamlDocument {
  const { index } = conversion;
  const contents = document.contents;
  if (!contents) {
    const line = lineAt(index, document.range[0]);
    return { startLine: line, endLine: line };
  }
  const [start, end] = contents.range;
  const empty =
    isScalar(contents) &&
    contents.value === '' &&
    contents.type !== 'QUOTE_DOUBLE' &&
    contents.type !== 'QUOTE_SINGLE';
  const value = empty ? undefined : convertDocument(contents, conversion);
  const lines = { startLine: lineAt(index, start), endLine: lineAt(index, lastInk(index.text, start, end)) };
  return value ? { value, ...lines } : lines;
}

/** Offset of the last character in `[start, end)` that is not white space. */
function lastInk(text: string, start: number, end: number): number {
  let at = Math.min(end, text.length) - 1;
  while (at > start && /\s/.test(text[at] ?? '')) at--;
  return Math.max(at, start);
}

function limit(index: LineIndex, offset: number, message: string): SyntaxProblem {
  return { ...positionAt(index, offset), message, limit: true };
}

function problem(message: string, limit: boolean): SyntaxProblem {
  return { message, line: 1, column: 1, limit };
}
