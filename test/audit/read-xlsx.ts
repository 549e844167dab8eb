import { XMLParser } from 'fast-xml-parser';
import { unzipSync } from 'fflate';

export interface Workbook {
  /** Names of the entries as they follow each other. */
  readonly entries: readonly string[];
  /** Rows with their cells; a text is a text and a number a number. */
  readonly sheets: ReadonlyMap<string, readonly (readonly (string | number)[])[]>;
  readonly xml: (path: string) => string;
}

interface Node {
  readonly [key: string]: unknown;
}

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  trimValues: false,
  parseTagValue: false,
  alwaysCreateTextNode: true,
  htmlEntities: true,
  isArray: (name) => ['sheet', 'row', 'c', 'Relationship', 'Override'].includes(name),
});

const at = (node: unknown, ...path: readonly string[]): unknown =>
  path.reduce((value, key) => (value as Node | undefined)?.[key], node);
const listAt = (node: unknown, ...path: readonly string[]): readonly Node[] =>
  (at(node, ...path) as readonly Node[] | undefined) ?? [];

/** Reads a workbook as far as its own tables of contents lead; throws where they lead nowhere. */
export function readXlsx(bytes: Uint8Array): Workbook {
  const files = unzipSync(bytes);
  const xml = (path: string): string => {
    const file = files[path];
    if (file === undefined) throw new Error(`There is no ${path}.`);
    return new TextDecoder('utf-8', { fatal: true }).decode(file);
  };
  for (const path of Object.keys(files)) requireWellFormed(path, xml(path));
  const typed = new Set(
    listAt(parser.parse(xml('[Content_Types].xml')), 'Types', 'Override').map((o) => o['PartName']),
  );
  const targets = new Map(
    listAt(parser.parse(xml('xl/_rels/workbook.xml.rels')), 'Relationships', 'Relationship').map((r) => [
      r['Id'],
      `xl/${String(r['Target'])}`,
    ]),
  );
  const sheets = new Map<string, readonly (readonly (string | number)[])[]>();
  for (const sheet of listAt(parser.parse(xml('xl/workbook.xml')), 'workbook', 'sheets', 'sheet')) {
    const path = targets.get(sheet['r:id']) ?? 'nowhere';
    if (!typed.has(`/${path}`)) throw new Error(`${path} has no type.`);
    sheets.set(unescaped(String(sheet['name'])), rowsIn(xml(path)));
  }
  return { entries: Object.keys(files), sheets, xml };
}

/** Every tag closed in its turn, one root, no character that XML has not, no reference that it does not know. */
function requireWellFormed(path: string, text: string): void {
  const open: string[] = [];
  let roots = 0;
  const body = text.replace(/^<\?xml [^?]*\?>\n/, '');
  for (const [piece, close, name = '', rest = ''] of body.matchAll(
    /<(\/?)([A-Za-z:]+)((?: [A-Za-z:]+="[^"<]*")*\/?)>|[^<]+|</g,
  )) {
    const wrong =
      piece === '<' ||
      /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|&(?!#\d+;)/.test(piece) ||
      !piece.isWellFormed();
    if (wrong) throw new Error(`${path}: ${piece.slice(0, 80)}`);
    if (!piece.startsWith('<')) continue;
    if (close === '/' && open.pop() !== name) throw new Error(`${path}: </${name}>`);
    if (close === '' && !rest.endsWith('/')) open.push(name);
    if (open.length === 0) roots++;
  }
  if (open.length > 0 || roots !== 1) throw new Error(`${path}: ${open.join(' ')}, ${roots} roots`);
}

function rowsIn(text: string): readonly (readonly (string | number)[])[] {
  return listAt(parser.parse(text), 'worksheet', 'sheetData', 'row').map((row) => {
    const cells: (string | number)[] = [];
    for (const cell of listAt(row, 'c')) {
      const column = numberOf(/^[A-Z]+/.exec(String(cell['r']))?.[0] ?? '');
      while (cells.length < column) cells.push('');
      const text = at(cell, 'is', 't', '#text');
      cells.push(
        cell['t'] === 'inlineStr'
          ? unescaped(typeof text === 'string' ? text : '')
          : Number(at(cell, 'v', '#text')),
      );
    }
    return cells;
  });
}

const numberOf = (column: string): number =>
  Array.from(column).reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;

/** `_x0041_` is how a text holds what XML cannot. */
const unescaped = (text: string): string =>
  text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
