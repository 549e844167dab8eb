import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type ParsedNode,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { LIMITS } from '../limits.ts';
import type { Entry, Value } from '../model/value.ts';
import { entry, expression, list, map, scalar, text } from '../values/value.ts';
import { lineAt, positionAt, type LineIndex } from './lines.ts';
import { PROBLEMS_KEPT, type SyntaxProblem } from './problem.ts';
import { touchesMask } from './templates.ts';
import { mergeSources, unwritten } from './yaml-merge.ts';
import { readPlainScalar } from './yaml-scalars.ts';
import { renderFlow, type TagReader } from './yaml-tags.ts';

/** What the documents of one text have in common while they are turned into values. */
export interface Conversion {
  readonly index: LineIndex;
  /** Masked template actions. */
  readonly ranges: readonly (readonly [number, number])[];
  readonly tag: TagReader;
  readonly problems: SyntaxProblem[];
  /** Values made so far, counting every use of an alias: what a consumer would walk. */
  nodes: number;
  /** Line found last: nodes come mostly in the order of the text. */
  line: number;
  /** Whether a flow map stands as the key of a map: `{{ x }}` to YAML, and nothing that people write. */
  braced: boolean;
}

/** An anchor's value with what it costs to use it once more; no value while it is still being read. */
interface Anchored {
  readonly value?: Value;
  readonly nodes: number;
  readonly height: number;
}

interface State {
  readonly shared: Conversion;
  readonly anchors: Map<string, Anchored>;
  aliases: number;
  /** Greatest depth met so far below the anchor being read. */
  deepest: number;
}

/** Characters of expression text that weigh as much as one value. */
const CHARS_PER_NODE = 16;
const YAML_TAG = 'tag:yaml.org,2002:';

export function convertDocument(node: ParsedNode, shared: Conversion): Value | undefined {
  const state: State = { shared, anchors: new Map(), aliases: 0, deepest: 0 };
  return convert(node, 1, state, lineOf(node.range[0], shared));
}

/** Undefined beyond a bound: the caller leaves the value out. */
function convert(node: ParsedNode | null, depth: number, state: State, line: number): Value | undefined {
  if (!spend(state, 1, node)) return undefined;
  if (depth > state.deepest) state.deepest = depth;
  if (!node) return scalar(null, line);
  if (isAlias(node)) return convertAlias(node, depth, state);
  if (node.anchor === undefined) return convertTagged(node, depth, state, line);
  const outer = { nodes: state.shared.nodes, deepest: state.deepest };
  state.anchors.set(node.anchor, { nodes: 0, height: 0 });
  state.deepest = depth;
  const value = convertTagged(node, depth, state, line);
  const cost = { nodes: state.shared.nodes - outer.nodes, height: state.deepest - depth };
  state.anchors.set(node.anchor, value ? { value, ...cost } : cost);
  state.deepest = Math.max(state.deepest, outer.deepest);
  return value;
}

function convertAlias(node: ParsedNode & { source: string }, depth: number, state: State): Value | undefined {
  const line = lineOf(node.range[0], state.shared);
  const anchored = state.anchors.get(node.source);
  const unknown = expression(`*${node.source}`, [], line);
  if (!anchored?.value) {
    tell(state, node, `The alias *${node.source} stands for nothing that is complete before it`, false);
    return unknown;
  }
  if (++state.aliases > LIMITS.aliases || depth + anchored.height > LIMITS.depth) {
    tell(state, node, `The alias *${node.source} expands too far`, true);
    return unknown;
  }
  if (!spend(state, anchored.nodes, node)) return undefined;
  state.deepest = Math.max(state.deepest, depth + anchored.height);
  return anchored.value;
}

function convertTagged(
  node: Exclude<ParsedNode, { source: string; items?: never; value?: never }>,
  depth: number,
  state: State,
  line: number,
): Value | undefined {
  const tag = node.tag;
  const value = convertPlain(node, depth, state, line);
  if (!value || !tag || tag === '!' || tag.startsWith(YAML_TAG)) return value;
  const tagged = state.shared.tag(tag, value, value.line);
  const written = tagged.kind === 'expression' ? tagged.text.length : 0;
  return spend(state, Math.floor(written / CHARS_PER_NODE), node) ? tagged : undefined;
}

function convertPlain(node: ParsedNode, depth: number, state: State, line: number): Value | undefined {
  if (isScalar(node)) return convertScalar(node, state, line);
  if (isMap(node)) return convertMap(node, depth, state);
  if (isSeq(node)) return convertSeq(node, depth, state);
  return undefined;
}

/** With the failsafe schema every scalar is a text. */
function sourceOf(node: Scalar): string {
  return typeof node.value === 'string' ? node.value : '';
}

function convertScalar(node: Scalar.Parsed, state: State, keyLine: number): Value {
  const { shared } = state;
  const source = sourceOf(node);
  const plain = node.type === 'PLAIN' || node.type === undefined;
  // Nothing was written: the library's position for it may be lines below.
  if (plain && source === '') return scalar(null, keyLine);
  const line = lineOf(node.range[0], shared);
  if (shared.ranges.length > 0) {
    const [start, end] = node.range;
    if (touchesMask(shared.ranges, start, end)) return templated(shared.index.text.slice(start, end), line);
  }
  const tag = node.tag?.startsWith(YAML_TAG) ? node.tag.slice(YAML_TAG.length) : node.tag;
  if (tag === 'int' || tag === 'float' || tag === 'bool' || tag === 'null')
    return scalar(readPlainScalar(source), line);
  const asText = !plain || tag === '!' || (tag !== undefined && node.tag?.startsWith(YAML_TAG));
  return scalar(asText ? source : readPlainScalar(source), line);
}

/** A value with template actions in it, by its own text. */
function templated(written: string, line: number): Value {
  const first = written[0];
  const block = first === '|' || first === '>';
  const quoted = first === '"' || first === "'";
  const inner = block ? written.slice(written.indexOf('\n') + 1) : quoted ? written.slice(1, -1) : written;
  const names = [...inner.matchAll(/\{\{[{\s-]{0,8}\.?([A-Za-z_][\w.-]{0,255})[}\s-]{0,8}\}\}/g)].map(
    (m) => m[1] ?? '',
  );
  return expression(inner, [...new Set(names)], line);
}

function convertSeq(node: YAMLSeq.Parsed, depth: number, state: State): Value {
  const line = lineOf(node.range[0], state.shared);
  const values: Value[] = [];
  let at = line;
  for (const item of node.items) {
    // A pair stands here only after an error, or in `[a: b]`.
    const child =
      'key' in item ? convertPair(item as never, depth, state, at) : convert(item, depth + 1, state, at);
    if (!child) break;
    at = child.line;
    values.push(child);
  }
  return list(values, line);
}

function convertPair(
  pair: { key: ParsedNode | null; value: ParsedNode | null },
  depth: number,
  state: State,
  line: number,
): Value | undefined {
  const key = readKey(pair.key, depth, state, line);
  const value = convert(pair.value, depth + 1, state, key.line);
  return value && map([entry(key.text, value, key.line)], key.line);
}

function convertMap(node: YAMLMap.Parsed, depth: number, state: State): Value {
  const line = lineOf(node.range[0], state.shared);
  const own: Entry[] = [];
  const merged: Entry[] = [];
  let at = line;
  for (const pair of node.items) {
    const key = readKey(pair.key, depth, state, at);
    at = key.line;
    const value = convert(pair.value, depth + 1, state, key.line);
    if (!value) break;
    const sources = isMergeKey(pair.key) ? mergeSources(value) : undefined;
    if (sources) merged.push(...sources);
    else own.push(entry(key.text, value, key.line));
  }
  return map(merged.length === 0 ? own : [...unwritten(merged, own), ...own], line);
}

function isMergeKey(node: ParsedNode): boolean {
  if (!isScalar(node)) return false;
  return node.value === '<<' && (node.type === 'PLAIN' || node.tag === `${YAML_TAG}merge`);
}

function readKey(
  node: ParsedNode | null,
  depth: number,
  state: State,
  fallbackLine: number,
): { readonly text: string; readonly line: number } {
  if (!node) return { text: '', line: fallbackLine };
  const { shared } = state;
  const line = lineOf(node.range[0], shared);
  const [start, end] = node.range;
  if (shared.ranges.length > 0 && touchesMask(shared.ranges, start, end))
    return { text: shared.index.text.slice(start, end).replace(/\s+/g, ' ').trim(), line };
  if (isScalar(node) && node.anchor === undefined) return { text: sourceOf(node), line };
  if (isMap(node) && node.flow) shared.braced = true;
  const value = convert(node, depth + 1, state, line);
  return { text: value ? (text(value) ?? renderFlow(value)) : '', line };
}

/** Counts values against the bound, and tells once when it is passed. */
function spend(state: State, nodes: number, node: ParsedNode | null): boolean {
  const { shared } = state;
  const had = shared.nodes <= LIMITS.nodes;
  shared.nodes += nodes;
  if (shared.nodes <= LIMITS.nodes) return true;
  if (had) tell(state, node, `More than ${LIMITS.nodes} values`, true);
  return false;
}

function tell(state: State, node: ParsedNode | null, message: string, limit: boolean): void {
  const { problems, index } = state.shared;
  if (problems.length < PROBLEMS_KEPT || limit)
    problems.push({ message, limit, ...positionAt(index, node?.range[0] ?? 0) });
}

function lineOf(offset: number, shared: Conversion): number {
  const { starts } = shared.index;
  for (let line = shared.line, tries = 0; tries < 4; line++, tries++) {
    if ((starts[line - 1] ?? Number.POSITIVE_INFINITY) > offset) break;
    if ((starts[line] ?? Number.POSITIVE_INFINITY) > offset) return (shared.line = line);
  }
  return (shared.line = lineAt(shared.index, offset));
}
