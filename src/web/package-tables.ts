import { linesOfTable, POPULATION_TABLE } from '../audit/csv.ts';
import type { ChangeEntry } from '../core/model/audit.ts';

/** What pages give in the form that a package has it. */
export { filesFor } from '../audit/control-table.ts';

/** The columns and the escaping of `population.csv`; RFC 4180. */
export const populationCsv = (changes: readonly ChangeEntry[]): string =>
  [...linesOfTable(POPULATION_TABLE, changes), ''].join('\r\n');
