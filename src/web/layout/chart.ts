import { attributes, html, type Content, type SafeHtml } from './html.ts';
import { details } from './heading.ts';
import { dataTable, type Column } from './table.ts';

/** Room in units of the drawing, which are about pixels of a page: a chart is never much wider than this. */
export const SIZE = { width: 360, height: 190, left: 38, right: 8, top: 10, bottom: 34 } as const;
export const INNER = {
  width: SIZE.width - SIZE.left - SIZE.right,
  height: SIZE.height - SIZE.top - SIZE.bottom,
  base: SIZE.height - SIZE.bottom,
} as const;

export interface ChartFrame {
  /** Unique on the page. */
  readonly id: string;
  readonly title: string;
  /** What it shows, in words, for those who cannot see it: a sentence with the figures that matter. */
  readonly description: string;
  /** Behind the chart, so that nobody has to measure it. */
  readonly table: { readonly columns: readonly Column<number>[]; readonly rows: number };
  /** What it means and how it is counted. */
  readonly note?: Content;
  readonly legend?: SafeHtml | undefined;
}

/** A drawing in its frame: title, legend, the numbers behind it. */
export function chart(frame: ChartFrame, drawing: Content): SafeHtml {
  const { id, title, description, table, note, legend } = frame;
  const rows = [...Array(table.rows).keys()];
  return html`<figure class="chart">
    <figcaption>${title}</figcaption>
    <svg viewBox="0 0 ${SIZE.width} ${SIZE.height}" role="img" aria-labelledby="${id}-title ${id}-about">
      <title id="${id}-title">${title}</title>
      <desc id="${id}-about">${description}</desc>
      ${drawing}
    </svg>
    ${legend}${note === undefined ? undefined : html`<p class="hint">${note}</p>`}
    ${details(html`Numbers<span class="visually-hidden">: ${title}</span>`, dataTable({ caption: title, hideCaption: true, columns: table.columns, rows }))}
  </figure> `;
}

/** The least round number that holds the largest value, so that a half of it is round as well. */
export function ceilingOf(largest: number): number {
  if (largest <= 2) return 2;
  const power = 10 ** Math.floor(Math.log10(largest));
  return [1, 2, 4, 6, 10].map((step) => step * power).find((top) => top >= largest) ?? largest;
}

/** Lines at nothing, half and all, with their values. */
export function scale(top: number, shown: (value: number) => string): SafeHtml {
  return html`<g class="scale"
    >${[0, top / 2, top].map((value) => {
      const y = heightOf(value, top);
      return html`<line x1="${SIZE.left}" x2="${SIZE.width - SIZE.right}" y1="${y}" y2="${y}" /><text
          x="${SIZE.left - 6}"
          y="${y + 4}"
          text-anchor="end"
          >${shown(value)}</text
        >`;
    })}</g
  >`;
}

/** Where a value is drawn; below nothing there is nothing. */
export const heightOf = (value: number, top: number): number =>
  rounded(INNER.base - (Math.max(0, Math.min(value, top)) / top) * INNER.height);

export const rounded = (n: number): number => Math.round(n * 10) / 10;

/** The middle of a place among so many. */
export const middleOf = (index: number, count: number): number =>
  rounded(SIZE.left + ((index + 0.5) * INNER.width) / count);

const NAMES = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** Names of months while there is room for them, and years below; of a long time the years alone. */
export function monthAxis(months: readonly string[]): SafeHtml {
  const every = months.length <= 12 ? 1 : months.length <= 24 ? 3 : undefined;
  return html`<g class="axis"
    >${months.map((month, i) => {
      const x = middleOf(i, months.length);
      const isJanuary = month.endsWith('-01');
      const name = NAMES[Number(month.slice(5)) - 1] ?? '';
      const shown = every !== undefined && i % every === 0 ? label(x, 14, name) : undefined;
      return [shown, i === 0 || isJanuary ? yearOf(month, x, i, months) : undefined];
    })}</g
  >`;
}

/** Not where the next year would be written over it. */
function yearOf(month: string, x: number, index: number, months: readonly string[]): SafeHtml | undefined {
  const next = months.findIndex((m, i) => i > index && m.endsWith('-01'));
  const room = next === -1 ? Infinity : ((next - index) * INNER.width) / months.length;
  return room < 30 ? undefined : label(x, 28, month.slice(0, 4));
}

export const label = (x: number, below: number, text: string): SafeHtml =>
  html`<text${attributes({ x, y: INNER.base + below, 'text-anchor': 'middle' })}>${text}</text>`;
