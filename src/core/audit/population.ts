import { WAYS, type ChangeEntry, type Period, type Population, type Way } from '../model/audit.ts';
import type { AuditRecord } from '../model/record.ts';
import { changeOf, instantOfChange, isChange } from './change.ts';
import { NOT_ON_RECORD, text, texts } from './details.ts';
import { instantOf, isWithin } from './instants.ts';
import { compare } from './order.ts';
import { indexTrails } from './trails.ts';

/**
 * Every change of the period that is on record. `records`: all there are of the repositories, not only those of the period:
 * how a change came in was often said before, and an emergency is reviewed after it.
 */
export function populationOf(records: readonly AuditRecord[], period: Period): Population {
  const trailOf = indexTrails(records);
  const changes = records
    .filter((r) => isChange(r) && isWithin(period, instantOfChange(r)))
    .map((r) => changeOf(r, trailOf(r)))
    .sort(inOrder);
  return { period, changes, counts: countsOf(changes), notes: notesOf(records, period) };
}

export function countsOf(changes: readonly ChangeEntry[]): Readonly<Record<Way, number>> {
  const counts = Object.fromEntries(WAYS.map((way) => [way, 0])) as Record<Way, number>;
  for (const { way } of changes) counts[way] += 1;
  return counts;
}

/** Repository name, time, id. The number is last: two repositories may have had the same name one after the other. */
export function inOrder(a: ChangeEntry, b: ChangeEntry): number {
  return (
    compare(a.repository.name, b.repository.name) ||
    byInstant(a.at, b.at) ||
    compare(a.id, b.id) ||
    a.repository.id - b.repository.id
  );
}

/** What is no instant comes first, in the order of its text, so that there is one order only. */
function byInstant(a: string, b: string): number {
  const [x, y] = [instantOf(a), instantOf(b)];
  if (Number.isNaN(x) || Number.isNaN(y))
    return Number(Number.isNaN(y)) - Number(Number.isNaN(x)) || compare(a, b);
  return x - y;
}

type Note = Population['notes'][number];

function notesOf(records: readonly AuditRecord[], period: Period): Population['notes'] {
  return records
    .flatMap((r): readonly Note[] => {
      const what = whatOf(r);
      if (what === undefined || !concerns(period, r)) return [];
      const { repository, sequence, at } = r;
      return [{ repository, record: sequence, at, kind: r.kind as Note['kind'], what }];
    })
    .sort(inOrderOfNotes);
}

/** What was filled in or compared concerns the time that it tells of, and not the day of the work. */
function concerns(period: Period, { kind, at, details }: AuditRecord): boolean {
  if (kind !== 'rebuilt' && kind !== 'reconciled') return isWithin(period, at);
  const [from = NaN, end = NaN] = [details['from'], details['until'] ?? details['to']].map((i) =>
    instantOf(text(i)),
  );
  const until = end < from ? from : end;
  return !(from >= instantOf(period.to)) && !(until < instantOf(period.from));
}

export function inOrderOfNotes(a: Note, b: Note): number {
  return (
    compare(a.repository.name, b.repository.name) ||
    byInstant(a.at, b.at) ||
    a.repository.id - b.repository.id ||
    a.record - b.record
  );
}

/** One sentence; undefined for records that are not about the gate itself. */
function whatOf({ kind, at, actor, pullRequest, details }: AuditRecord): string | undefined {
  const said = (key: string): string => text(details[key]) ?? NOT_ON_RECORD;
  const by = actor ? ` (@${actor.login})` : '';
  switch (kind) {
    case 'gate-outage': {
      const waited = pullRequest === undefined ? 'A group of the merge queue' : `#${pullRequest}`;
      return `${waited} waited for longer than promised: from ${said('from')} until ${said('until')}.`;
    }
    case 'policy-changed':
      return text(details['before']) === undefined
        ? `The rules in force are ${said('after')}.`
        : `The rules in force changed from ${said('before')} to ${said('after')}.`;
    case 'installed':
      return `The repository came under the gate: ${said('action')}${by}.`;
    case 'rebuilt':
      return `Filled in at ${at}${by}, from ${said('from')} until ${said('until')}, out of what GitHub remembered. Not seen: ${texts(details['missing']).join(' ') || NOT_ON_RECORD}`;
    case 'reconciled': {
      const { leftovers, complete } = details;
      const left = typeof leftovers === 'number' ? String(leftovers) : NOT_ON_RECORD;
      return `${said('branch')} was compared with GitHub at ${at}${by}, from ${said('from')} to ${said('to')}: left over ${left}${complete === true ? '' : ', and not all was reached'}.`;
    }
    case 'uninstalled':
      return `The repository left the gate: ${said('action')}${by}.`;
    default:
      return undefined;
  }
}
