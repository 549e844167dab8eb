import type { Grid } from '../csv.ts';

/** What a worksheet can hold, by the specification of the program that reads it: rows with the header, and characters of a cell. */
export const MOST_ROWS = 1_048_576;
export const MOST_CHARACTERS = 32_767;

/** Cell styles, by their places in `styles.xml`. */
export const STYLES = { number: 0, text: 1, head: 2 } as const;

export interface Part {
  readonly grid: Grid;
  /** File that has a text whole which is too long for a cell. */
  readonly source: string;
  /** Rows of the table that are on this sheet: more than fit go to further ones. */
  readonly from: number;
  readonly to: number;
  readonly selected: boolean;
}

const CHUNK = 64 * 1024;

/** The XML of one worksheet in pieces. No cell is a formula: each is a number, or a text that is written as one. */
export function* worksheetOf(part: Part): Generator<string> {
  const { grid, selected } = part;
  const widths = widthsOf(grid);
  let text = [
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n',
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">',
    `<sheetViews><sheetView workbookViewId="0"${selected ? ' tabSelected="1"' : ''}>`,
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>',
    ...widths.map((width, n) => `<col min="${n + 1}" max="${n + 1}" width="${width}" customWidth="1"/>`),
    '</cols><sheetData>',
  ].join('');
  text += rowOf(grid.columns, 1, 'head', part.source);
  let row = 1;
  for (const cells of slice(grid.rows(), part.from, part.to)) {
    text += rowOf(cells, ++row, 'text', part.source);
    if (text.length < CHUNK) continue;
    yield text;
    text = '';
  }
  const last = `${columnName(grid.columns.length - 1)}${row}`;
  yield `${text}</sheetData><autoFilter ref="A1:${last}"/></worksheet>`;
}

function* slice<T>(rows: Iterable<T>, from: number, to: number): Generator<T> {
  let n = 0;
  for (const row of rows) {
    if (n >= to) return;
    if (n++ >= from) yield row;
  }
}

/** Rows that are looked at to tell how wide a column is to be. */
const LOOKED_AT = 200;

function widthsOf(grid: Grid): readonly number[] {
  const rows = [...slice(grid.rows(), 0, LOOKED_AT)];
  return grid.columns.map((name, n) => {
    const longest = Math.max(name.length, ...rows.map((row) => String(row[n] ?? '').length));
    return Math.min(60, Math.max(8, longest + 3));
  });
}

function rowOf(
  cells: readonly (string | number)[],
  row: number,
  style: 'head' | 'text',
  source: string,
): string {
  const written = cells.map((cell, n) => cellOf(cell, `${columnName(n)}${row}`, style, source));
  return `<row r="${row}">${written.join('')}</row>`;
}

function cellOf(cell: string | number, place: string, style: 'head' | 'text', source: string): string {
  if (typeof cell === 'number' && Number.isFinite(cell)) return `<c r="${place}"><v>${cell}</v></c>`;
  const text = String(cell);
  if (text === '') return '';
  return `<c r="${place}" s="${STYLES[style]}" t="inlineStr"><is><t xml:space="preserve">${xml(bounded(text, source))}</t></is></c>`;
}

/** A text that no cell can hold ends with where it is whole. */
function bounded(text: string, source: string): string {
  if (text.length <= MOST_CHARACTERS) return text;
  const end = ` … (cut here: ${text.length} characters, whole in ${source})`;
  return text.slice(0, MOST_CHARACTERS - end.length).toWellFormed() + end;
}

/** `A`, `B` … `Z`, `AA`: columns as a spreadsheet names them. */
export function columnName(n: number): string {
  return (n >= 26 ? columnName(Math.floor(n / 26) - 1) : '') + String.fromCharCode(65 + (n % 26));
}

/**
 * For text and attributes. Readers take `_x0041_` for a character that could not be written otherwise, so that a text which
 * says just that has to be marked. Whatever XML cannot hold is shown by its code point, as elsewhere.
 */
export function xml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, (c) => `<U+${hex(c)}>`)
    .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
    .replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
}

const hex = (c: string): string => (c.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
