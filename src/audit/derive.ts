import { instantOf } from '../core/audit/instants.ts';
import { countsOf, inOrder, populationOf } from '../core/audit/population.ts';
import type { Period, Population } from '../core/model/audit.ts';
import type { AuditRecord } from '../core/model/record.ts';

/** What follows from the records of one repository for a period; the same when it is made as when it is verified. */
export interface Derived {
  readonly population: Population;
  /** Digests of the documents that belong to it. */
  readonly documents: ReadonlySet<string>;
}

/**
 * Whether a record speaks of the time before an instant. A merge may have gone on record only later, when the gate had been
 * away: it belongs to the period in which it happened, or it would be in no package at all.
 */
export function speaksOfBefore(record: AuditRecord, instant: string): boolean {
  const { mergedAt } = record.details;
  return isBefore(record.at, instant) || (typeof mergedAt === 'string' && isBefore(mergedAt, instant));
}

const isBefore = (a: string, b: string): boolean => instantOf(a) < instantOf(b);

/** `records`: of one repository, from the first one on. */
export function derive(records: readonly AuditRecord[], period: Period): Derived {
  const population = populationOf(records, period);
  const told = new Set(population.changes.flatMap((change) => change.records));
  const documents = new Set<string>();
  let rules: string | undefined;
  for (const record of records) {
    const name = documentOf(record);
    if (name === undefined) continue;
    // The rules that were in force when the period began, besides everything that it tells of itself.
    if (isBefore(record.at, period.from) && record.kind === 'policy-changed') rules = name;
    if (told.has(record.sequence) || !isBefore(record.at, period.from)) documents.add(name);
  }
  if (rules !== undefined) documents.add(rules);
  return { population, documents };
}

/** The verdict or policy that a record names. */
export function documentOf({ details }: AuditRecord): string | undefined {
  const { document } = details;
  return typeof document === 'string' && /^sha256:[0-9a-f]{64}$/.test(document) ? document : undefined;
}

/** One population of several: a change belongs to one repository, so that they can be looked at one after the other. */
export function join(parts: readonly Derived[], period: Period): Derived {
  const populations = parts.map((part) => part.population);
  const changes = populations.flatMap((one) => one.changes).sort(inOrder);
  return {
    population: {
      period,
      changes,
      counts: countsOf(changes),
      notes: populations.flatMap((one) => one.notes),
    },
    documents: new Set(parts.flatMap((part) => [...part.documents])),
  };
}
