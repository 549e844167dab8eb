import { afterAll, describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { canonicalJson, digestOf } from '../../src/core/digest.ts';
import { verifyChain } from '../../src/core/ledger/verify-chain.ts';
import { openRecorder } from '../../src/store/open-recorder.ts';
import { openStore } from '../../src/store/open-store.ts';
import { removeTemporaryFolders, temporaryFolder } from '../local/temporary-repository.ts';
import { anyLease, at, draft, SHOP } from './samples.ts';

afterAll(removeTemporaryFolders);

describe('a recorder', () => {
  test('adds to the chains of a store that goes on beside it, each thing once', async () => {
    const file = join(temporaryFolder(), 'threatgate.sqlite');
    const store = await openStore({ file });
    const recorder = await openRecorder({ file });
    const lease = await anyLease(store);
    for (let i = 0; i < 5; i++)
      await Promise.all([
        recorder.append([draft(`mine/${i}`), draft(`both/${i}`)]),
        store.apply(lease, { records: [draft(`theirs/${i}`), draft(`both/${i}`)] }, at(i)),
      ]);
    const texts = await store.recordTexts({ repository: SHOP.id });
    expect(verifyChain(texts)).toMatchObject({ ok: true, count: 15 });
    expect(await recorder.records({ repository: SHOP.id })).toEqual(
      await store.records({ repository: SHOP.id }),
    );
    await Promise.all([recorder.close(), store.close()]);
  });

  test('writes all of it or nothing', async () => {
    const recorder = await openRecorder({ file: ':memory:' });
    const wrong = { digest: digestOf('another'), kind: 'policy', text: 'one' } as const;
    await expect(recorder.append([draft('a')], [wrong])).rejects.toThrow('another content');
    expect(await recorder.records({ repository: SHOP.id })).toEqual([]);
    const right = { ...wrong, digest: digestOf('one') };
    const [record] = await recorder.append([draft('a')], [right]);
    expect(await recorder.append([draft('a')], [right])).toEqual([]);
    expect(await recorder.document(right.digest)).toEqual(right);
    expect(canonicalJson(await recorder.records({ repository: SHOP.id }))).toBe(canonicalJson([record]));
    await recorder.close();
  });

  test('knows repositories by what they were called last', async () => {
    const recorder = await openRecorder({ file: ':memory:' });
    expect(await recorder.repositories()).toEqual([]);
    await recorder.append([draft('a'), draft('b', { repository: { id: 9, name: 'acme/till' } })]);
    await recorder.append([draft('c', { repository: { ...SHOP, name: 'acme/store' } })]);
    expect(await recorder.repositories()).toEqual([
      { id: SHOP.id, name: 'acme/store' },
      { id: 9, name: 'acme/till' },
    ]);
    await recorder.close();
  });
});
