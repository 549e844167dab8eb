import { expect } from '@jest/globals';
import { verifyChain } from '../../src/core/ledger/verify-chain.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Place } from '../../src/store/place.ts';
import { acknowledgedUntilKilled } from './acknowledgements.ts';
import { SHOP } from './samples.ts';

/** Kills a writing process again and again; everything that was acknowledged has to be there, and nothing by halves. */
export async function survivesKills(place: Place, cycles: number): Promise<void> {
  const guids: string[] = [];
  const sources: string[] = [];
  for (let cycle = 0; cycle < cycles; cycle++) {
    const told = await acknowledgedUntilKilled(place, `cycle ${cycle}`, 40 + 70 * cycle);
    guids.push(...told.guids);
    sources.push(...told.sources);
    const store = await openStore(place);
    try {
      expect(guids.length).toBeGreaterThan(0);
      expect((await store.accepted(guids)).size).toBe(guids.length);
      const records = await store.records({ repository: SHOP.id });
      expect(records.map((record) => record.source)).toEqual(expect.arrayContaining(sources));
      expect(verifyChain(await store.recordTexts({ repository: SHOP.id })).ok).toBe(true);
      // Each delivery with its signal and its subject.
      const waiting = await Promise.all(
        Array.from({ length: 20 }, (_, n) => store.signals(`pull/7/${n + 1}`)),
      );
      const signalled = new Set(waiting.flat().map(({ guid }) => guid));
      expect(guids.filter((guid) => !signalled.has(guid))).toEqual([]);
      expect(await store.accepted([...signalled])).toEqual(signalled);
    } finally {
      await store.close();
    }
  }
  expect(sources.length).toBeGreaterThan(0);
}
