import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { viewOfRecords } from '../../src/core/audit/view-of-records.ts';
import type { Scope, TrailView } from '../../src/core/model/view.ts';
import { openView } from '../../src/store/open-view.ts';
import { benches, catchUp, type EngineUnderTest } from './bench.ts';
import { answers, question, SMALL } from './equivalence.ts';
import { draft, REPOSITORIES } from './histories.ts';

const ALL: Scope = { kind: 'all' };
const drafts = (count: number, seed: number) => fc.sample(draft, { numRuns: count, seed });
const QUESTIONS = fc.sample(question, { numRuns: 8, seed: 9 });

/** Everything that a few questions come to. */
async function told(view: TrailView): Promise<unknown> {
  const all: unknown[] = [];
  for (const asked of QUESTIONS)
    for (const [name, ask] of Object.entries(answers(view, asked))) all.push([name, await ask()]);
  return all;
}

export function takesIn(engine: EngineUnderTest): void {
  const bench = benches(engine, SMALL);

  test('a bounded part at a time, and says how far it is', async () => {
    const { view, append, records } = await bench();
    await append(drafts(100, 1));
    const recorded = (await records()).length;
    const steps: number[] = [];
    for (let shown = -1; shown < recorded; steps.push(shown)) ({ shown } = await view.refresh());
    expect(steps.length).toBeGreaterThan(2);
    const most = SMALL.batch * SMALL.batches;
    for (const [i, shown] of steps.entries()) expect(shown - (steps[i - 1] ?? 0)).toBeLessThanOrEqual(most);
    expect(await view.refresh()).toMatchObject({ shown: recorded, recorded, problems: [] });
  });

  test('what is not taken in yet is in no list, no count and no trail', async () => {
    const { view, append, records } = await bench();
    await append(drafts(100, 2));
    const { shown } = await view.refresh();
    expect(shown).toBeLessThan((await records()).length);
    const page = await view.records(ALL, {}, { after: undefined, most: 500 });
    expect([page.items.length, page.total.count]).toEqual([shown, shown]);
    const { items } = await view.repositories(ALL, { after: undefined, most: 50 });
    expect(items.reduce((sum, r) => sum + r.records, 0)).toBe(shown);
  });

  test('goes on where it stopped, in another process too', async () => {
    const { view, append, open, records } = await bench();
    await append(drafts(80, 3));
    await view.refresh();
    const other = await open();
    await catchUp(other);
    expect(await told(view)).toEqual(await told(viewOfRecords(await records())));
  });

  test('several at once take everything in once', async () => {
    const { view, append, open, records } = await bench();
    const views = [view, await open(), await open()];
    for (let round = 0; round < 4; round++)
      await Promise.all([append(drafts(40, 20 + round)), ...views.map((each) => each.refresh())]);
    await Promise.all(views.map(catchUp));
    expect(await told(view)).toEqual(await told(viewOfRecords(await records())));
  });

  test('tables of another version are made anew', async () => {
    const { view, append, place, open, records } = await bench();
    await append(drafts(60, 4));
    await catchUp(view);
    await engine.tamper(place, 'update view_state set version = 0', 'delete from view_changes');
    const again = await open();
    expect((await again.freshness(ALL)).shown).toBe(0);
    await catchUp(again);
    expect(await told(again)).toEqual(await told(viewOfRecords(await records())));
    // A process that had them open before numbers its lists by the new tables.
    await append(drafts(60, 5));
    await catchUp(view);
    expect(await told(view)).toEqual(await told(viewOfRecords(await records())));
  });

  test('tables of a newer version are left alone', async () => {
    const { place } = await bench();
    await engine.tamper(place, 'update view_state set version = 999');
    await expect(openView(place)).rejects.toThrow('newer version');
  });

  test('a record that was altered is named, shown as it stands, and stops nothing', async () => {
    const { view, append, place } = await bench();
    await append(drafts(60, 6));
    await engine.tamper(
      place,
      `update records set text = replace(text, '"details"', '"details" ') where repository = 1 and sequence = 3`,
      `update records set text = 'no record' where repository = 2 and sequence = 2`,
    );
    const { problems, shown } = await catchUp(view);
    expect(problems).toEqual([
      { repository: { id: 1, name: 'acme/shop' }, record: 3, why: 'it is not written in the canonical form' },
      { repository: { id: 2, name: 'acme/bank' }, record: 2, why: 'it is not JSON' },
    ]);
    const all = (await view.records(ALL, {}, { after: undefined, most: 500 })).items;
    expect(all).toHaveLength(shown - 1);
    expect(all.some((r) => r.repository.id === 1 && r.sequence === 3)).toBe(true);
    const bank: Scope = { kind: 'some', repositories: new Set([2]) };
    expect((await view.freshness(bank)).problems).toHaveLength(1);
    await append(drafts(20, 7));
    const after = await catchUp(view);
    expect(after.problems).toEqual(problems);
    const total = (await view.records(ALL, {}, { after: undefined, most: 1 })).total.count;
    expect(total).toBe(after.shown - 1);
    expect(total).toBeGreaterThan(all.length);
  });

  test('records that are missing are named, in the middle and at the end', async () => {
    const { view, append, place } = await bench();
    await append(drafts(60, 8));
    const last = (await catchUp(view)).recorded;
    expect(last).toBeGreaterThan(0);
    await append(drafts(60, 9));
    await engine.tamper(
      place,
      `delete from records where repository = 1 and sequence = (select sequence - 1 from chains where repository = 1)`,
      `delete from records where repository = 30 and sequence = (select sequence from chains where repository = 30)`,
    );
    for (let n = 0; n < 30; n++) await view.refresh();
    const { problems } = await view.refresh();
    expect(problems.map((p) => [p.repository.id, p.why])).toEqual([
      [1, 'it is missing'],
      [30, 'it is missing'],
    ]);
  });

  test('a chain that was removed is forgotten, and one that was begun anew is taken in', async () => {
    const { view, append, place, records } = await bench();
    await append(drafts(90, 10));
    await catchUp(view);
    const gone = REPOSITORIES[1].id;
    await engine.tamper(
      place,
      `delete from records where repository = ${gone}`,
      `delete from chains where repository = ${gone}`,
    );
    await view.refresh();
    await catchUp(view);
    expect(await told(view)).toEqual(await told(viewOfRecords(await records())));
    await append(drafts(90, 11));
    await catchUp(view);
    expect(await told(view)).toEqual(await told(viewOfRecords(await records())));
  });

  test('appending does not wait for somebody who takes in', async () => {
    const { view, append, records } = await bench();
    await append(drafts(150, 12));
    const over = new AbortController();
    const taking = (async (): Promise<void> => {
      while (!over.signal.aborted) await view.refresh();
    })();
    for (let n = 0; n < 15; n++) await append(drafts(5, 30 + n));
    over.abort();
    await taking;
    await catchUp(view);
    expect((await view.records(ALL, {}, { after: undefined, most: 1 })).total.count).toBe(
      (await records()).length,
    );
  });
}
