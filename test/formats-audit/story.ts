import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { derive, termsOf, type Derived, type Terms } from '../../src/audit/derive.ts';
import { makePackage, type Question } from '../../src/audit/make-package.ts';
import { openToRead } from '../../src/audit/read-ledger.ts';
import { FRAMEWORKS } from '../../src/core/audit/frameworks.ts';
import type { Assessed } from '../../src/core/audit/oscal/assessed.ts';
import { parseRecord, seal, START } from '../../src/core/ledger/chain.ts';
import type { Actor, AuditRecord, Json, RecordDraft } from '../../src/core/model/record.ts';
import { ADA, EVE, keyFile, makeLedger, record, RULES, SHOP, verdictOf } from '../audit/samples.ts';
import { temporaryFolder } from '../local/temporary-repository.ts';

export const YEAR = { from: '2026-01-01T00:00:00.000Z', to: '2027-01-01T00:00:00.000Z' };
export const GENERATED = '2027-03-01T00:00:00.000Z';
export const ZOE: Actor = { id: '14', login: 'zoe', kind: 'user', role: 'approver' };

type Details = { readonly [key: string]: Json };

/** Ids of git, each once. */
export const oid = (kind: 'c' | 'd' | 'e', number: number): string =>
  `${kind}${number.toString(16)}`.padEnd(40, '0');

/** One pull request of a day: judged, decided on, merged with a merge commit of two parents. */
export function pull(
  number: number,
  day: string,
  between: readonly RecordDraft[],
  over: Details = {},
): readonly RecordDraft[] {
  const details = {
    document: verdictOf(2).digest,
    conclusion: 'success',
    applicable: true,
    mode: 'enforce',
    title: 'Covered',
    policy: { origin: 'x', digest: RULES.digest },
    tool: { name: 'threatgate', version: '0.1.0', rules: 'rules-7', catalogue: 'c' },
    author: { id: '12', login: 'ada', kind: 'user' },
    facts: 1,
    categories: ['exposure'],
    baseRef: 'main',
    check: 'success',
    mergedAt: `${day}T11:59:59Z`,
    mergeCommit: oid('c', number),
    tree: oid('d', number),
    parents: 2,
    onto: oid('e', number),
    ...over,
  };
  return [
    record(SHOP, 'evaluated', number, { at: `${day}T09:00:00.000Z`, details }),
    ...between,
    record(SHOP, 'merged', number, { at: `${day}T12:00:00.000Z`, actor: ADA, details }),
  ];
}

export const said = (
  kind: RecordDraft['kind'],
  number: number,
  at: string,
  details: Details,
  actor: Actor = EVE,
): RecordDraft => record(SHOP, kind, number, { at, actor, details });

const urgent = (number: number, day: string): RecordDraft =>
  said('emergency', number, `${day}T10:00:00.000Z`, {
    reason: '<b>@all</b> `down`',
    incident: `INC-${number}`,
    reviewDue: '2026-03-10T00:00:00.000Z',
  });

/** Every way in which a change can come in, and an accepted risk, a ticket, an outage. */
export function story(): readonly RecordDraft[] {
  const reviewed = urgent(2, '2026-03-01');
  const answered = (at: string, details: Details): RecordDraft =>
    said('answered', 1, at, { address: 'aws_s3_bucket.a', scope: 'infra', ...details });
  return [
    ...pull(1, '2026-02-01', [
      answered('2026-02-01T09:10:00.000Z', {
        question: 'OBJ-I1',
        answer: 'accept',
        text: 'Public by intent [x](http://evil.example)',
        owner: 'eve',
        expires: '2027-06-01',
      }),
      answered('2026-02-01T09:11:00.000Z', { question: 'Q2', answer: 'ticket', text: 'SHOP-1' }),
      said('approved', 1, '2026-02-01T10:00:00.000Z', { via: 'review', statement: 'Fine.' }),
      said('approved', 1, '2026-02-01T10:01:00.000Z', { via: 'review' }, ZOE),
      said(
        'approval-ended',
        1,
        '2026-02-01T10:02:00.000Z',
        { via: 'comment', reason: 'Second thoughts' },
        ZOE,
      ),
    ]),
    ...pull(2, '2026-03-01', [reviewed]),
    said('review-done', 2, '2026-03-05T10:00:00.000Z', { of: reviewed.source, statement: 'Looked.' }),
    ...pull(3, '2026-04-01', [urgent(3, '2026-04-01')]),
    ...pull(4, '2026-05-01', [
      said('waived', 4, '2026-05-01T10:00:00.000Z', { reason: '+1', expires: YEAR.to }),
    ]),
    ...pull(5, '2026-06-01', [], { conclusion: 'failure', check: 'failure' }),
    said('bypassed', 5, '2026-06-01T12:00:01.000Z', { reason: 'Merged past the gate' }),
    ...pull(6, '2026-06-02', [], { check: 'failure' }),
    ...pull(7, '2026-06-03', [], { applicable: false, facts: 0, categories: [] }),
    ...pull(8, '2026-06-04', [], { mode: 'observe' }),
    ...pull(9, '2026-06-05', [said('approved', 9, '2026-06-05T10:00:00.000Z', {})], {
      parents: 1,
    }),
    ...pull(10, '2026-06-06', [said('approved', 10, '2026-06-06T10:00:00.000Z', {})], {
      parents: 3,
    }),
    ...pull(11, '2026-06-07', [said('approved', 11, '2026-06-07T10:00:00.000Z', {})], {
      mergeCommit: 'no commit',
    }),
    record(SHOP, 'direct-push', 0, {
      at: '2026-07-01T00:00:00.000Z',
      actor: ADA,
      details: { branch: 'main', complete: true },
    }),
    record(SHOP, 'gate-outage', 12, {
      at: '2026-08-01T00:00:00.000Z',
      details: { from: '2026-07-31T00:00:00.000Z', until: '2026-08-01T00:00:00.000Z' },
    }),
  ];
}

export function chained(drafts: readonly RecordDraft[]): readonly AuditRecord[] {
  let head = START;
  return drafts.map((draft) => {
    const sealed = seal(draft, head);
    head = sealed.head;
    return parseRecord(sealed.text);
  });
}

export const termsFor = (sample: Terms['sample'] = null): Terms =>
  termsOf({
    query: { ...YEAR, repositories: null, timeZone: 'UTC', sample },
    generatedAt: GENERATED,
    signer: 'somebody',
  });

/** What the OSCAL documents are made of, for records of one repository. */
export function assessed(records: readonly AuditRecord[], sample: Terms['sample'] = null): Assessed {
  const terms = termsFor(sample);
  const derived: Derived = derive(records, terms);
  const last = records.at(-1);
  return {
    ...terms,
    version: '0.1.0',
    repositories: [{ ...SHOP, head: { sequence: last?.sequence ?? 0, hash: last?.hash ?? START.hash } }],
    population: derived.population,
    exceptions: derived.exceptions,
    register: derived.register,
    reviews: derived.reviews,
    drawn: new Set(derived.packets.keys()),
    controls: FRAMEWORKS,
    files: ['population.csv', 'records.jsonl'].map((name) => ({ name, sha256: '0'.repeat(64) })),
  };
}

/** A package of the story, and the key it is signed with. */
export async function storyPackage(over: Partial<Question> = {}): Promise<{
  readonly folder: string;
  readonly key: KeyObject;
  readonly publicFile: string;
  readonly database: string;
}> {
  const place = temporaryFolder();
  const database = join(place, 'threatgate.sqlite');
  await makeLedger({ file: database }, story());
  const { file, publicFile } = keyFile(place);
  const key = createPrivateKey(readFileSync(file));
  const folder = join(place, 'evidence');
  const ledger = await openToRead({ file: database });
  try {
    await makePackage(ledger, {
      period: YEAR,
      repositories: undefined,
      sample: undefined,
      output: folder,
      key,
      generatedAt: GENERATED,
      progress: () => undefined,
      ...over,
    });
  } finally {
    await ledger.close();
  }
  return { folder, key, publicFile, database };
}
