import type { ChangeEntry, DecisionEntry, Population } from '../core/model/audit.ts';
import { cell, csv } from '../core/report/escape.ts';

/** A table: its name, its columns, and those that tell its rows apart and say what they come to. */
export interface Table<Row> {
  readonly columns: readonly (readonly [name: string, value: (row: Row) => Cell])[];
  readonly essence: readonly string[];
}
type Cell = string | number | undefined | readonly (string | number)[];

export const POPULATION_TABLE: Table<ChangeEntry> = {
  columns: [
    ['change', (c) => c.id],
    ['repository_id', (c) => c.repository.id],
    ['repository', (c) => c.repository.name],
    ['pull_request', (c) => c.pullRequest],
    ['commit', (c) => c.commit],
    ['branch', (c) => c.branch],
    ['at', (c) => c.at],
    ['author_id', (c) => c.author?.id],
    ['author', (c) => c.author?.login],
    ['by_id', (c) => c.by?.id],
    ['by', (c) => c.by?.login],
    ['by_role', (c) => c.by?.role],
    ['way', (c) => c.way],
    ['why', (c) => c.why],
    ['verdict_record', (c) => c.verdict?.record],
    ['verdict_digest', (c) => c.verdict?.digest],
    ['verdict_document', (c) => c.verdict?.document],
    ['conclusion', (c) => c.verdict?.conclusion],
    ['title', (c) => c.verdict?.title],
    ['mode', (c) => c.verdict?.mode],
    ['facts', (c) => c.verdict?.facts],
    ['categories', (c) => c.verdict?.categories],
    ['policy', (c) => c.verdict?.policy],
    ['rules_version', (c) => c.verdict?.rules],
    ['catalogue_version', (c) => c.verdict?.catalogue],
    ['decisions', (c) => c.decisions.map((d) => d.record)],
    ['records', (c) => c.records],
  ],
  essence: ['change', 'way'],
};

export interface DecisionRow {
  readonly change: ChangeEntry;
  readonly decision: DecisionEntry;
}

/** One row for each decision of each change: who said what about it, and when. */
export const DECISION_TABLE: Table<DecisionRow> = {
  columns: [
    ['change', ({ change }) => change.id],
    ['repository_id', ({ change }) => change.repository.id],
    ['repository', ({ change }) => change.repository.name],
    ['record', ({ decision }) => decision.record],
    ['kind', ({ decision }) => decision.kind],
    ['actor_id', ({ decision }) => decision.actor?.id],
    ['actor', ({ decision }) => decision.actor?.login],
    ['actor_kind', ({ decision }) => decision.actor?.kind],
    ['actor_role', ({ decision }) => decision.actor?.role],
    ['at', ({ decision }) => decision.at],
    ['digest', ({ decision }) => decision.digest],
    ['reason', ({ decision }) => decision.reason],
    ['incident', ({ decision }) => decision.incident],
    ['expires', ({ decision }) => decision.expires],
  ],
  essence: ['change', 'record', 'kind'],
};

export const decisionRows = ({ changes }: Population): readonly DecisionRow[] =>
  changes.flatMap((change) => change.decisions.map((decision) => ({ change, decision })));

/** RFC 4180, without the line ends (CR LF): the header, then the rows. No cell has a line end in it. */
export function* linesOfTable<Row>({ columns }: Table<Row>, rows: Iterable<Row>): Generator<string> {
  yield columns.map(([name]) => csv(name)).join(',');
  for (const row of rows) yield columns.map(([, value]) => csv(shown(value(row)))).join(',');
}

const shown = (value: Cell): string =>
  value === undefined ? '' : typeof value === 'object' ? value.join(' ') : String(value);

/** The same table for whatever makes another form of it: its texts are those of the CSV, and numbers are numbers. */
export interface Grid {
  readonly columns: readonly string[];
  readonly count: number;
  readonly rows: () => Iterable<readonly (string | number)[]>;
}

export const gridOf = <Row>({ columns }: Table<Row>, rows: readonly Row[]): Grid => ({
  columns: columns.map(([name]) => name),
  count: rows.length,
  rows: function* () {
    for (const row of rows)
      yield columns.map(([, value]) => {
        const content = value(row);
        return typeof content === 'number' ? content : cell(shown(content));
      });
  },
});

/** The cells of one line, as they are written; undefined when it is no line of ours. */
export function cellsOf(line: string): readonly string[] | undefined {
  const cells = [...line.matchAll(/(?:^|,)("(?:[^"]|"")*")/g)].map((m) => m[1] ?? '');
  return cells.join(',') === line ? cells : undefined;
}
