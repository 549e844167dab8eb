import type { ChangeEntry, Population, Way } from '../model/audit.ts';
import type { AuditRecord } from '../model/record.ts';
import { inForce } from './decisions.ts';
import { saidAt } from './details.ts';
import type { Exceptions } from './exceptions.ts';
import { instantOf, monthOf, monthsOf } from './instants.ts';
import { countsOf } from './population.ts';
import { happenedAt } from './rebuilt.ts';
import { reviewFigures, type ReviewEntry, type ReviewFigures } from './reviews.ts';
import { indexTrails } from './trails.ts';

/** Both numbers, so that nobody has to believe a percentage, and nothing is divided by zero. */
export interface Rate {
  readonly numerator: number;
  readonly denominator: number;
}

export interface Figures {
  readonly changes: number;
  readonly counts: Readonly<Record<Way, number>>;
  /** Everything that was not shown to be insignificant: pushes and what cannot be explained included. */
  readonly triggered: number;
  /** Gated, of everything triggered. */
  readonly coverage: Rate;
  /** Merged past the gate or pushed past it, of all changes. */
  readonly bypass: Rate;
  /** Let through as an emergency, of all changes. */
  readonly emergency: Rate;
  /**
   * From the first verdict on a pull request to the first approval that stood when it was merged, in whole seconds, by
   * nearest rank: of n values in order, the one at n/2 or 9n/10, rounded up. Undefined where nothing was approved.
   */
  readonly toApproval: {
    readonly count: number;
    readonly median: number | undefined;
    readonly p90: number | undefined;
  };
  /** Reviews of emergencies that let something through, as of the instant of the exceptions. */
  readonly overdueReviews: number;
  readonly lateReviews: number;
}

export interface Metrics {
  readonly all: Figures;
  /** By calendar month in UTC of the change, in order; months without any change as well. */
  readonly months: readonly (Figures & { readonly month: string })[];
  /** Of every review that concerns the period, of whatever cause, as of the instant of the exceptions. */
  readonly reviews?: ReviewFigures;
}

/** Whole seconds until the first approval, of those changes that have one. */
export type Waits = ReadonlyMap<ChangeEntry, number>;

/** By itself, because only this needs the records: whoever has too many for one look takes them in parts. */
export function waitsOf(changes: readonly ChangeEntry[], records: readonly AuditRecord[]): Waits {
  const trailOf = indexTrails(records);
  return new Map(changes.flatMap((c) => waitOf(c, trailOf(c)).map((seconds) => [c, seconds] as const)));
}

export function metricsFrom(
  population: Population,
  exceptions: Exceptions,
  waits: Waits,
  reviews?: readonly ReviewEntry[],
): Metrics {
  const { changes, period } = population;
  const emergencies = Map.groupBy(
    exceptions.emergencies.filter((e) => e.letThrough),
    (e) => keyOf({ id: e.change, repository: e.repository }),
  );
  const byMonth = Map.groupBy(changes, (c) => monthOf(c.at));
  const dated = [...byMonth.keys()].filter((m) => m !== undefined);
  const months = [...new Set([...monthsOf(period), ...dated])].sort();
  return {
    all: figuresOf(changes, emergencies, waits),
    months: months.map((month) => ({
      month,
      ...figuresOf(byMonth.get(month) ?? [], emergencies, waits),
    })),
    ...(reviews ? { reviews: reviewFigures(reviews) } : {}),
  };
}

function figuresOf(
  changes: readonly ChangeEntry[],
  emergencies: ReadonlyMap<string, Exceptions['emergencies']>,
  known: Waits,
): Figures {
  const counts = countsOf(changes);
  const all = changes.length;
  const triggered = all - counts['not-triggered'];
  const waits = changes.flatMap((c) => known.get(c) ?? []).sort((a, b) => a - b);
  const states = [...new Set(changes.map(keyOf))]
    .flatMap((key) => emergencies.get(key) ?? [])
    .map((e) => e.reviewState);
  return {
    changes: all,
    counts,
    triggered,
    coverage: { numerator: counts.gated, denominator: triggered },
    bypass: { numerator: counts.bypassed + counts['direct-push'], denominator: all },
    emergency: { numerator: counts.emergency, denominator: all },
    toApproval: { count: waits.length, median: ranked(waits, 50), p90: ranked(waits, 90) },
    overdueReviews: states.filter((s) => s === 'overdue').length,
    lateReviews: states.filter((s) => s === 'done-late').length,
  };
}

const keyOf = ({ id, repository }: Pick<ChangeEntry, 'id' | 'repository'>): string =>
  `${repository.id} ${id}`;

/** Nearest rank: a value that occurred, which anybody can find by counting. */
function ranked(sorted: readonly number[], percent: number): number | undefined {
  return sorted[Math.ceil((sorted.length * percent) / 100) - 1];
}

/** At most one number of seconds; approved before the first verdict is approved at once. */
function waitOf(change: ChangeEntry, trail: readonly AuditRecord[]): readonly number[] {
  const merged = trail.find((r) => r.kind === 'merged');
  const first = trail.find((r) => r.kind === 'evaluated');
  if (!merged || !first) return [];
  const before = trail.filter((r) => r.sequence < merged.sequence);
  const said = inForce('approved', before, change.verdict?.digest, change.at).map((r) =>
    instantOf(saidAt(r)),
  );
  const seconds = Math.floor((Math.min(...said) - instantOf(happenedAt(first))) / 1000);
  return Number.isFinite(seconds) ? [Math.max(0, seconds)] : [];
}
