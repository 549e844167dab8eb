import { expect, test } from '@jest/globals';
import { UserError } from '../../../src/review/errors.ts';
import { openStore } from '../../../src/store/open-store.ts';
import { benches, type EngineUnderTest } from '../bench.ts';
import { anyLease, at, delivery, draft } from '../samples.ts';

export function migrates(engine: EngineUnderTest): void {
  const bench = benches(engine);

  test('many open a new database at once: each finds it ready', async () => {
    const place = await engine.createPlace();
    const stores = await Promise.all(Array.from({ length: 6 }, () => openStore(place)));
    const answers = await Promise.all(stores.map((store, n) => store.accept([delivery(`d${n}`)], at(0))));
    expect(answers).toEqual(Array(6).fill(['new']));
    await Promise.all(stores.map((store) => store.close()));
    const ran = await engine.tamper(place, 'select name from kysely_migration order by name');
    const names = ran.map(({ name }) => String(name));
    expect(names[0]).toBe('0001-first');
    // Each once, without a gap.
    expect(names.map((name) => Number(name.slice(0, 4)))).toEqual(names.map((_, index) => index + 1));
  });

  test('what was stored is there when it is opened again', async () => {
    const { store, open } = await bench();
    await store.accept([delivery('a')], at(0));
    await store.apply(await anyLease(store), { records: [draft('a')] }, at(0));
    const again = await open();
    expect(await again.accepted(['a'])).toEqual(new Set(['a']));
    expect(await again.records({ repository: 7 })).toEqual(await store.records({ repository: 7 }));
  });

  test('a database of a newer version is refused, and left as it is', async () => {
    const { open, tamper } = await bench();
    const before = await tamper('select name from kysely_migration');
    await tamper(`insert into kysely_migration values ('0099-later', '2030-01-01T00:00:00.000Z')`);
    const refusal = await open().then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(refusal).toBeInstanceOf(UserError);
    expect(refusal).toMatchObject({
      message: 'The database was written by a newer version of Threatgate: it has 0099-later.',
    });
    expect(await tamper('select name from kysely_migration')).toHaveLength(before.length + 1);
  });

  test('a database that holds something else is refused', async () => {
    const place = await engine.createPlace();
    await engine.tamper(place, 'create table records (id integer)');
    await expect(openStore(place)).rejects.toThrow();
    expect(await engine.tamper(place, 'select * from kysely_migration')).toEqual([]);
    await expect(engine.tamper(place, 'select * from deliveries')).rejects.toThrow();
  });
}
