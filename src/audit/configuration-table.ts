import type { ConfigurationLine } from '../core/audit/configuration.ts';
import type { Table } from './csv.ts';

/** The set-up of the gate over time: each statement with the record that began it and the one that ended it. */
export const CONFIGURATION_TABLE: Table<ConfigurationLine> = {
  columns: [
    ['repository_id', (line) => line.repository.id],
    ['repository', (line) => line.repository.name],
    ['subject', (line) => line.subject],
    ['what', (line) => line.what],
    ['since', (line) => line.since.at],
    ['since_record', (line) => line.since.record],
    ['until', (line) => line.until?.at],
    ['until_record', (line) => line.until?.record],
    ['document', (line) => line.document],
  ],
  essence: ['repository_id', 'subject', 'since_record', 'until_record'],
};
