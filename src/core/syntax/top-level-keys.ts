import type { SourceFile } from '../model/change.ts';
import type { Value } from '../model/value.ts';
import { entries } from '../values/value.ts';
import { parseJson } from './json.ts';
import { readYamlSource } from './yaml-source.ts';

/** Keys of the top-level map of one document. */
export type TopLevelKeys = ReadonlySet<string>;

/** Readers that share `*.yaml` ask one after the other. */
const known = new WeakMap<SourceFile, readonly TopLevelKeys[]>();

/**
 * Top-level keys of every document of a YAML or JSON file: what kind of file it is. Read off the lines where they are
 * written plainly, and from the parsed text where they are not, so that no spelling hides a file from its reader.
 */
export function topLevelKeys(file: SourceFile): readonly TopLevelKeys[] {
  const before = known.get(file);
  if (before) return before;
  const keys = keysOfJson(file) ?? keysOfLines(file.text) ?? keysOfYaml(file);
  known.set(file, keys);
  return keys;
}

/** Undefined for what is not JSON: a file of another name that only begins like it may still be YAML. */
function keysOfJson(file: SourceFile): readonly TopLevelKeys[] | undefined {
  const named = file.path.toLowerCase().endsWith('.json');
  if (!named && !/^\uFEFF?\s{0,1000}\{/.test(file.text)) return undefined;
  const { value, errors } = parseJson(file.text);
  return named || errors.length === 0 ? [keysOf(value)] : undefined;
}

function keysOfYaml(file: SourceFile): readonly TopLevelKeys[] {
  return readYamlSource(file).documents.map((d) => keysOf(d.value));
}

function keysOf(value: Value | undefined): TopLevelKeys {
  return new Set(entries(value).map((e) => e.key));
}

/** How a line begins whose key is not simply there: flow maps, explicit keys, anchors, tags, aliases. */
const UNUSUAL = new Set(['{', '[', '?', '&', '!', '*', '|', '>', '%']);

/** Undefined when lines do not tell. */
function keysOfLines(text: string): readonly TopLevelKeys[] | undefined {
  const documents: Set<string>[] = [];
  let keys: Set<string> | undefined;
  let margin = -1;
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    let at = text[start] === '\uFEFF' ? start + 1 : start;
    while (text[at] === ' ') at++;
    const first = text[at] ?? '';
    const indent = at - start;
    if (indent === 0 && (text.startsWith('---', start) || text.startsWith('...', start))) {
      if (!/^(?:---|\.\.\.)[ \t\r]*(?:#.*)?$/.test(text.slice(start, Math.min(end, start + 2_000))))
        return undefined;
      keys = undefined;
    } else if (at < end && first !== '#' && first !== '\r' && (!keys || indent <= margin)) {
      if (UNUSUAL.has(first)) return undefined;
      if (!keys) documents.push((keys = new Set()));
      margin = indent;
      const key = keyIn(text, at, end);
      if (key === undefined) return undefined;
      keys.add(key);
    }
    start = end + 1;
  }
  return documents;
}

/** The key that a line begins with; empty when it has none, undefined when it is written with escapes. */
function keyIn(text: string, at: number, end: number): string | undefined {
  const quote = text[at];
  if (quote === '"' || quote === "'") {
    const close = text.indexOf(quote, at + 1);
    const inner = close < 0 || close > end ? undefined : text.slice(at + 1, close);
    return inner?.includes('\\') || text[close + 1] === quote ? undefined : inner;
  }
  const colon = text.indexOf(':', at);
  return colon < 0 || colon > end ? '' : text.slice(at, colon).trim();
}
