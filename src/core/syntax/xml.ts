import { XMLParser } from 'fast-xml-parser';
import { LIMITS } from '../limits.ts';
import { indexLines, lineAt, type LineIndex } from './lines.ts';
import type { SyntaxProblem } from './problem.ts';

/** One element. Namespace prefixes are cut from names; text is what stands directly in it, trimmed and decoded. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  readonly text: string;
  readonly line: number;
  readonly endLine: number;
}

export interface XmlReading {
  readonly root?: XmlElement;
  readonly errors: readonly SyntaxProblem[];
}

/** Entities are never expanded by the parser: the five of XML and numbers are decoded here, nothing a document declares. */
const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  captureMetaData: true,
  processEntities: false,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: true,
  removeNSPrefix: true,
  maxNestedTags: LIMITS.depth,
});
const META = XMLParser.getMetaDataSymbol() as unknown as symbol;

/** XML text → positioned elements. An error loses the whole text, as it does for every XML tool. Never throws. */
export function parseXml(text: string): XmlReading {
  if (text.length > LIMITS.fileChars) {
    return {
      errors: [
        { message: `The text has more than ${LIMITS.fileChars} characters`, line: 1, column: 1, limit: true },
      ],
    };
  }
  const source = text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text;
  try {
    const root = elements(parser.parse(source) as unknown, indexLines(source), 0).find(
      (e) => !e.name.startsWith('?'),
    );
    if (!root)
      return { errors: [{ message: 'The text has no XML element', line: 1, column: 1, limit: false }] };
    return { root, errors: [] };
  } catch (error) {
    const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    return {
      errors: [{ message: message.slice(0, 200), line: 1, column: 1, limit: /exceeded/.test(message) }],
    };
  }
}

/** The parser's ordered form: a list of one-key objects `{name: children, ':@': attributes}`, text under `#text`. */
function elements(nodes: unknown, index: LineIndex, depth: number): XmlElement[] {
  if (!Array.isArray(nodes) || depth > LIMITS.depth) return [];
  const out: XmlElement[] = [];
  for (const node of nodes as readonly Record<string | symbol, unknown>[]) {
    const name = Object.keys(node).find((k) => k !== ':@' && k !== '#text');
    if (name === undefined) continue;
    const inner = node[name];
    const meta = node[META] as { startIndex?: number; endIndex?: number } | undefined;
    const line = lineAt(index, meta?.startIndex ?? 0);
    out.push({
      name,
      attributes: attributesOf(node[':@']),
      children: elements(inner, index, depth + 1),
      text: textOf(inner),
      line,
      endLine: Math.max(line, lineAt(index, (meta?.endIndex ?? 1) - 1)),
    });
  }
  return out;
}

function attributesOf(written: unknown): ReadonlyMap<string, string> {
  if (typeof written !== 'object' || written === null) return new Map();
  return new Map(Object.entries(written).map(([key, value]) => [key.slice(1), decode(String(value))]));
}

function textOf(inner: unknown): string {
  if (!Array.isArray(inner)) return '';
  const parts = (inner as readonly Record<string, unknown>[]).flatMap((n) =>
    '#text' in n ? [String(n['#text'])] : [],
  );
  return decode(parts.join(' ').trim());
}

const NAMED: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);

function decode(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(
    /&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{2,4}));/gi,
    (all: string, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return NAMED.get(name.toLowerCase()) ?? all;
      const code = decimal === undefined ? parseInt(hex ?? '', 16) : Number(decimal);
      return code <= 0x10ffff ? String.fromCodePoint(code) : all;
    },
  );
}

/** First child element of that name. */
export function childOf(element: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined {
  return path.reduce<XmlElement | undefined>(
    (at, name) => at?.children.find((c) => c.name === name),
    element,
  );
}

/** Text of the first child element of that name, or undefined when there is none or it is empty. */
export function childText(element: XmlElement | undefined, name: string): string | undefined {
  const text = childOf(element, name)?.text;
  return text === undefined || text === '' ? undefined : text;
}
