import { monthsOf } from '../../core/audit/instants.ts';
import { WAYS, type Period, type Way } from '../../core/model/audit.ts';
import type { MonthFigures } from '../../core/model/view.ts';
import { barChart, type Fill } from '../layout/bar-chart.ts';
import { html, type SafeHtml } from '../layout/html.ts';
import { shareChart, type Share } from '../layout/line-chart.ts';
import { grouped, many } from '../layout/words.ts';
import { changesIn, pastTheGate, triggeredIn, waitsOf } from './overview-figures.ts';

const NO_WAYS = Object.fromEntries(WAYS.map((way) => [way, 0])) as Record<Way, number>;

/** Every month of the period, those in which nothing happened as well. */
export function allMonths(period: Period, months: readonly MonthFigures[]): readonly MonthFigures[] {
  const known = new Map(months.map((m) => [m.month, m]));
  const all = [...new Set([...monthsOf(period), ...known.keys()])].sort();
  return all.map((month) => known.get(month) ?? { month, changes: 0, ways: NO_WAYS, waits: [], overdue: 0 });
}

const GROUPS: readonly (readonly [name: string, fill: Fill, ways: readonly Way[]])[] = [
  ['Gated', 'plain', ['gated']],
  ['Not triggered or observed', 'pale', ['not-triggered', 'observed']],
  ['Waived or emergency', 'striped', ['waived', 'emergency']],
  ['Past the gate', 'crossed', ['bypassed', 'direct-push']],
  ['Unexplained', 'dotted', ['unexplained']],
];

export function chartsOf(period: Period, known: readonly MonthFigures[]): SafeHtml {
  const months = allMonths(period, known);
  return html`<section aria-labelledby="over-time">
    <h2 id="over-time">Over time</h2>
    <div class="charts">
      ${[changesChart(months), coverageChart(months), pastChart(months), waitsChart(months), exceptionsChart(months), overdueChart(months)]}
    </div>
  </section>`;
}

const places = (months: readonly MonthFigures[]): readonly string[] => months.map((m) => m.month);

function changesChart(months: readonly MonthFigures[]): SafeHtml {
  const series = GROUPS.map(([name, fill, ways]) => ({
    name,
    fill,
    values: months.map((m) => ways.reduce((sum, way) => sum + m.ways[way], 0)),
  }));
  const sum = (values: readonly number[]): number => values.reduce((all, n) => all + n, 0);
  return barChart({
    id: 'changes-by-month',
    title: 'Changes by way',
    description: `By month: ${series.map((s) => `${grouped(sum(s.values))} ${s.name.toLowerCase()}`).join(', ')} in all.`,
    places: places(months),
    kind: 'months',
    series,
  });
}

function coverageChart(months: readonly MonthFigures[]): SafeHtml {
  const shares = months.map(({ ways }) => ({ part: ways.gated, whole: triggeredIn(ways) }));
  return shareChart({
    id: 'coverage-by-month',
    title: 'Coverage',
    description: `Share of changes that touched the architecture and came in by the gate, by month. ${lastOf(months, shares)}`,
    months: places(months),
    shares,
    part: 'Gated',
    whole: 'Triggered',
    tone: 'good',
    note: 'Gated, of all changes but those in which nothing was significant.',
  });
}

function pastChart(months: readonly MonthFigures[]): SafeHtml {
  const shares = months.map(({ ways }) => ({ part: pastTheGate(ways), whole: changesIn(ways) }));
  return shareChart({
    id: 'bypasses-by-month',
    title: 'Bypass rate',
    description: `Share of changes that were merged or pushed past the gate, by month. ${lastOf(months, shares)}`,
    months: places(months),
    shares,
    part: 'Bypassed or pushed',
    whole: 'Changes',
    tone: 'bad',
    note: 'Bypassed or pushed, of all changes.',
  });
}

function lastOf(months: readonly MonthFigures[], shares: readonly Share[]): string {
  const at = shares.findLastIndex(({ whole }) => whole > 0);
  const [month, share] = [months[at], shares[at]];
  return month && share
    ? `Last: ${grouped(share.part)} of ${grouped(share.whole)} in ${month.month}.`
    : 'There are none.';
}

const RANGES = ['15 min', '1 h', '4 h', '1 day', '3 days', '1 week', 'longer'] as const;

function waitsChart(months: readonly MonthFigures[]): SafeHtml {
  const waits = waitsOf(months);
  return barChart({
    id: 'time-to-approve',
    title: 'Time to approve',
    description: `Approved changes by time from the first verdict to the first approval that stood: ${RANGES.map((range, i) => `${grouped(waits[i] ?? 0)} ${i === RANGES.length - 1 ? range : `up to ${range}`}`).join(', ')}.`,
    places: RANGES,
    kind: 'names',
    series: [{ name: 'Approved', fill: 'plain', values: waits }],
    note: 'From the first verdict to the first approval that stood at the merge; each range begins where the last one ends.',
  });
}

function exceptionsChart(months: readonly MonthFigures[]): SafeHtml {
  const of = (
    name: string,
    fill: Fill,
    way: Way,
  ): { name: string; fill: Fill; values: readonly number[] } => ({
    name,
    fill,
    values: months.map((m) => m.ways[way]),
  });
  const series = [
    of('Waived', 'pale', 'waived'),
    of('Emergency', 'striped', 'emergency'),
    of('Bypassed', 'crossed', 'bypassed'),
    of('Direct push', 'plain', 'direct-push'),
    of('Unexplained', 'dotted', 'unexplained'),
  ];
  const all = series.map(
    ({ name, values }) => `${grouped(values.reduce((a, b) => a + b, 0))} ${name.toLowerCase()}`,
  );
  return barChart({
    id: 'exceptions-by-month',
    title: 'Exceptions',
    description: `Changes that did not go the ordinary way, by month: ${all.join(', ')} in all.`,
    places: places(months),
    kind: 'months',
    series,
  });
}

function overdueChart(months: readonly MonthFigures[]): SafeHtml {
  const values = months.map((m) => m.overdue);
  return barChart({
    id: 'overdue-by-month',
    title: 'Reviews still overdue',
    description: `${many(
      values.reduce((a, b) => a + b, 0),
      'review',
    )} of emergencies overdue now, by the month of the change.`,
    places: places(months),
    kind: 'months',
    series: [{ name: 'Overdue', fill: 'striped', values }],
    note: 'Reviews of emergencies that are overdue now, by the month in which the change came in.',
  });
}
