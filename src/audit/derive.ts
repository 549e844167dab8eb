import { exceptionsOf, type Exceptions } from '../core/audit/exceptions.ts';
import { instantOf } from '../core/audit/instants.ts';
import { waitsOf, type Waits } from '../core/audit/metrics.ts';
import { packetsOf, type Packet } from '../core/audit/packet.ts';
import { countsOf, inOrder, inOrderOfNotes, populationOf } from '../core/audit/population.ts';
import { inRegisterOrder, registerOf, type Register } from '../core/audit/register.ts';
import { sampleOf } from '../core/audit/sample.ts';
import type { ChangeEntry, Period, Population } from '../core/model/audit.ts';
import type { AuditRecord } from '../core/model/record.ts';
import type { Manifest } from './package.ts';

/** Everything that decides what follows from records, and all of it stands in the manifest. */
export interface Terms {
  readonly period: Period;
  /** Instant as of which exceptions and risks are shown. */
  readonly at: string;
  readonly sample: Manifest['query']['sample'];
}

/**
 * As of the last millisecond of the period, or of the making when that was earlier: nobody knew more then, and what ends
 * together with the period still stood in it. An end that lies years ahead must not make overdue what is not.
 */
export function termsOf({ query, generatedAt }: Pick<Manifest, 'query' | 'generatedAt'>): Terms {
  const { from, to, sample } = query;
  const at = Math.min(Date.parse(to) - 1, Date.parse(generatedAt));
  return { period: { from, to }, at: new Date(at).toISOString(), sample };
}

/** A record as the information sheet names it. */
export type Mark = Pick<AuditRecord, 'sequence' | 'hash' | 'at'>;

/** What follows from the records for a period; the same when it is made as when it is verified. */
export interface Derived {
  readonly population: Population;
  /** Digests of the documents that belong to it, and which of them are rules. */
  readonly documents: ReadonlySet<string>;
  readonly rules: ReadonlySet<string>;
  readonly exceptions: Exceptions;
  readonly register: Register;
  readonly waits: Waits;
  /** Of the changes that are drawn, in the order of the population. */
  readonly packets: ReadonlyMap<ChangeEntry, Packet>;
  /** First and last record, by repository. */
  readonly ends: ReadonlyMap<number, { readonly first: Mark; readonly last: Mark }>;
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
export function derive(records: readonly AuditRecord[], { period, at, sample }: Terms): Derived {
  const population = populationOf(records, period);
  const { changes } = population;
  // The smallest ranks of all repositories are among the smallest ones of each.
  const drawn = sample === null ? [] : sampleOf(changes, sample.size, sample.seed);
  return {
    population,
    ...documentsOf(records, population),
    exceptions: exceptionsOf(population, records, at),
    register: registerOf(records, at),
    waits: waitsOf(changes, records),
    packets: packetsOf(drawn, records, sample?.seed ?? ''),
    ends: endsOf(records),
  };
}

function documentsOf(
  records: readonly AuditRecord[],
  { changes, period }: Population,
): Pick<Derived, 'documents' | 'rules'> {
  const told = new Set(changes.flatMap((change) => change.records));
  const documents = new Set<string>();
  const rules = new Set<string>();
  let before: string | undefined;
  for (const record of records) {
    const name = documentOf(record);
    if (name === undefined) continue;
    const early = isBefore(record.at, period.from);
    // The rules that were in force when the period began, besides everything that it tells of itself.
    if (early && record.kind === 'policy-changed') before = name;
    if (!told.has(record.sequence) && early) continue;
    documents.add(name);
    if (record.kind === 'policy-changed') rules.add(name);
  }
  if (before !== undefined) for (const set of [documents, rules]) set.add(before);
  return { documents, rules };
}

/** The verdict or policy that a record names. */
export function documentOf({ details }: AuditRecord): string | undefined {
  const { document } = details;
  return typeof document === 'string' && /^sha256:[0-9a-f]{64}$/.test(document) ? document : undefined;
}

function endsOf(records: readonly AuditRecord[]): Derived['ends'] {
  const [first, last] = [records[0], records.at(-1)];
  return new Map(first && last ? [[first.repository.id, { first: markOf(first), last: markOf(last) }]] : []);
}

const markOf = ({ sequence, hash, at }: AuditRecord): Mark => ({ sequence, hash, at });

/** How much of one repository is kept while the others are looked at, besides its changes. */
export function rowsKept({ exceptions, register, packets }: Derived): number {
  const { emergencies, waivers, outages } = exceptions;
  const { accepted, tickets, controls } = register;
  let kept = 0;
  for (const rows of [emergencies, waivers, outages, accepted, tickets, controls]) kept += rows.length;
  for (const { records } of packets.values()) kept += records.length;
  return kept;
}

/** One of several: a change belongs to one repository, so that they can be looked at one after the other. */
export function join(parts: readonly Derived[], { period, at, sample }: Terms): Derived {
  const changes = parts.flatMap((part) => part.population.changes).sort(inOrder);
  const packets = mapOf(parts.map((part) => part.packets));
  const drawn = sample === null ? [] : sampleOf(changes, sample.size, sample.seed);
  return {
    population: {
      period,
      changes,
      counts: countsOf(changes),
      notes: parts.flatMap((part) => part.population.notes).sort(inOrderOfNotes),
    },
    documents: new Set(parts.flatMap((part) => [...part.documents])),
    rules: new Set(parts.flatMap((part) => [...part.rules])),
    exceptions: joinExceptions(
      parts.map((part) => part.exceptions),
      changes,
      at,
    ),
    register: joinRegisters(
      parts.map((part) => part.register),
      at,
    ),
    waits: mapOf(parts.map((part) => part.waits)),
    packets: new Map(
      drawn.flatMap((change) => {
        const packet = packets.get(change);
        return packet ? [[change, packet] as const] : [];
      }),
    ),
    ends: mapOf(parts.map((part) => part.ends)),
  };
}

const mapOf = <K, V>(maps: readonly ReadonlyMap<K, V>[]): ReadonlyMap<K, V> =>
  new Map(maps.flatMap((map) => [...map]));

function joinExceptions(
  parts: readonly Exceptions[],
  changes: readonly ChangeEntry[],
  at: string,
): Exceptions {
  const places = new Map(changes.map((c, n) => [`${c.repository.id} ${c.id}`, n]));
  const placeOf = ({ repository, change }: Exceptions['bypasses'][number]): number =>
    places.get(`${repository.id} ${change}`) ?? 0;
  const ordered = <T extends Exceptions['bypasses'][number]>(of: (part: Exceptions) => readonly T[]): T[] =>
    parts.flatMap(of).sort((a, b) => placeOf(a) - placeOf(b));
  return {
    at,
    emergencies: ordered((part) => part.emergencies),
    waivers: ordered((part) => part.waivers),
    bypasses: ordered((part) => part.bypasses),
    pushes: ordered((part) => part.pushes),
    outages: parts.flatMap((part) => part.outages),
    unexplained: changes.filter((c) => c.way === 'unexplained').map((c) => c.id),
  };
}

function joinRegisters(parts: readonly Register[], at: string): Register {
  return {
    at,
    accepted: parts.flatMap((part) => part.accepted).sort(inRegisterOrder),
    tickets: parts.flatMap((part) => part.tickets).sort(inRegisterOrder),
    controls: parts.flatMap((part) => part.controls).sort(inRegisterOrder),
  };
}
