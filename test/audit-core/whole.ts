import type { Exceptions } from '../../src/core/audit/exceptions.ts';
import { metricsFrom, waitsOf, type Metrics } from '../../src/core/audit/metrics.ts';
import type { Population } from '../../src/core/model/audit.ts';
import type { AuditRecord } from '../../src/core/model/record.ts';

/** The figures with all records at hand at once, which is what looking at them in parts has to come to. */
export const metricsOf = (
  population: Population,
  exceptions: Exceptions,
  records: readonly AuditRecord[],
): Metrics => metricsFrom(population, exceptions, waitsOf(population.changes, records));
