import { metricsFrom } from '../core/audit/metrics.ts';
import type { Population } from '../core/model/audit.ts';
import { CONFIGURATION_TABLE } from './configuration-table.ts';
import { controlSheet } from './control-table.ts';
import { DECISION_TABLE, decisionRows, gridOf, POPULATION_TABLE, type Table } from './csv.ts';
import type { Derived, Terms } from './derive.ts';
import { EXCEPTION_TABLE, exceptionRows } from './exception-table.ts';
import { METRIC_TABLE, metricRows } from './metric-table.ts';
import { modelSheets } from './model-tables.ts';
import * as files from './parts.ts';
import { REGISTER_TABLE, registerRows } from './register-table.ts';
import { REVIEW_TABLE, reviewRows } from './review-table.ts';
import { sampleSheets } from './sample-files.ts';
import { jsonSheet, tableSheet, type Sheet } from './sheet.ts';

const NOTE_TABLE: Table<Population['notes'][number]> = {
  columns: [
    ['repository_id', (n) => n.repository.id],
    ['repository', (n) => n.repository.name],
    ['record', (n) => n.record],
    ['at', (n) => n.at],
    ['kind', (n) => n.kind],
    ['what', (n) => n.what],
  ],
  essence: ['repository_id', 'record', 'kind'],
};

/** Every file that follows from the records alone, in the order in which they are checked. */
export function sheetsOf(derived: Derived, terms: Terms): readonly Sheet[] {
  const { population, exceptions, register } = derived;
  return [
    tableSheet(files.POPULATION, POPULATION_TABLE, population.changes),
    tableSheet(files.DECISIONS, DECISION_TABLE, decisionRows(population)),
    tableSheet(files.EXCEPTIONS, EXCEPTION_TABLE, exceptionRows(derived)),
    tableSheet(files.REVIEWS, REVIEW_TABLE, reviewRows(derived.reviews, exceptions.at)),
    tableSheet(files.REGISTER, REGISTER_TABLE, registerRows(register)),
    tableSheet(files.NOTES, NOTE_TABLE, population.notes),
    tableSheet(files.CONFIGURATION, CONFIGURATION_TABLE, derived.configuration),
    ...modelSheets(derived.models),
    metricsSheet(metricsFrom(population, exceptions, derived.waits, derived.reviews), exceptions.at),
    ...sampleSheets(derived, terms.sample),
    controlSheet(derived, terms),
  ];
}

function metricsSheet(metrics: ReturnType<typeof metricsFrom>, asOf: string): Sheet {
  return jsonSheet(files.METRICS, {
    value: { asOf, ...metrics },
    rows: metrics.months.length,
    essence: ({ all, months }) => [all.counts, months.map(({ month, counts }) => [month, counts])],
    grid: gridOf(METRIC_TABLE, metricRows(metrics)),
  });
}
