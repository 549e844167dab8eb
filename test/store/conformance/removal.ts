import { expect, test } from '@jest/globals';
import { digestOf } from '../../../src/core/digest.ts';
import { START } from '../../../src/core/ledger/chain.ts';
import { openKeeper } from '../../../src/store/open-keeper.ts';
import { benches, type Bench, type EngineUnderTest } from '../bench.ts';
import { anyLease, at, draft } from '../samples.ts';

const OTHER = { id: 8, name: 'acme/other' };
const [SHARED, OWN] = ['shared', 'own'].map(
  (text) => ({ digest: digestOf(text), kind: 'verdict', text }) as const,
);

export function removesChains(engine: EngineUnderTest): void {
  const bench = benches(engine);

  /** Two chains; a document of both, and one of the first alone. */
  async function twoChains({ store }: Bench) {
    const lease = await anyLease(store);
    const naming = (digest: string | undefined) => ({ details: { document: digest } });
    const records = [
      draft('a', naming(SHARED?.digest)),
      draft('b', naming(OWN?.digest)),
      draft('c', { ...naming(SHARED?.digest), repository: OTHER }),
    ];
    await store.apply(lease, { records, documents: [SHARED, OWN].flatMap((d) => d ?? []) }, at(0));
    return { lease, head: (await store.records({ repository: 7 })).at(-1) };
  }

  const removalAt = (head: { sequence: number; hash: string } | undefined) => ({
    repository: 7,
    head: { sequence: head?.sequence ?? 0, hash: head?.hash ?? '' },
    by: 'ada (12)',
    archive: 'sha256:archive',
    at: at(9),
  });

  test('a chain goes whole, with what nobody else names, and leaves its line', async () => {
    const opened = await bench();
    const { store, place } = opened;
    const { head } = await twoChains(opened);
    const keeper = await openKeeper(place);
    try {
      const line = await keeper.remove(removalAt(head), () => undefined);
      expect(line).toMatchObject({
        repository: 7,
        sequence: 2,
        hash: head?.hash,
        documents: 1,
        removed_by: 'ada (12)',
      });
      expect(await keeper.removals()).toEqual([line]);
    } finally {
      await keeper.close();
    }
    expect(await store.records({ repository: 7 })).toEqual([]);
    expect(await store.records({ repository: OTHER.id })).toHaveLength(1);
    expect(await store.document(OWN?.digest ?? '')).toBeUndefined();
    expect(await store.document(SHARED?.digest ?? '')).toBeDefined();
  });

  test('the guards stand again, and a repository that comes back begins anew', async () => {
    const opened = await bench();
    const { store, place, tamper } = opened;
    const { head, lease } = await twoChains(opened);
    const keeper = await openKeeper(place);
    await keeper.remove(removalAt(head), () => undefined).finally(() => keeper.close());
    for (const statement of [
      'delete from records',
      `update records set text = '{}'`,
      'delete from documents',
      'delete from chains',
      'delete from removals',
      `update removals set removed_by = 'nobody'`,
    ])
      await expect(tamper(statement)).rejects.toThrow(/only grow/);
    const [first] = await store.apply(lease, { records: [draft('a')] }, at(10));
    expect(first).toMatchObject({ sequence: 1, previous: START.hash });
  });

  test('a chain that has grown, or that is refused, stays whole', async () => {
    const opened = await bench();
    const { store, place } = opened;
    const { head, lease } = await twoChains(opened);
    const keeper = await openKeeper(place);
    try {
      const refuse = (): never => {
        throw new Error('held');
      };
      await expect(keeper.remove(removalAt(head), refuse)).rejects.toThrow('held');
      await store.apply(lease, { records: [draft('later')] }, at(1));
      await expect(keeper.remove(removalAt(head), () => undefined)).rejects.toThrow(/has changed/);
      expect(await keeper.removals()).toEqual([]);
    } finally {
      await keeper.close();
    }
    expect(await store.records({ repository: 7 })).toHaveLength(3);
    expect(await store.document(OWN?.digest ?? '')).toBeDefined();
  });
}
