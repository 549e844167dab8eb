import { configurationOf, type ConfigurationLine } from '../core/audit/configuration.ts';
import { exceptionsOf, type Exceptions } from '../core/audit/exceptions.ts';
import { instantOf } from '../core/audit/instants.ts';
import { waitsOf, type Waits } from '../core/audit/metrics.ts';
import { lastModels, modelRegisterOf, type ModelRegister } from '../core/audit/model-register.ts';
import { packetsOf, type Packet } from '../core/audit/packet.ts';
import { populationOf } from '../core/audit/population.ts';
import { registerOf, type Register } from '../core/audit/register.ts';
import { reviewsOf, reviewsWithin, type ReviewEntry } from '../core/audit/reviews.ts';
import { happenedAt } from '../core/audit/rebuilt.ts';
import { sampleOf } from '../core/audit/sample.ts';
import { mergeFactsOf, type MergeFacts } from '../core/audit/statements/merge-facts.ts';
import type { ChangeEntry, Period, Population } from '../core/model/audit.ts';
import type { AuditRecord } from '../core/model/record.ts';
import type { Manifest } from './package.ts';

/** Everything that decides what follows from records, and all of it stands in the manifest. */
export interface Terms {
  readonly period: Period;
  /** Instant as of which exceptions and risks are shown. */
  readonly at: string;
  readonly sample: Manifest['query']['sample'];
  /** Whether there is a key: only then anything is stated of each merge. */
  readonly signed: boolean;
}

/**
 * As of the last millisecond of the period, or of the making when that was earlier: nobody knew more then, and what ends
 * together with the period still stood in it. An end that lies years ahead must not make overdue what is not.
 */
export function termsOf({
  query,
  generatedAt,
  signer,
}: Pick<Manifest, 'query' | 'generatedAt' | 'signer'>): Terms {
  const { from, to, sample } = query;
  const at = Math.min(Date.parse(to) - 1, Date.parse(generatedAt));
  return { period: { from, to }, at: new Date(at).toISOString(), sample, signed: signer !== null };
}

/** A record as the information sheet names it. */
export type Mark = Pick<AuditRecord, 'sequence' | 'hash' | 'at'>;

/** What follows from the records for a period; the same when it is made as when it is verified. */
export interface Derived {
  readonly population: Population;
  /** Digests of the documents that belong to it, which of them are rules, and which are models. */
  readonly documents: ReadonlySet<string>;
  readonly rules: ReadonlySet<string>;
  readonly modelDocuments: ReadonlySet<string>;
  /** Of the set-up of the gate whatever held at some time of the period. */
  readonly configuration: readonly ConfigurationLine[];
  /** Of each repository the last record of what its models say. */
  readonly lastModels: readonly AuditRecord[];
  /** What these say; nothing before their documents were read (`withModels`). */
  readonly models: ModelRegister;
  readonly exceptions: Exceptions;
  /** Those that concern the period, as of its end. */
  readonly reviews: readonly ReviewEntry[];
  readonly register: Register;
  readonly waits: Waits;
  /** Of the changes that are drawn, in the order of the population. */
  readonly packets: ReadonlyMap<ChangeEntry, Packet>;
  /** What statements about merges need, where there is a key to sign them with. */
  readonly merges: ReadonlyMap<ChangeEntry, MergeFacts>;
  /** First and last record, by repository. */
  readonly ends: ReadonlyMap<number, { readonly first: Mark; readonly last: Mark }>;
}

/**
 * Whether a record speaks of the time before an instant. A merge may have gone on record only later, when the gate had been
 * away, and so may all that was filled in: it belongs to the period in which it happened, or it would be in no package at all.
 */
export function speaksOfBefore(record: AuditRecord, instant: string): boolean {
  const { mergedAt, from } = record.details;
  // A comparison is of the period that was compared, which is over by then.
  const told = record.kind === 'reconciled' ? from : mergedAt;
  return isBefore(happenedAt(record), instant) || (typeof told === 'string' && isBefore(told, instant));
}

const isBefore = (a: string, b: string): boolean => instantOf(a) < instantOf(b);

/** `records`: of one repository, from the first one on. */
export function derive(records: readonly AuditRecord[], { period, at, sample, signed }: Terms): Derived {
  const population = populationOf(records, period);
  const { changes } = population;
  // The smallest ranks of all repositories are among the smallest ones of each.
  const drawn = sample === null ? [] : sampleOf(changes, sample.size, sample.seed);
  return {
    population,
    ...documentsOf(records, population),
    configuration: heldIn(period, configurationOf(records)),
    lastModels: lastModels(records, at),
    models: NO_MODELS,
    exceptions: exceptionsOf(population, records, at),
    reviews: reviewsWithin(reviewsOf(records, at), period),
    register: registerOf(records, at),
    waits: waitsOf(changes, records),
    packets: packetsOf(drawn, records, sample?.seed ?? ''),
    merges: signed ? mergeFactsOf(changes, records) : new Map(),
    ends: endsOf(records),
  };
}

function documentsOf(
  records: readonly AuditRecord[],
  { changes, period }: Population,
): Pick<Derived, 'documents' | 'rules' | 'modelDocuments'> {
  const told = new Set(changes.flatMap((change) => change.records));
  const documents = new Set<string>();
  const standing: Record<string, Set<string>> = {
    'policy-changed': new Set<string>(),
    'rules-changed': new Set<string>(),
    'model-recorded': new Set<string>(),
  };
  const before = new Map<string, string>();
  for (const record of records) {
    const name = documentOf(record);
    if (name === undefined) continue;
    const early = isBefore(happenedAt(record), period.from);
    // What stood when the period began, besides everything that it tells of itself.
    if (early && record.kind in standing) before.set(record.kind, name);
    if (!told.has(record.sequence) && early) continue;
    documents.add(name);
    standing[record.kind]?.add(name);
  }
  for (const [kind, name] of before) for (const set of [documents, standing[kind]]) set?.add(name);
  const { 'policy-changed': policies, 'rules-changed': rules, 'model-recorded': models } = standing;
  return {
    documents,
    rules: new Set([...(policies ?? []), ...(rules ?? [])]),
    modelDocuments: models ?? new Set(),
  };
}

/** What did not end before the period, nor begin after it. */
const heldIn = ({ from, to }: Period, lines: readonly ConfigurationLine[]): readonly ConfigurationLine[] =>
  lines.filter(
    ({ since, until }) => isBefore(since.at, to) && (until === undefined || !isBefore(until.at, from)),
  );

export const NO_MODELS: ModelRegister = {
  threats: [],
  vendors: [],
  assumptions: [],
  inventory: [],
  doubts: [],
};

/** Digests of the documents that `withModels` needs. */
export const modelsNeeded = ({ lastModels }: Derived): ReadonlySet<string> =>
  new Set(lastModels.flatMap((record) => documentOf(record) ?? []));

/** What the models said, once their documents were read. */
export const withModels = (derived: Derived, texts: ReadonlyMap<string, string>): Derived => ({
  ...derived,
  models: modelRegisterOf(derived.lastModels, (digest) => texts.get(digest)),
});

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
export function rowsKept({ exceptions, reviews, register, packets }: Derived): number {
  const { emergencies, waivers, outages } = exceptions;
  const { accepted, tickets, controls } = register;
  let kept = 0;
  for (const rows of [emergencies, waivers, outages, reviews, accepted, tickets, controls])
    kept += rows.length;
  for (const { records } of packets.values()) kept += records.length;
  return kept;
}
