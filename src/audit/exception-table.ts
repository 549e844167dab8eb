import type { Exception, Exceptions, Outage } from '../core/audit/exceptions.ts';
import { explanationOfChange, placeOf, type Explanation } from '../core/audit/explanations.ts';
import type { ChangeEntry } from '../core/model/audit.ts';
import type { Table } from './csv.ts';
import type { Derived } from './derive.ts';

type Kind = 'emergency' | 'waiver' | 'bypass' | 'direct-push' | 'outage' | 'unexplained';

/** What kinds of exceptions have in common, and what only some of them have. */
interface ExceptionRow extends Partial<Omit<Exception, 'repository' | 'record'>> {
  readonly kind: Kind;
  readonly asOf: string;
  readonly repository: Exception['repository'];
  readonly record: number;
  readonly pullRequest?: number | undefined;
  readonly state?: string;
  readonly letThrough?: boolean;
  readonly incident?: string | undefined;
  readonly reviewDue?: string | undefined;
  readonly review?: Exceptions['emergencies'][number]['review'];
  readonly expires?: string | undefined;
  readonly branch?: string;
  readonly commit?: string | undefined;
  readonly mergedElsewhere?: readonly number[];
  readonly from?: string | undefined;
  readonly until?: string | undefined;
  /** What somebody said about the change, or the outage. */
  readonly explanation?: Explanation | undefined;
}

const answer = (value: boolean | undefined): string | undefined =>
  value === undefined ? undefined : value ? 'yes' : 'no';

export const EXCEPTION_TABLE: Table<ExceptionRow> = {
  columns: [
    ['kind', (e) => e.kind],
    ['state', (e) => e.state],
    ['as_of', (e) => e.asOf],
    ['change', (e) => e.change],
    ['repository_id', (e) => e.repository.id],
    ['repository', (e) => e.repository.name],
    ['pull_request', (e) => e.pullRequest],
    ['record', (e) => e.record],
    ['by_id', (e) => e.by?.id],
    ['by', (e) => e.by?.login],
    ['by_role', (e) => e.by?.role],
    ['at', (e) => e.at],
    ['reason', (e) => e.reason],
    ['let_through', (e) => answer(e.letThrough)],
    ['incident', (e) => e.incident],
    ['review_due', (e) => e.reviewDue],
    ['review_record', (e) => e.review?.record],
    ['review_by_id', (e) => e.review?.by?.id],
    ['review_by', (e) => e.review?.by?.login],
    ['review_at', (e) => e.review?.at],
    ['review_statement', (e) => e.review?.statement],
    ['expires', (e) => e.expires],
    ['branch', (e) => e.branch],
    ['commit', (e) => e.commit],
    ['merged_elsewhere', (e) => e.mergedElsewhere],
    ['from', (e) => e.from],
    ['until', (e) => e.until],
    ['cause', (e) => e.explanation?.cause],
    ['impact', (e) => e.explanation?.impact],
    ['response', (e) => e.explanation?.response],
    ['explained_record', (e) => e.explanation?.record],
    ['explained_by_id', (e) => e.explanation?.by?.id],
    ['explained_by', (e) => e.explanation?.by?.login],
    ['explained_at', (e) => e.explanation?.at],
  ],
  essence: ['kind', 'state', 'change', 'record'],
};

/** By kind, the most urgent first, and within a kind as `Exceptions` has them. */
export function exceptionRows({ exceptions, population }: Derived): readonly ExceptionRow[] {
  const { at: asOf, emergencies, waivers, bypasses, pushes, outages } = exceptions;
  // A change is its id only within its repository, so that the rows are made of the changes themselves.
  const unexplained = population.changes.filter((c) => c.way === 'unexplained');
  const byId = new Map(population.changes.map((c) => [keyOf(c.repository, c.id), c]));
  const explained = (c: ChangeEntry | undefined) => c && explanationOfChange(exceptions.explanations, c);
  const common = (
    kind: Kind,
    e: Exception,
  ): Pick<ExceptionRow, 'kind' | 'asOf' | 'pullRequest' | 'explanation'> => {
    const change = byId.get(keyOf(e.repository, e.change));
    return { kind, asOf, pullRequest: change?.pullRequest, explanation: explained(change) };
  };
  return [
    ...emergencies.map((e) => ({ ...e, ...common('emergency', e), state: e.reviewState })),
    ...waivers.map((e) => ({ ...e, ...common('waiver', e) })),
    ...bypasses.map((e) => ({ ...e, ...common('bypass', e) })),
    ...pushes.map((e) => ({
      ...e,
      ...common('direct-push', e),
      state: e.rewritten ? 'rewritten' : 'pushed',
    })),
    ...outages.map((e) => ({
      ...outageRow(e, asOf),
      explanation: exceptions.explanations?.get(placeOf(e.repository, e.record)),
    })),
    ...unexplained.map((c) => ({ ...unexplainedRow(c, asOf), explanation: explained(c) })),
  ];
}

const keyOf = ({ id }: Exception['repository'], change: string): string => `${id} ${change}`;

const outageRow = (outage: Outage, asOf: string): ExceptionRow => ({ ...outage, kind: 'outage', asOf });

const unexplainedRow = (c: ChangeEntry, asOf: string): ExceptionRow => ({
  kind: 'unexplained',
  asOf,
  change: c.id,
  repository: c.repository,
  pullRequest: c.pullRequest,
  record: c.records.at(-1) ?? 0,
  by: c.by,
  at: c.at,
  reason: c.why,
  branch: c.branch,
  commit: c.commit,
});
