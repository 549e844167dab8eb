import {
  chart,
  ceilingOf,
  heightOf,
  INNER,
  label,
  middleOf,
  monthAxis,
  rounded,
  scale,
  type ChartFrame,
} from './chart.ts';
import { attributes, html, type SafeHtml } from './html.ts';
import type { Column } from './table.ts';
import { grouped } from './words.ts';

/** How parts of a bar are told apart: each has a colour and a pattern. */
export type Fill = 'plain' | 'pale' | 'striped' | 'crossed' | 'dotted';

export interface Series {
  readonly name: string;
  readonly fill: Fill;
  /** One for each place. */
  readonly values: readonly number[];
}

/** Bars over months or over named places; several series stand on one another. */
export function barChart(options: {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly places: readonly string[];
  readonly kind: 'months' | 'names';
  readonly series: readonly Series[];
  readonly note?: string;
}): SafeHtml {
  const { places, kind, series, id } = options;
  const sums = places.map((_, i) => series.reduce((sum, s) => sum + (s.values[i] ?? 0), 0));
  const top = ceilingOf(Math.max(0, ...sums));
  const first = kind === 'months' ? 'Month' : 'Range';
  const drawing = html`${patterns(id)}${scale(top, grouped)}
    <g class="bars">${places.map((place, i) => barOf(place, i, places.length, series, top, id))}</g>
    ${kind === 'months' ? monthAxis(places) : html`<g class="axis">${places.map((p, i) => label(middleOf(i, places.length), 14, p))}</g>`}`;
  const frame: ChartFrame = {
    ...options,
    legend: series.length > 1 ? legendOf(series, id) : undefined,
    table: {
      rows: places.length,
      columns: [{ title: first, kind: 'row', cell: (i) => places[i] }, ...series.map(columnOf)],
    },
  };
  return chart(frame, drawing);
}

const columnOf = ({ name, values }: Series): Column<number> => ({
  title: name,
  kind: 'number',
  cell: (i) => grouped(values[i] ?? 0),
});

function barOf(
  place: string,
  index: number,
  count: number,
  series: readonly Series[],
  top: number,
  id: string,
): SafeHtml {
  const width = rounded(Math.min(22, (INNER.width / count) * 0.7));
  const x = rounded(middleOf(index, count) - width / 2);
  let below = 0;
  return html`${series.map(({ name, values, fill }) => {
    const value = values[index] ?? 0;
    if (value <= 0) return undefined;
    const y = heightOf(below + value, top);
    const height = rounded(heightOf(below, top) - y);
    below += value;
    const about = html`<title>${place}: ${grouped(value)} ${name}</title>`;
    return html`<g class="fill-${fill}">${about}${filled([x, y, width, height], fill, id)}</g>`;
  })}`;
}

type Box = readonly [x: number, y: number, width: number, height: number];

/** In its colour, and with its pattern over it. */
function filled(box: Box, fill: Fill, id: string): SafeHtml {
  const [x, y, width, height] = box;
  const place = { x, y, width, height };
  const over = { ...place, class: 'pattern', fill: `url(#${id}-${fill})` };
  const hasPattern = fill !== 'plain' && fill !== 'pale';
  return html`<rect${attributes(place)} />${hasPattern ? html`<rect${attributes(over)} />` : undefined}`;
}

/** Stripes, crosses and dots in the colour of the page, over the colour of the bar. */
const patterns = (id: string): SafeHtml =>
  html`<defs
    ><pattern id="${id}-striped" width="6" height="6" patternUnits="userSpaceOnUse"
      ><path class="ink" d="M-1 7 7 -1M-1 1 1 -1M5 7 7 5" /></pattern
    ><pattern id="${id}-crossed" width="6" height="6" patternUnits="userSpaceOnUse"
      ><path class="ink" d="M0 0 6 6M6 0 0 6" /></pattern
    ><pattern id="${id}-dotted" width="5" height="5" patternUnits="userSpaceOnUse"
      ><circle class="dot" cx="2.5" cy="2.5" r="1" /></pattern
  ></defs> `;

function legendOf(series: readonly Series[], id: string): SafeHtml {
  return html`<ul class="legend">
    ${series.map(
      ({ name, fill }) =>
        html`<li>
          <svg viewBox="0 0 14 14" width="14" height="14" aria-hidden="true" class="fill-${fill}">
            ${filled([0, 0, 14, 14], fill, id)}
          </svg>
          ${name}
        </li>`,
    )}
  </ul>`;
}
