import { chart, heightOf, middleOf, monthAxis, scale } from './chart.ts';
import { html, type SafeHtml } from './html.ts';
import { grouped } from './words.ts';

/** Both numbers, so that nobody has to believe a percentage. */
export interface Share {
  readonly part: number;
  readonly whole: number;
}

/** A share by month. A month with nothing to have a share of has no point, and the line is broken there. */
export function shareChart(options: {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly months: readonly string[];
  readonly shares: readonly Share[];
  readonly part: string;
  readonly whole: string;
  readonly tone: 'good' | 'bad';
  readonly note?: string;
}): SafeHtml {
  const { months, shares, part, whole, tone } = options;
  const of = (i: number): Share => shares[i] ?? { part: 0, whole: 0 };
  const points = months.map((month, i) => ({ month, i, ...of(i) })).filter((p) => p.whole > 0);
  const x = (i: number): number => middleOf(i, months.length);
  const y = (share: Share): number => heightOf(share.part / share.whole, 1);
  const strokes = points.slice(1).flatMap((to, n) => {
    const from = points[n];
    return from?.i === to.i - 1 ? [`M${x(from.i)} ${y(from)}L${x(to.i)} ${y(to)}`] : [];
  });
  const drawing = html`${scale(1, (value) => `${value * 100}%`)}
    <g class="line ${tone}"
      ><path d="${strokes.join('') || 'M0 0'}" />${points.map(
        (p) =>
          html`<circle cx="${x(p.i)}" cy="${y(p)}" r="${months.length > 36 ? 2 : 3.5}"
            ><title>${p.month}: ${grouped(p.part)} of ${grouped(p.whole)}</title></circle
          >`,
      )}</g
    >
    ${monthAxis(months)}`;
  return chart(
    {
      ...options,
      table: {
        rows: months.length,
        columns: [
          { title: 'Month', kind: 'row', cell: (i) => months[i] },
          { title: part, kind: 'number', cell: (i) => grouped(of(i).part) },
          { title: whole, kind: 'number', cell: (i) => grouped(of(i).whole) },
          { title: 'Share', kind: 'number', cell: (i) => percent(of(i)) },
        ],
      },
    },
    drawing,
  );
}

/** `93 %` cut, not rounded: what is not all is never shown as all. */
export const percent = ({ part, whole }: Share): string =>
  whole === 0 ? 'none' : `${Math.floor((part * 100) / whole)}%`;
