import type { Figures, Metrics } from '../core/audit/metrics.ts';
import { WAYS } from '../core/model/audit.ts';
import type { Table } from './csv.ts';

type Row = Figures & { readonly month: string };

/** The figures as a table, for whoever wants them in a spreadsheet: months first, and all of them together last. */
export const METRIC_TABLE: Table<Row> = {
  columns: [
    ['month', (f) => f.month],
    ['changes', (f) => f.changes],
    ...WAYS.map((way) => [way, (f: Row) => f.counts[way]] as const),
    ['triggered', (f) => f.triggered],
    ['covered', (f) => f.coverage.numerator],
    ['past_the_gate', (f) => f.bypass.numerator],
    ['emergencies', (f) => f.emergency.numerator],
    ['approvals', (f) => f.toApproval.count],
    ['median_seconds_to_approval', (f) => f.toApproval.median],
    ['p90_seconds_to_approval', (f) => f.toApproval.p90],
    ['overdue_reviews', (f) => f.overdueReviews],
    ['late_reviews', (f) => f.lateReviews],
  ],
  essence: ['month'],
};

export const metricRows = ({ all, months }: Metrics): readonly Row[] => [...months, { ...all, month: 'all' }];
