import { expect, test } from '@jest/globals';
import { canonicalJson, digestOf } from '../../../src/core/digest.ts';
import { START } from '../../../src/core/ledger/chain.ts';
import { verifyChain } from '../../../src/core/ledger/verify-chain.ts';
import type { RecordDraft } from '../../../src/core/model/record.ts';
import type { Document } from '../../../src/review/store.ts';
import { benches, type EngineUnderTest } from '../bench.ts';
import { anyLease, at, draft, pull, pullRequest } from '../samples.ts';

const OTHER = { id: 8, name: 'acme/other' };

export function keepsLedger(engine: EngineUnderTest): void {
  const bench = benches(engine);

  test('records follow each other without gaps, each bound to the one before it', async () => {
    const { store } = await bench();
    const lease = await anyLease(store);
    const [first, second] = await store.apply(lease, { records: [draft('a'), draft('b')] }, at(0));
    const [third] = await store.apply(lease, { records: [draft('c')] }, at(1));
    expect(first).toMatchObject({ ...draft('a'), sequence: 1, previous: START.hash });
    expect(second).toMatchObject({ ...draft('b'), sequence: 2, previous: first?.hash });
    expect(third).toMatchObject({ ...draft('c'), sequence: 3, previous: second?.hash });
    expect(await store.records({ repository: 7 })).toStrictEqual([first, second, third]);

    const texts = await store.recordTexts({ repository: 7 });
    expect(texts).toEqual([first, second, third].map((record) => canonicalJson(record)));
    expect(verifyChain(texts)).toEqual({ ok: true, count: 3, head: { sequence: 3, hash: third?.hash } });
  });

  test('everything in a record comes back, and nothing that is not there', async () => {
    const { store } = await bench();
    const full: RecordDraft = {
      ...draft('a'),
      actor: { id: '12', login: 'ada', kind: 'user', role: 'approver (team acme/security)' },
      pullRequest: 4,
      commit: 'c'.repeat(40),
      digest: 'sha256:d',
      details: {
        text: '\0 \ud800 \u001b0000 é',
        list: [1, null, { deep: true }],
        absent: undefined,
        big: 1e23,
      },
    };
    const [record] = await store.apply(await anyLease(store), { records: [full] }, at(0));
    expect(record).toStrictEqual({
      ...full,
      details: { text: '\0 \ud800 \u001b0000 é', list: [1, null, { deep: true }], big: 1e23 },
      sequence: 1,
      previous: START.hash,
      hash: record?.hash,
    });
    expect(verifyChain(await store.recordTexts({ repository: 7 })).ok).toBe(true);
  });

  test('what is there already is left out: by repository, kind and source', async () => {
    const { store } = await bench();
    const lease = await anyLease(store);
    const approved = draft('a', { kind: 'approved' });
    expect(await store.apply(lease, { records: [draft('a'), draft('a'), approved] }, at(0))).toHaveLength(2);
    const again = [draft('a', { details: { other: 'words' } }), approved, draft('a', { repository: OTHER })];
    expect(await store.apply(lease, { records: again }, at(1))).toMatchObject([
      { repository: OTHER, sequence: 1 },
    ]);
    expect(await store.apply(lease, { records: again }, at(2))).toEqual([]);
    expect(await store.records({ repository: 7 })).toHaveLength(2);
  });

  test('each repository has a chain of its own', async () => {
    const { store } = await bench();
    const mixed = [draft('a', { repository: OTHER }), draft('b'), draft('c', { repository: OTHER })];
    await store.apply(await anyLease(store), { records: mixed }, at(0));
    expect(
      (await store.records({ repository: 8 })).map(({ sequence, source }) => [sequence, source]),
    ).toEqual([
      [1, 'a'],
      [2, 'c'],
    ]);
    for (const repository of [7, 8])
      expect(verifyChain(await store.recordTexts({ repository })).ok).toBe(true);
  });

  test('they are found by pull request, kind and place', async () => {
    const { store } = await bench();
    const records = Array.from({ length: 1_100 }, (_, n) =>
      draft(`e${n}`, { pullRequest: n % 2, kind: n % 5 === 0 ? 'approved' : 'evaluated' }),
    );
    await store.apply(await anyLease(store), { records }, at(0));
    const sequences = async (query: object): Promise<number[]> =>
      (await store.records({ repository: 7, ...query })).map(({ sequence }) => sequence);
    expect(await sequences({})).toHaveLength(1_100);
    expect(await sequences({ from: 1_098 })).toEqual([1_098, 1_099, 1_100]);
    expect(await sequences({ from: 2, most: 2 })).toEqual([2, 3]);
    expect(await sequences({ kinds: ['approved'], most: 2 })).toEqual([1, 6]);
    expect(await sequences({ kinds: ['approved', 'evaluated'], pullRequest: 1, most: 3 })).toEqual([2, 4, 6]);
    expect(await sequences({ kinds: [] })).toEqual([]);
    expect(await sequences({ pullRequest: 2 })).toEqual([]);
  });

  test('documents are kept once, under the digest of their text', async () => {
    const { store } = await bench();
    const lease = await anyLease(store);
    const text = 'rules: \0 \u001b \ud83d\ude00';
    const policy: Document = { digest: digestOf(text), kind: 'policy', text };
    await store.apply(lease, { documents: [policy, policy] }, at(0));
    await store.apply(lease, { documents: [policy] }, at(0));
    expect(await store.document(policy.digest)).toStrictEqual(policy);
    expect(await store.document('sha256:none')).toBeUndefined();
  });

  test('a step that cannot be taken as a whole is not taken', async () => {
    const { store } = await bench();
    const lease = await anyLease(store);
    const text = 'the verdict';
    const step = {
      records: [draft('a')],
      documents: [{ digest: digestOf(text), kind: 'verdict', text }],
      want: [pull(5)],
      pullRequest: pullRequest(5),
      checks: [{ repository: { id: Number.NaN, name: 'impossible' }, head: 'x', subject: 'group' }],
    } as const;
    await expect(store.apply(lease, step, at(0))).rejects.toThrow();
    const forged = { digest: digestOf('another'), kind: 'verdict', text } as const;
    await expect(store.apply(lease, { ...step, checks: [], documents: [forged] }, at(0))).rejects.toThrow(
      'called',
    );
    expect(await store.records({ repository: 7 })).toEqual([]);
    expect(await store.document(digestOf(text))).toBeUndefined();
    expect(await store.pullRequest(7, 5)).toBeUndefined();
    expect(await store.queue.claim('t', at(0), at(1))).toBeUndefined();
    await store.apply(lease, { ...step, checks: [] }, at(0));
    expect(await store.records({ repository: 7 })).toHaveLength(1);
  });
}
