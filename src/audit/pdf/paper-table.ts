import { LEFT, PAGE, WIDTH, type Element, type Paper, type Style } from './paper.ts';

export interface Column {
  readonly title: string;
  /** Width beside the others. */
  readonly weight: number;
  /** In points, as long as all columns together have so much. */
  readonly least?: number;
  readonly right?: boolean;
}

export interface PaperTable {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
  /** Left edge and width; all of the page where they are left out. */
  readonly x?: number;
  readonly width?: number;
  readonly size?: number;
  /** Lines of a cell; what is longer is cut, and shows it. */
  readonly lines?: number;
  /** Stays on the page it is on; says how many rows were drawn. */
  readonly onePage?: boolean;
  /** What has to stay free below it then. */
  readonly below?: number;
}

const PADDING = 2.5;
const LINE = '#BBBBBB';
const FILL = '#EEEEEE';

/** Draws a table over as many pages as it takes, and says how many rows there are of it on paper. */
export function drawTable(paper: Paper, table: PaperTable): number {
  const layout = layoutOf(table);
  const element = paper.element('Table');
  const head = table.columns.map((column) => column.title);
  const first = cellsOf(paper, head, layout, 'bold');
  const [begin] = table.rows.slice(0, 1).map((row) => cellsOf(paper, row, layout, 'regular'));
  if (table.onePage !== true) paper.require(heightOf(first, layout) + heightOf(begin ?? [], layout));
  drawHead(paper, first, layout, element);
  let drawn = 0;
  for (const row of table.rows) {
    const cells = cellsOf(paper, row, layout, 'regular');
    const height = heightOf(cells, layout);
    if (paper.room < height + (table.below ?? 0)) {
      if (table.onePage === true) break;
      paper.page();
      drawHead(paper, first, layout, undefined);
    }
    drawRow(paper, cells, layout, element, 'TD');
    drawn++;
  }
  element.end();
  paper.y += 6;
  return drawn;
}

interface Layout {
  readonly columns: readonly Column[];
  readonly lefts: readonly number[];
  readonly widths: readonly number[];
  readonly style: Style;
  readonly lines: number;
  readonly x: number;
  readonly width: number;
}

type Cells = readonly (readonly string[])[];

function layoutOf({ columns, x = LEFT, width = WIDTH, size = 7, lines = 6 }: PaperTable): Layout {
  const widths = widthsOf(columns, width);
  const lefts = widths.map((_, n) => widths.slice(0, n).reduce((sum, one) => sum + one, x));
  // A row has its place on one page, whatever is in it.
  const most = Math.floor((PAGE.height - 200) / (size * 1.3));
  return { columns, lefts, widths, style: { size }, lines: Math.min(lines, most), x, width };
}

/** First what each column needs, then what is left to those that would like more. */
function widthsOf(columns: readonly Column[], width: number): readonly number[] {
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
  const least = columns.map((column) => column.least ?? 0);
  if (sum(least) >= width) return least.map((one) => (one / sum(least)) * width);
  const wishes = columns.map((column, n) => Math.max(0, column.weight - (least[n] ?? 0)));
  const left = width - sum(least);
  const even = sum(wishes) === 0;
  return least.map((one, n) => one + left * (even ? 1 / columns.length : (wishes[n] ?? 0) / sum(wishes)));
}

function cellsOf(paper: Paper, row: readonly string[], layout: Layout, weight: 'regular' | 'bold'): Cells {
  const { columns, widths, style, lines } = layout;
  return columns.map((_, n) =>
    paper.lines(row[n] ?? '', { ...style, weight }, (widths[n] ?? 0) - 2 * PADDING, lines),
  );
}

const lineHeight = ({ style }: Layout): number => style.size * 1.25;

const heightOf = (cells: Cells, layout: Layout): number =>
  Math.max(1, ...cells.map((lines) => lines.length)) * lineHeight(layout) + 2 * PADDING;

/** The head is told once; on further pages it is there for the eye. */
function drawHead(paper: Paper, cells: Cells, layout: Layout, element: Element | undefined): void {
  const height = heightOf(cells, layout);
  paper.artifact(() => {
    paper.drawing.rect(layout.x, paper.y, layout.width, height).fill(FILL);
  });
  if (element !== undefined) drawRow(paper, cells, layout, element, 'TH');
  else
    paper.artifact(() => {
      for (const n of cells.keys()) drawCell(paper, cells, n, layout, 'bold');
      paper.y += height;
    });
}

function drawRow(paper: Paper, cells: Cells, layout: Layout, table: Element, type: 'TH' | 'TD'): void {
  const row = paper.childOf(table, 'TR');
  for (const n of cells.keys())
    paper.tagged(
      row,
      type,
      () => {
        drawCell(paper, cells, n, layout, type === 'TH' ? 'bold' : 'regular');
      },
      type === 'TH' ? { scope: 'Column' } : {},
    );
  row.end();
  paper.y += heightOf(cells, layout);
  paper.artifact(() => {
    const { x, width } = layout;
    paper.drawing
      .lineWidth(0.4)
      .strokeColor(LINE)
      .moveTo(x, paper.y)
      .lineTo(x + width, paper.y)
      .stroke();
  });
}

function drawCell(paper: Paper, cells: Cells, n: number, layout: Layout, weight: 'regular' | 'bold'): void {
  const style = { ...layout.style, weight };
  const [left = 0, width = 0] = [layout.lefts[n], layout.widths[n]];
  for (const [line, text] of (cells[n] ?? []).entries()) {
    const shift = layout.columns[n]?.right === true ? width - 2 * PADDING - paper.widthOf(text, style) : 0;
    paper.write(text, left + PADDING + shift, paper.y + PADDING + line * lineHeight(layout), style);
  }
}
