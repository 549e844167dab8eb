import { count } from '../../core/report/outline.ts';
import type { Grid } from '../csv.ts';
import type { Sheet } from '../sheet.ts';
import { BODY, type Paper, type Style } from './paper.ts';
import { drawTable, type Column } from './paper-table.ts';

/** A row by the names of its columns. */
export type GridRow = Readonly<Record<string, string | number>>;

/** A column of the table, or several of them in one: each row has only some of them. */
export type ViewColumn = string | readonly [title: string, names: readonly string[]];

/** How a table of the package is shown on paper, which has not the room for all of it. */
export interface View {
  /** In this order; all but numbers of accounts and repositories where it is left out. */
  readonly columns?: readonly ViewColumn[];
  /** Not shown, because it stands elsewhere in the row or the document. */
  readonly without?: readonly string[];
  readonly where?: (row: GridRow) => boolean;
  readonly most?: number;
  /** Said where there is no row. */
  readonly none?: string;
}

const SMALL: Style = { size: 7 };

/** More rows than these are in the file. */
const MOST_ROWS = 200;
const MOST_COLUMNS = 15;

export function* rowsOf({ columns, rows }: Grid): Generator<GridRow> {
  for (const row of rows()) yield Object.fromEntries(columns.map((name, n) => [name, row[n] ?? '']));
}

/** A table of the package, up to a bound, with what is left out of it. */
export function drawGrid(paper: Paper, { name, grid }: Sheet, view: View = {}): void {
  if (grid === undefined) return;
  const { where = () => true, most = MOST_ROWS, none = 'There is none.' } = view;
  const shown: GridRow[] = [];
  let all = 0;
  for (const row of rowsOf(grid)) {
    if (!where(row)) continue;
    all++;
    if (shown.length < most) shown.push(row);
  }
  if (all === 0) {
    paper.paragraph(none);
    return;
  }
  const filled = grid.columns.filter((column) => shown.some((row) => (row[column] ?? '') !== ''));
  const columns = columnsOf(filled, view);
  const table = columns.map(({ names }) => shown.map((row) => together(row, names)));
  drawTable(paper, {
    columns: columns.map(({ title }, n) => ({ title, ...measured(paper, title, table[n] ?? []) })),
    rows: shown.map((_, n) => table.map((cells) => cells[n] ?? '')),
  });
  drawMore(paper, all - shown.length, 'row', name);
  const told = new Set(columns.flatMap(({ names }) => names));
  const left = filled.filter((column) => !told.has(column)).map(titleOf);
  if (left.length > 0) paper.paragraph(`Not shown here: ${left.join(', ')}. ${name} has them.`, SMALL);
}

const together = (row: GridRow, names: readonly string[]): string =>
  names
    .map((name) => String(row[name] ?? ''))
    .filter((text) => text !== '')
    .join('; ');

export function drawMore(paper: Paper, left: number, what: string, file: string): void {
  if (left > 0)
    paper.paragraph(`${count(left, `more ${what}`)} ${left === 1 ? 'is' : 'are'} in ${file}.`, BODY);
}

interface PaperColumn {
  readonly title: string;
  readonly names: readonly string[];
}

/** Of those with anything in them: there are many, and each exception has only some. */
function columnsOf(filled: readonly string[], { columns, without = [] }: View): readonly PaperColumn[] {
  return (columns ?? filled.filter((name) => !/(?:_id|^as_of)$/.test(name)))
    .map((column) =>
      typeof column === 'string'
        ? { title: titleOf(column), names: [column] }
        : { title: column[0], names: column[1] },
    )
    .filter(({ names }) => names.some((name) => filled.includes(name) && !without.includes(name)))
    .slice(0, MOST_COLUMNS);
}

const titleOf = (column: string): string => column.replaceAll('_', ' ');

/** Wider words than this are cut, and wider texts are wrapped, so that the other columns do not suffer. */
const WIDEST_WORD = 112;
const WIDEST_TEXT = 230;
const AROUND = 6;

/** How much room a column needs at least, so that no word is cut, and how much it would like. */
function measured(paper: Paper, title: string, cells: readonly string[]): Pick<Column, 'weight' | 'least'> {
  const style = { size: 7 };
  const words = title.split(' ').map((word) => paper.widthOf(word, { ...style, weight: 'bold' }));
  const texts: number[] = [];
  for (const cell of cells) {
    const bounded = cell.slice(0, 200);
    texts.push(paper.widthOf(bounded, style));
    for (const word of bounded.split(' ')) words.push(paper.widthOf(word, style));
  }
  const least = Math.min(WIDEST_WORD, Math.max(...words)) + AROUND;
  return { least, weight: Math.max(least, Math.min(WIDEST_TEXT, Math.max(0, ...texts)) + AROUND) };
}
