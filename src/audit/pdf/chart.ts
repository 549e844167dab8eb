import type { Paper, Style } from './paper.ts';

export interface Series {
  readonly title: string;
  readonly colour: string;
  /** Undefined where there is nothing to tell, which is not the same as zero. */
  readonly values: readonly (number | undefined)[];
}

export interface Chart {
  /** What it shows, for whoever does not see it. */
  readonly alt: string;
  readonly labels: readonly string[];
  readonly series: readonly Series[];
  readonly kind: 'stacked' | 'lines';
  /** What the numbers at the left are. */
  readonly unit: string;
}

export interface Box {
  readonly x: number;
  readonly width: number;
  readonly height: number;
}

const SMALL: Style = { size: 6.5, colour: '#333333' };
const AXIS = '#888888';
const GRID = '#DDDDDD';
const INSET = { left: 34, right: 4, top: 12, bottom: 16 };

interface Plot {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Value at the upper edge. */
  readonly most: number;
}

/** In lines and areas, so that it stays sharp; its numbers belong into a table beside it. */
export function drawChart(paper: Paper, chart: Chart, { x, width, height }: Box): void {
  const top = paper.y;
  const plot = {
    left: x + INSET.left,
    top: top + INSET.top,
    width: width - INSET.left - INSET.right,
    height: height - INSET.top - INSET.bottom - 11 * legendRows(chart),
    most: roundUp(highest(chart)),
  };
  const figure = paper.element('Figure', {
    alt: chart.alt,
    bbox: [x, top, x + width, top + height],
    placement: 'Block',
  });
  figure.add(() => {
    paper.write(chart.unit, x, top, SMALL);
    drawScale(paper, plot);
    drawLabels(paper, chart.labels, plot);
    if (chart.kind === 'stacked') drawStacks(paper, chart, plot);
    else drawLines(paper, chart, plot);
    drawLegend(paper, chart, { x: plot.left, y: plot.top + plot.height + INSET.bottom });
  });
  figure.end();
  paper.y = top + height;
}

function highest({ kind, labels, series }: Chart): number {
  const sums = labels.map((_, n) => series.map(({ values }) => values[n] ?? 0));
  const tops = sums.map((all) => (kind === 'stacked' ? all.reduce((a, b) => a + b, 0) : Math.max(0, ...all)));
  return Math.max(0, ...tops);
}

/** To a number that divides by four without a rest that nobody can read. */
function roundUp(value: number): number {
  const step = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  const found = [1, 2, 4, 8, 10].find((times) => times * step >= value) ?? 10;
  return Math.max(4, found * step);
}

const QUARTERS = [0, 1, 2, 3, 4];

function drawScale(paper: Paper, { left, top, width, height, most }: Plot): void {
  for (const quarter of QUARTERS) {
    const y = top + height - (height * quarter) / 4;
    const label = String(Math.round((most * quarter * 100) / 4) / 100);
    paper.drawing
      .lineWidth(0.4)
      .strokeColor(quarter === 0 ? AXIS : GRID)
      .moveTo(left, y)
      .lineTo(left + width, y)
      .stroke();
    paper.write(label, left - 4 - paper.widthOf(label, SMALL), y - 4, SMALL);
  }
}

const slotOf = ({ left, width }: Plot, n: number, of: number): { x: number; width: number } => ({
  x: left + (width * n) / of,
  width: width / of,
});

/** As many as have room; the others are in the table. */
function drawLabels(paper: Paper, labels: readonly string[], plot: Plot): void {
  const widest = Math.max(1, ...labels.map((label) => paper.widthOf(label, SMALL) + 4));
  const every = Math.max(1, Math.ceil((widest * labels.length) / plot.width));
  for (const [n, label] of labels.entries()) {
    if (n % every !== 0) continue;
    const slot = slotOf(plot, n, labels.length);
    paper.write(
      label,
      slot.x + (slot.width - paper.widthOf(label, SMALL)) / 2,
      plot.top + plot.height + 3,
      SMALL,
    );
  }
}

function drawStacks(paper: Paper, { labels, series }: Chart, plot: Plot): void {
  for (const n of labels.keys()) {
    const slot = slotOf(plot, n, labels.length);
    let y = plot.top + plot.height;
    for (const { colour, values } of series) {
      const height = ((values[n] ?? 0) / plot.most) * plot.height;
      if (height <= 0) continue;
      y -= height;
      paper.drawing.rect(slot.x + slot.width * 0.15, y, slot.width * 0.7, height).fill(colour);
    }
  }
}

/** A point for each value, in another shape for each series, and a line where two follow each other. */
function drawLines(paper: Paper, { labels, series }: Chart, plot: Plot): void {
  for (const [place, { colour, values }] of series.entries()) {
    let before: readonly [number, number] | undefined;
    for (const n of labels.keys()) {
      const value = values[n];
      const slot = slotOf(plot, n, labels.length);
      const here =
        value === undefined
          ? undefined
          : ([slot.x + slot.width / 2, plot.top + plot.height * (1 - value / plot.most)] as const);
      if (before && here)
        paper.drawing
          .lineWidth(1)
          .strokeColor(colour)
          .moveTo(...before)
          .lineTo(...here)
          .stroke();
      if (here) drawMark(paper, place, colour, here);
      before = here;
    }
  }
}

/** Told apart by their shape, too: not everybody sees the colours. */
function drawMark(paper: Paper, place: number, colour: string, [x, y]: readonly [number, number]): void {
  const size = 2.4;
  if (place % 3 === 0) paper.drawing.circle(x, y, size).fill(colour);
  else if (place % 3 === 1) paper.drawing.rect(x - size, y - size, 2 * size, 2 * size).fill(colour);
  else
    paper.drawing
      .moveTo(x, y - size * 1.2)
      .lineTo(x + size * 1.2, y + size)
      .lineTo(x - size * 1.2, y + size)
      .closePath()
      .fill(colour);
}

const IN_A_ROW = 4;
const legendRows = ({ series }: Chart): number => Math.ceil(series.length / IN_A_ROW);

function drawLegend(
  paper: Paper,
  { kind, series }: Chart,
  from: { readonly x: number; readonly y: number },
): void {
  for (const [n, { title, colour }] of series.entries()) {
    const x = from.x + (n % IN_A_ROW) * 72;
    const y = from.y + Math.floor(n / IN_A_ROW) * 11;
    if (kind === 'stacked') paper.drawing.rect(x, y + 1, 6, 6).fill(colour);
    else drawMark(paper, n, colour, [x + 3, y + 4]);
    paper.write(title, x + 10, y, SMALL);
  }
}
