import { WAYS, type Way } from '../../core/model/audit.ts';
import { WAIT_BOUNDS, type MonthFigures } from '../../core/model/view.ts';
import type { PageContext } from '../context.ts';
import type { SafeHtml } from '../layout/html.ts';
import { duration } from '../layout/instant.ts';
import { percent } from '../layout/line-chart.ts';
import { pathsFrom } from '../layout/link.ts';
import { figures } from '../layout/list.ts';
import { grouped, many } from '../layout/words.ts';
import type { OverviewAsked } from './overview.ts';

type Counts = Readonly<Record<Way, number>>;

export const changesIn = (counts: Counts): number => WAYS.reduce((sum, way) => sum + counts[way], 0);

/** Everything that was not shown to be insignificant. */
export const triggeredIn = (counts: Counts): number => changesIn(counts) - counts['not-triggered'];

export const pastTheGate = (counts: Counts): number => counts.bypassed + counts['direct-push'];

export function figuresOf(
  { base }: PageContext,
  { query }: OverviewAsked,
  counts: Counts,
  months: readonly MonthFigures[],
): SafeHtml {
  const { to } = pathsFrom(base);
  const population = (...way: readonly Way[]): string => to('/population', { ...query, way });
  const [changes, triggered, past] = [changesIn(counts), triggeredIn(counts), pastTheGate(counts)];
  const overdue = months.reduce((sum, month) => sum + month.overdue, 0);
  const waits = waitsOf(months);
  const approved = waits.reduce((sum, n) => sum + n, 0);
  return figures([
    {
      title: 'Changes',
      value: grouped(changes),
      note: `${grouped(triggered)} touched the architecture`,
      href: population(),
    },
    {
      title: 'Coverage',
      value: triggered === 0 ? '–' : percent({ part: counts.gated, whole: triggered }),
      note: `gated ${grouped(counts.gated)} of ${grouped(triggered)} triggered`,
      href: population('gated'),
    },
    {
      title: 'Past the gate',
      value: grouped(past),
      note: `of ${many(changes, 'change')}: bypassed or pushed`,
      href: population('bypassed', 'direct-push'),
    },
    {
      title: 'Waived or emergency',
      value: grouped(counts.waived + counts.emergency),
      note: `${grouped(counts.waived)} waived, ${grouped(counts.emergency)} emergency`,
      href: population('waived', 'emergency'),
    },
    {
      title: 'Unexplained',
      value: grouped(counts.unexplained),
      note: 'no record says why it came in',
      href: population('unexplained'),
    },
    {
      title: 'Reviews overdue',
      value: grouped(overdue),
      note: 'of emergencies, as of now',
      href: to('/exceptions', { ...query, overdue: 'yes' }),
    },
    {
      title: 'Time to approve',
      value: approved === 0 ? '–' : medianIn(waits),
      note: approved === 0 ? 'nothing was approved' : `half of ${grouped(approved)}, from the first verdict`,
    },
  ]);
}

/** How many took how long, over all months. */
export const waitsOf = (months: readonly MonthFigures[]): readonly number[] =>
  [...WAIT_BOUNDS, Infinity].map((_, i) => months.reduce((sum, { waits }) => sum + (waits[i] ?? 0), 0));

/** Only ranges are kept, so that the median is known to be in one of them. */
function medianIn(waits: readonly number[]): string {
  const half = waits.reduce((sum, n) => sum + n, 0) / 2;
  let so = 0;
  const index = waits.findIndex((n) => (so += n) >= half);
  const bound = WAIT_BOUNDS[index];
  return bound === undefined ? `over ${duration(WAIT_BOUNDS[5])}` : `≤ ${duration(bound)}`;
}
