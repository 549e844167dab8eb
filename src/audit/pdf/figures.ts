import { WAYS, type Way } from '../../core/model/audit.ts';
import type { Sheet } from '../sheet.ts';
import { drawChart, type Chart, type Series } from './chart.ts';
import { drawMore, rowsOf, type GridRow } from './grid-table.ts';
import { LEFT, WIDTH, type Paper } from './paper.ts';
import { drawTable, type Column } from './paper-table.ts';

/** Apart for people who see few colours, and from light to dark in print without any. */
const COLOURS: Readonly<Record<Way, string>> = {
  gated: '#0072B2',
  'not-triggered': '#A8C8E0',
  observed: '#56B4E9',
  waived: '#F0E442',
  emergency: '#E69F00',
  bypassed: '#D55E00',
  'direct-push': '#882255',
  unexplained: '#000000',
};

const CHART = 310;
const GAP = 14;
const HEIGHT = 190;
/** Months that have room beside a chart; a longer period has its months in the file. */
const MOST_MONTHS = 24;

/** By month: a chart at the left, and beside it the numbers that it is drawn from. */
export function drawFigures(paper: Paper, sheet: Sheet): void {
  const rows = sheet.grid === undefined ? [] : [...rowsOf(sheet.grid)];
  const months = rows.filter((row) => row['month'] !== 'all');
  const views = [waysView(months), ratesView(months), waitsView(months)];
  for (const { title, chart, columns } of views) {
    const shown = [...rows.filter((row) => row['month'] === 'all'), ...months].slice(0, MOST_MONTHS + 1);
    paper.require(Math.max(HEIGHT, (shown.length + 2) * 13.2) + 24);
    paper.heading(title);
    const top = paper.y;
    drawChart(paper, chart, { x: LEFT, width: CHART, height: HEIGHT });
    const below = paper.y;
    paper.y = top;
    drawTable(paper, {
      columns: columns.map(({ column }) => column),
      rows: shown.map((row) => columns.map(({ value }) => value(row))),
      x: LEFT + CHART + GAP,
      width: WIDTH - CHART - GAP,
      size: 6.3,
    });
    paper.y = Math.max(paper.y, below + 8);
    drawMore(paper, months.length + 1 - shown.length, 'month', sheet.name);
  }
}

interface FigureView {
  readonly title: string;
  readonly chart: Chart;
  readonly columns: readonly { readonly column: Column; readonly value: (row: GridRow) => string }[];
}

const labelsOf = (months: readonly GridRow[]): readonly string[] => months.map((row) => String(row['month']));
const numberIn = (row: GridRow, name: string): number => Number(row[name] ?? 0);
const MONTH = { column: { title: 'month', weight: 8 }, value: (row: GridRow) => String(row['month']) };

const numbers = (name: string, title = name): FigureView['columns'][number] => ({
  column: { title, weight: Math.max(7, title.length), right: true },
  value: (row) => String(row[name] ?? ''),
});

function waysView(months: readonly GridRow[]): FigureView {
  return {
    title: 'Changes by the way in which they came in',
    chart: {
      kind: 'stacked',
      unit: 'changes',
      alt: 'Bars for each month: how many changes came in which way. The table beside it has the numbers.',
      labels: labelsOf(months),
      series: WAYS.map((way) => ({
        title: way,
        colour: COLOURS[way],
        values: months.map((row) => numberIn(row, way)),
      })),
    },
    columns: [MONTH, numbers('changes'), ...WAYS.map((way) => numbers(way))],
  };
}

interface RateOf {
  readonly title: string;
  readonly colour: string;
  readonly part: string;
  readonly whole: string;
}

const RATES: readonly RateOf[] = [
  { title: 'gated', colour: '#0072B2', part: 'covered', whole: 'triggered' },
  { title: 'past the gate', colour: '#D55E00', part: 'past_the_gate', whole: 'changes' },
  { title: 'emergencies', colour: '#E69F00', part: 'emergencies', whole: 'changes' },
];

/** Nothing of nothing is no share at all. */
function shareOf(row: GridRow, { part, whole }: RateOf): number | undefined {
  const all = numberIn(row, whole);
  return all === 0 ? undefined : (numberIn(row, part) / all) * 100;
}

function ratesView(months: readonly GridRow[]): FigureView {
  return {
    title:
      'Shares: gated of everything that was not insignificant; past the gate and emergencies of all changes',
    chart: {
      kind: 'lines',
      unit: '%',
      alt: 'Lines over the months: which share was gated, went past the gate, or was an emergency. The table beside it has the numbers.',
      labels: labelsOf(months),
      series: RATES.map((rate): Series => ({ ...rate, values: months.map((row) => shareOf(row, rate)) })),
    },
    columns: [
      MONTH,
      ...RATES.map((rate) => ({
        column: { title: rate.title, weight: 12, right: true },
        value: (row: GridRow) => `${numberIn(row, rate.part)} of ${numberIn(row, rate.whole)}`,
      })),
    ],
  };
}

const hours = (row: GridRow, name: string): number | undefined =>
  row[name] === '' ? undefined : numberIn(row, name) / 3600;

/** To a tenth; the file has seconds. */
const tenths = (value: number | undefined): string =>
  value === undefined ? '' : String(Math.round(value * 10) / 10);

const WAITS = [
  { title: 'median', colour: '#0072B2', name: 'median_seconds_to_approval' },
  { title: '9 of 10', colour: '#D55E00', name: 'p90_seconds_to_approval' },
] as const;

function waitsView(months: readonly GridRow[]): FigureView {
  return {
    title: 'Hours from the first verdict to the approval that stood at the merge; reviews of emergencies',
    chart: {
      kind: 'lines',
      unit: 'hours',
      alt: 'Lines over the months: how long it took to approve, half of them and nine of ten. The table beside it has the numbers.',
      labels: labelsOf(months),
      series: WAITS.map(({ title, colour, name }): Series => ({
        title,
        colour,
        values: months.map((row) => hours(row, name)),
      })),
    },
    columns: [
      MONTH,
      numbers('approvals'),
      ...WAITS.map(({ title, name }) => ({
        column: { title, weight: 8, right: true },
        value: (row: GridRow) => tenths(hours(row, name)),
      })),
      numbers('overdue_reviews', 'overdue reviews'),
      numbers('late_reviews', 'late reviews'),
    ],
  };
}
