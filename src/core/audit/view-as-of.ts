import type { Period } from '../model/audit.ts';
import type { AuditRecord } from '../model/record.ts';
import type {
  ExceptionFilter,
  ExceptionRow,
  Page,
  Paging,
  RegisterFilter,
  RegisterRow,
} from '../model/view.ts';
import { instantOf } from './instants.ts';
import { happenedAt } from './rebuilt.ts';
import { registerOf } from './register.ts';
import { changesOf, isOneOf, pageBehind, pageOf, placeOf, type Trail } from './view-lists.ts';
import type { Place } from './view-paging.ts';
import { boundsOfOutage, exceptionRowsOf, outageRow, registerKey, registerRows } from './view-rows.ts';

interface PlacedRow {
  readonly row: ExceptionRow;
  readonly place: Place;
}

export function exceptionsOf(
  trail: Trail,
  { period, repository, kinds, overdue }: ExceptionFilter,
  at: string,
  paging: Paging,
): Page<ExceptionRow> {
  const explained = trail.records.filter((r) => r.kind === 'exception-explained');
  const explainedIn = ({ repository: { id } }: AuditRecord): readonly AuditRecord[] =>
    explained.filter((r) => r.repository.id === id);
  const ofChanges = changesOf(trail, { period, ...(repository === undefined ? {} : { repository }) }).flatMap(
    (placed): readonly PlacedRow[] =>
      exceptionRowsOf(placed, trail.of(placed.change), explainedIn(placed.record), at).map((row, part) => ({
        row,
        place: placeOf(placed.record, placed.change.at, part),
      })),
  );
  const outages = trail.records
    .filter((r) => r.kind === 'gate-outage' && overlaps(r, period))
    .filter((r) => repository === undefined || r.repository.id === repository)
    .map((r): PlacedRow => ({ row: outageRow(r, explainedIn(r), at), place: placeOf(r, r.at) }));
  const found = [...ofChanges, ...outages].filter(
    ({ row }) => isOneOf(row.kind, kinds) && (overdue !== true || row.state === 'overdue'),
  );
  const page = pageOf(found, ({ place }) => place, paging);
  return { ...page, items: page.items.map(({ row }) => row) };
}

function overlaps(outage: AuditRecord, period: Period): boolean {
  const { from, until } = boundsOfOutage(outage);
  return !(from >= instantOf(period.to)) && !(until < instantOf(period.from));
}

export function registerPage(
  trail: Trail,
  { repository, kinds, owner }: RegisterFilter,
  at: string,
  paging: Paging,
): Page<RegisterRow> {
  const ranks = new Map(trail.repositories.map((r, rank) => [r.id, rank]));
  const order = (a: RegisterRow, b: RegisterRow): number =>
    (ranks.get(a.repository.id) ?? 0) - (ranks.get(b.repository.id) ?? 0) ||
    (registerKey(a) < registerKey(b) ? -1 : registerKey(a) > registerKey(b) ? 1 : a.record - b.record);
  const rowsAt = (instant: string): readonly RegisterRow[] =>
    registerRows(registerOf(trail.records, instant)).toSorted(order);
  const found = rowsAt(at).filter(
    (row) =>
      (repository === undefined || row.repository.id === repository) &&
      isOneOf(row.kind, kinds) &&
      (owner === undefined || row.owner?.toLowerCase() === owner.toLowerCase()),
  );
  return pageBehind(found, found, (row) => [row.repository.id, row.record], order, paging);
}

export function modelsAt(
  trail: Trail,
  at: string,
  paging: Paging,
  repository: number | undefined,
): Page<AuditRecord> {
  const last = trail.repositories.flatMap(({ id }) =>
    repository === undefined || repository === id
      ? (trail.records.findLast(
          (r) =>
            r.repository.id === id &&
            r.kind === 'model-recorded' &&
            !(instantOf(happenedAt(r)) > instantOf(at)),
        ) ?? [])
      : [],
  );
  const ranks = new Map(trail.repositories.map((r, rank) => [r.id, rank]));
  const order = (a: AuditRecord, b: AuditRecord): number =>
    (ranks.get(a.repository.id) ?? 0) - (ranks.get(b.repository.id) ?? 0);
  return pageBehind(last, last, (r) => [r.repository.id], order, paging);
}
