import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hashOf, parseRecord, seal, START, type Head } from '../../src/core/ledger/chain.ts';
import { verifyChain } from '../../src/core/ledger/verify-chain.ts';
import type { RecordDraft } from '../../src/core/model/record.ts';
import { draft } from './samples.ts';

function chain(drafts: readonly RecordDraft[]): { texts: string[]; heads: Head[] } {
  const texts: string[] = [];
  const heads = [START];
  for (const one of drafts) {
    const { text, head } = seal(one, heads.at(-1) ?? START);
    texts.push(text);
    heads.push(head);
  }
  return { texts, heads };
}

const drafts = fc.array(
  fc
    .tuple(fc.string({ unit: 'binary' }), fc.jsonValue(), fc.option(fc.nat(), { nil: undefined }))
    .map(([source, note, pullRequest]) =>
      draft(source, {
        details: { note: note },
        ...(pullRequest === undefined ? {} : { pullRequest }),
      }),
    ),
  { minLength: 1, maxLength: 6 },
);

/** Whoever keeps the head of a chain elsewhere sees that this is another one. */
function isFound(texts: readonly string[], kept: Head): boolean {
  const check = verifyChain(texts);
  return !check.ok || check.head.hash !== kept.hash || check.head.sequence !== kept.sequence;
}

describe('a chain', () => {
  test('of nothing is sound', () => {
    expect(verifyChain([])).toEqual({ ok: true, count: 0, head: START });
  });

  test('is sound as it was written, as a whole and from any place on', () => {
    fc.assert(
      fc.property(drafts, fc.nat(), (some, place) => {
        const { texts, heads } = chain(some);
        const head = heads.at(-1);
        expect(verifyChain(texts)).toEqual({ ok: true, count: texts.length, head });
        const from = place % heads.length;
        expect(verifyChain(texts.slice(from), heads[from])).toEqual({
          ok: true,
          count: texts.length - from,
          head,
        });
        for (const [n, text] of texts.entries()) {
          const { sequence, previous, hash, ...rest } = parseRecord(text);
          expect({ sequence, hash }).toEqual(heads[n + 1]);
          expect(hashOf(rest, sequence, previous)).toBe(hash);
        }
      }),
    );
  });

  test('is no longer sound when any bit of it flips', () => {
    fc.assert(
      fc.property(drafts, fc.nat(), fc.nat(), fc.nat({ max: 7 }), (some, record, byte, bit) => {
        const { texts, heads } = chain(some);
        const bytes = Buffer.from(texts[record % texts.length] ?? '');
        const at = byte % bytes.length;
        bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
        texts[record % texts.length] = bytes.toString();
        expect(isFound(texts, heads.at(-1) ?? START)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('is no longer sound when any byte of one record changes', () => {
    const { texts } = chain([
      draft('a'),
      draft('b', { details: { big: 1e23, half: '\ud800', nul: '\0' } }),
      draft('c'),
    ]);
    const bytes = Buffer.from(texts[1] ?? '');
    for (let place = 0; place < bytes.length; place++)
      for (const other of [
        0x20,
        0x30,
        0x45,
        bytes[place] === 0x44 ? 0x64 : 0x44,
        (bytes[place] ?? 0) ^ 0x20,
      ]) {
        if (bytes[place] === other) continue;
        const changed = Buffer.from(bytes);
        changed[place] = other;
        expect(verifyChain([texts[0] ?? '', changed.toString(), texts[2] ?? ''])).toMatchObject({
          ok: false,
        });
      }
  });

  test('is no longer sound when records are removed, swapped, doubled or put in', () => {
    fc.assert(
      fc.property(drafts, fc.nat(), fc.nat(), foreigner(), (some, a, b, foreign) => {
        const { texts, heads } = chain(some);
        const kept = heads.at(-1) ?? START;
        const [x, y] = [a % texts.length, b % texts.length];
        expect(isFound(texts.toSpliced(x, 1), kept)).toBe(true);
        expect(isFound(texts.toSpliced(x, 0, texts[y] ?? ''), kept)).toBe(true);
        if (x !== y) expect(isFound(texts.with(x, texts[y] ?? '').with(y, texts[x] ?? ''), kept)).toBe(true);
        // Well made, but by somebody else.
        const forged = seal(foreign, heads[x] ?? START).text;
        expect(isFound(texts.toSpliced(x, 0, forged), kept)).toBe(true);
        if (forged !== texts[x]) expect(isFound(texts.with(x, forged), kept)).toBe(true);
      }),
    );
  });

  test('says where it goes wrong, and why', () => {
    const { texts } = chain([draft('a'), draft('b'), draft('c')]);
    const [a = '', b = '', c = ''] = texts;
    const other = chain([draft('x'), draft('y')]).texts;
    expect(verifyChain([a, c])).toEqual({
      ok: false,
      sequence: 2,
      why: 'another record stands in its place',
    });
    expect(verifyChain([a, other[1] ?? ''])).toEqual({
      ok: false,
      sequence: 2,
      why: 'it does not follow from the record before it',
    });
    expect(verifyChain([a, b.replace('as it is', 'as it was')])).toEqual({
      ok: false,
      sequence: 2,
      why: 'its content does not have the hash it states',
    });
    expect(verifyChain([a, ` ${b}`, c])).toEqual({
      ok: false,
      sequence: 2,
      why: 'it is not written in the canonical form',
    });
    expect(verifyChain([a, b, '{'])).toEqual({ ok: false, sequence: 3, why: 'it is not JSON' });
    for (const odd of ['[]', 'null', '3', '"a"'])
      expect(verifyChain([odd])).toEqual({ ok: false, sequence: 1, why: 'it is not a record' });
    expect(verifyChain(['['.repeat(200_000) + ']'.repeat(200_000)])).toMatchObject({
      ok: false,
      sequence: 1,
    });
  });
});

function foreigner(): fc.Arbitrary<RecordDraft> {
  return fc.string().map((source) => draft(source, { kind: 'approved' }));
}
