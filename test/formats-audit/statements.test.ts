import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createPublicKey, generateKeyPairSync, verify, type KeyObject } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { derive } from '../../src/audit/derive.ts';
import { opened, sealed, signedBytes } from '../../src/audit/dsse.ts';
import { fingerprintOf } from '../../src/audit/keys.ts';
import { writeManifest, type Manifest } from '../../src/audit/package.ts';
import { MANIFEST, RECORDS, SIGNATURE, STATEMENTS } from '../../src/audit/parts.ts';
import { signManifest } from '../../src/audit/sign.ts';
import { checkStatements } from '../../src/audit/statements.ts';
import { type Findings, verification, type Verification } from '../../src/audit/verification.ts';
import { verifyPackage } from '../../src/audit/verify-package.ts';
import { reviewPredicate, REVIEW_PREDICATE } from '../../src/core/audit/statements/review-predicate.ts';
import {
  APPROVAL_PREDICATE,
  PROPERTIES,
  statementsOf,
  SVR_PREDICATE,
} from '../../src/core/audit/statements/statements.ts';
import { parseRecord } from '../../src/core/ledger/chain.ts';
import type { RecordDraft } from '../../src/core/model/record.ts';
import { digestOf } from '../../src/core/digest.ts';
import { RULES, verdictOf, contentOf } from '../audit/samples.ts';
import { removeTemporaryFolders } from '../local/temporary-repository.ts';
import { chained, oid, pull, said, story, storyPackage, termsFor } from './story.ts';

afterAll(removeTemporaryFolders);

interface Statement {
  readonly _type: string;
  readonly subject: readonly { readonly name?: string; readonly digest: Readonly<Record<string, string>> }[];
  readonly predicateType: string;
  readonly predicate: { readonly [key: string]: unknown };
}

function statementsIn(drafts: readonly RecordDraft[]): readonly (Statement & { readonly pull: number })[] {
  const derived = derive(chained(drafts), termsFor());
  return derived.population.changes.flatMap((change) => {
    const facts = derived.merges.get(change);
    return facts
      ? statementsOf(change, facts).map((text) => ({
          ...(JSON.parse(text) as Statement),
          pull: change.pullRequest ?? 0,
        }))
      : [];
  });
}

const all = statementsIn(story());
const of = (type: string): typeof all => all.filter((s) => s.predicateType === type);

describe('statements about a merge', () => {
  test('a property for what went by the rules, and none for what did not', () => {
    expect(of(SVR_PREDICATE).map((s) => [s.pull, s.predicate['properties']])).toEqual([
      [1, ['ORG_SOURCE_THREAT_MODEL_REVIEWED']],
      [2, ['ORG_SOURCE_THREAT_MODEL_EMERGENCY']],
      [3, ['ORG_SOURCE_THREAT_MODEL_EMERGENCY']],
      [4, ['ORG_SOURCE_THREAT_MODEL_WAIVED']],
      [7, ['ORG_SOURCE_THREAT_MODEL_NOT_TRIGGERED']],
      [8, ['ORG_SOURCE_THREAT_MODEL_OBSERVED']],
      [9, ['ORG_SOURCE_THREAT_MODEL_REVIEWED']],
      [10, ['ORG_SOURCE_THREAT_MODEL_REVIEWED']],
    ]);
    expect(Object.keys(PROPERTIES).filter((way) => /bypassed|push|unexplained/.test(way))).toEqual([]);
  });

  test('a verification names commit and tree apart, who verified, when, and by which policy', () => {
    expect(of(SVR_PREDICATE)[0]).toEqual({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [
        { name: 'acme/shop', digest: { gitCommit: oid('c', 1) } },
        { name: 'acme/shop', digest: { gitTree: oid('d', 1) } },
      ],
      predicateType: 'https://in-toto.io/attestation/svr/v0.2',
      predicate: {
        verifier: {
          id: 'https://github.com/threatgate/threatgate/rules/rules-7',
          policies: [{ name: 'threatgate policy', digest: { sha256: RULES.digest.slice('sha256:'.length) } }],
        },
        timeCreated: '2026-02-01T09:00:00.000Z',
        properties: ['ORG_SOURCE_THREAT_MODEL_REVIEWED'],
      },
      pull: 1,
    });
  });

  test('our own predicate is there for every merge whose commit is on record, as its schema says', () => {
    const reviews = of(REVIEW_PREDICATE);
    expect(reviews.map((s) => [s.pull, s.predicate['way']])).toEqual([
      [1, 'gated'],
      [2, 'emergency'],
      [3, 'emergency'],
      [4, 'waived'],
      [5, 'bypassed'],
      [6, 'unexplained'],
      [7, 'not-triggered'],
      [8, 'observed'],
      [9, 'gated'],
      [10, 'gated'],
    ]);
    for (const { predicate } of reviews) expect(reviewPredicate.parse(predicate)).toEqual(predicate);
    const records = chained(story());
    const [first] = reviews.map((s) => reviewPredicate.parse(s.predicate));
    expect(first?.trigger?.document?.sha256).toBe(verdictOf(2).digest.slice(7));
    expect(first?.decisions.map((d) => [d.kind, d.by?.login])).toEqual([
      ['approved', 'eve'],
      ['approved', 'zoe'],
      ['approval-ended', 'zoe'],
    ]);
    // Every mark is a record, by its number and its hash.
    const marks = [
      first?.change.record,
      ...(first?.answers ?? []),
      ...(first?.decisions ?? []).map((d) => d.record),
    ];
    for (const mark of marks)
      expect(records[(mark?.sequence ?? 0) - 1]?.hash).toBe(`sha256:${mark?.digest.sha256 ?? ''}`);
    expect(first?.answers).toHaveLength(2);
    expect(first?.acceptedRisks).toEqual(first?.answers.slice(0, 1));
  });

  test('an approval as gittuf writes it, where both ends of the change are on record and nothing has to be guessed', () => {
    expect(of(APPROVAL_PREDICATE)).toEqual([
      {
        _type: 'https://in-toto.io/Statement/v1',
        subject: [{ digest: { gitTree: oid('d', 1) } }],
        predicateType: 'https://gittuf.dev/github-pull-request-approval/v0.1',
        predicate: {
          targetRef: 'refs/heads/main',
          fromRevisionID: oid('e', 1),
          targetTreeID: oid('d', 1),
          approvers: ['eve+13'],
          dismissedApprovers: ['zoe+14'],
        },
        pull: 1,
      },
    ]);
  });

  test('what was filled in later is stated as that, and verified by nobody', () => {
    const rebuilt = pull(1, '2026-02-01', [said('approved', 1, '2026-02-01T10:00:00.000Z', {})], {
      rebuilt: 'rebuilt/1',
    });
    const made = statementsIn(rebuilt);
    expect(made.filter((s) => s.predicateType === SVR_PREDICATE)).toEqual([]);
    expect(made.find((s) => s.predicateType === REVIEW_PREDICATE)?.predicate['rebuilt']).toBe(true);
  });

  test('whatever stands in a record, a statement keeps to the schema of its predicate', () => {
    const any = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.constantFrom('', 'sha256:x', 'é', '2026-02-30'),
    );
    fc.assert(
      fc.property(any, any, any, (a, b, c) => {
        const made = statementsIn(
          pull(1, '2026-02-01', [said('approved', 1, '2026-02-01T10:00:00.000Z', { saidAt: a, reason: b })], {
            document: a,
            title: b,
            baseRef: c,
            mergedAt: a,
            tree: b,
            parents: 2,
            onto: c,
            tool: { rules: c },
            policy: { digest: b },
          }),
        );
        for (const { predicateType, predicate } of made)
          if (predicateType === REVIEW_PREDICATE) reviewPredicate.parse(predicate);
        expect(made.some((s) => s.predicateType === APPROVAL_PREDICATE)).toBe(false);
      }),
      { seed: 3, numRuns: 200 },
    );
  });
});

describe('an envelope', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');

  test('signs the text together with what kind of text it is', () => {
    expect(signedBytes('http://example.com/HelloWorld', 'hello world').toString()).toBe(
      'DSSEv1 29 http://example.com/HelloWorld 11 hello world',
    );
    expect(signedBytes('é', 'ü').toString()).toBe('DSSEv1 2 é 2 ü');
    const line = sealed('text/x', 'Zürich', [privateKey]);
    expect(sealed('text/x', 'Zürich', [privateKey])).toBe(line);
    const { payload, signatures } = opened('text/x', line, {});
    expect(payload).toBe('Zürich');
    expect(signatures[0]?.keyid).toBe(fingerprintOf(publicKey));
    const sig = Buffer.from(signatures[0]?.sig ?? '', 'base64');
    expect(verify(null, signedBytes('text/x', 'Zürich'), publicKey, sig)).toBe(true);
    expect(verify(null, signedBytes('text/y', 'Zürich'), publicKey, sig)).toBe(false);
    expect(() => opened('text/y', line, {})).toThrow('another kind');
  });

  test('is nothing else than what we write', () => {
    const line = sealed('text/x', 'a', [privateKey]);
    for (const other of [
      line.replace('"payload"', '"payloads"'),
      line.replace('YQ==', 'YR=='),
      line.replace('YQ==', '/w=='),
      ` ${line}`,
      '{}',
      'x',
      JSON.stringify({ payloadType: 'text/x', payload: 'YQ==', signatures: [] }),
    ])
      expect(() => opened('text/x', other, { file: 'f' })).toThrow(/^f: /);
  });
});

describe('statements in a package', () => {
  let folder: string;
  let key: KeyObject;
  beforeAll(async () => {
    ({ folder, key } = await storyPackage());
  }, 60_000);

  const textOf = (name: string): string => readFileSync(join(folder, name), 'utf8');

  /** Looks at the statements alone, with the key that the package came with. */
  function check(text: string, over: Partial<Manifest> = {}): Promise<Verification> {
    writeFileSync(join(folder, STATEMENTS), text);
    const sha256 = digestOf(text).slice('sha256:'.length);
    const manifest = JSON.parse(textOf(MANIFEST)) as Manifest;
    const files = manifest.files.map((file) =>
      file.name === STATEMENTS ? { ...file, bytes: Buffer.byteLength(text), sha256 } : file,
    );
    const records = textOf(RECORDS).trimEnd().split('\n').map(parseRecord);
    return verification('p', 'package', async (findings: Findings) => {
      const publicKey = createPublicKey(key);
      findings.signer = { fingerprint: fingerprintOf(publicKey), publicKey };
      await checkStatements(folder, { ...manifest, files, ...over }, derive(records, termsFor()), findings);
    });
  }

  test('are signed by its key, a line each, and made anew when it is verified', async () => {
    const text = textOf(STATEMENTS);
    expect(text.trimEnd().split('\n')).toHaveLength(all.length);
    const found = await check(text);
    expect(found.broken).toBeUndefined();
    expect(found.checked).toEqual([
      { what: 'statements about merged commits, each made anew, with its signature', count: all.length },
    ]);
  });

  test('left out, swapped, added, altered or signed by somebody else are found by line', async () => {
    const text = textOf(STATEMENTS);
    const lines = text.trimEnd().split('\n');
    const joined = (some: readonly string[]): string => some.map((line) => `${line}\n`).join('');
    const stranger = generateKeyPairSync('ed25519').privateKey;
    const payload = (n: number): string => opened('application/vnd.in-toto+json', lines[n] ?? '', {}).payload;
    const again = (n: number, over: string, by: readonly KeyObject[]): string =>
      joined(lines.with(n, sealed('application/vnd.in-toto+json', over, by)));
    for (const [other, line, why] of [
      [joined(lines.slice(1)), 1, 'something else'],
      [joined(lines.slice(0, -1)), lines.length, 'missing'],
      [joined([...lines, lines[0] ?? '']), lines.length + 1, 'Nothing in the records'],
      [joined([lines[1] ?? '', lines[0] ?? '', ...lines.slice(2)]), 1, 'something else'],
      [again(1, payload(1).replace('acme', 'evil'), [key]), 2, 'something else'],
      [again(3, payload(3), [stranger]), 4, 'no good signature'],
      [again(3, payload(3), [key, stranger]), 4, 'other signatures'],
    ] as const) {
      const { broken } = await check(other);
      expect([broken?.file, broken?.line, broken?.why]).toEqual([
        STATEMENTS,
        line,
        expect.stringContaining(why),
      ]);
    }
    writeFileSync(join(folder, STATEMENTS), text);
  });

  test('of another version are compared by digest alone', async () => {
    const text = textOf(STATEMENTS);
    const tool = { ...(JSON.parse(textOf(MANIFEST)) as Manifest).tool, version: '9.9.9' };
    expect((await check(text, { tool })).checked[0]?.what).toContain('only version 9.9.9');
  });

  test('a package without a key has none, and must not name any', async () => {
    const { folder: unsigned } = await storyPackage({ key: undefined });
    const file = join(unsigned, MANIFEST);
    const manifest = contentOf(readFileSync(file, 'utf8'));
    expect(manifest.files.map(({ name }) => name)).not.toContain(STATEMENTS);
    const text = textOf(STATEMENTS);
    const entry = { name: STATEMENTS, bytes: Buffer.byteLength(text), sha256: digestOf(text).slice(7) };
    writeFileSync(join(unsigned, STATEMENTS), text);
    const files = [...manifest.files, entry].sort((a, b) => (a.name < b.name ? -1 : 1));
    writeFileSync(file, writeManifest({ ...manifest, files }).text);
    const { broken } = await verifyPackage(unsigned, 'p', { keys: undefined, requireSignature: false });
    expect(broken?.why).toBe(`It names ${STATEMENTS}, and nobody signed it.`);
  }, 60_000);

  test('are there when the whole package is verified, and missed when they are not', async () => {
    const trust = { keys: undefined, requireSignature: false };
    const found = await verifyPackage(folder, 'p', trust);
    expect(found.broken).toBeUndefined();
    expect(found.checked.map(({ what }) => what)).toContain(
      'statements about merged commits, each made anew, with its signature',
    );
    const manifest = contentOf(textOf(MANIFEST));
    const files = manifest.files.filter(({ name }) => name !== STATEMENTS);
    const { text } = writeManifest({ ...manifest, files });
    writeFileSync(join(folder, MANIFEST), text);
    writeFileSync(join(folder, SIGNATURE), signManifest(Buffer.from(text), key));
    expect((await verifyPackage(folder, 'p', trust)).broken?.why).toBe(`It does not name ${STATEMENTS}.`);
  }, 60_000);
});
