import { beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { openStore } from '../../src/store/open-store.ts';
import type { Place } from '../../src/store/place.ts';
import { query, sharedPostgres, startPostgres, type PostgresServer } from '../support/postgres.ts';
import { benches, type Bench, type EngineUnderTest } from './bench.ts';
import { describeStore } from './conformance.ts';
import { survivesKills } from './durability.ts';
import { anyLease, at, delivery, draft, pushed } from './samples.ts';

let server: Pick<PostgresServer, 'createDatabase'>;
beforeAll(async () => {
  server = await sharedPostgres();
});

const urlOf = (place: Place): string => {
  if (!('url' in place)) throw new Error('Not a URL.');
  return place.url;
};

const postgres: EngineUnderTest = {
  name: 'postgres',
  createPlace: async () => ({ url: await server.createDatabase() }),
  tamper: async (place, statement) =>
    (await query(urlOf(place), statement)).rows as readonly Record<string, unknown>[],
};

describeStore(postgres);

describe('a store on a PostgreSQL server', () => {
  const benchOf = benches(postgres);
  const bench = async (): Promise<Bench & { readonly url: string }> => {
    const made = await benchOf();
    return { ...made, url: urlOf(made.place) };
  };

  test('compares text byte by byte, whatever the language of the database', async () => {
    const { tamper } = await bench();
    const otherwise = await tamper(
      `select table_name, column_name from information_schema.columns
       where table_schema = 'public' and data_type = 'text' and collation_name is distinct from 'C'`,
    );
    expect(otherwise).toEqual([]);
  });

  test('tries again what the server gave up in favour of another', async () => {
    const { store, tamper } = await bench();
    await tamper(`
      create sequence tries;
      create function give_up() returns trigger language plpgsql as $$ begin
        if nextval('tries') % 3 <> 0 then raise exception 'deadlock' using errcode = '40P01'; end if;
        return new;
      end $$;
      create trigger give_up before insert on deliveries for each row execute function give_up()`);
    expect(await store.accept([delivery('a', { signals: [pushed('1')] })], at(0))).toEqual(['new']);
    expect(await store.accept([delivery('a')], at(0))).toEqual(['known']);
    expect(await store.signals('pull/7/1')).toHaveLength(1);
    expect(await tamper('select last_value from tries')).toEqual([{ last_value: '6' }]);
  });

  test('keeps a subject to the step that is under way, even if its lease runs out meanwhile', async () => {
    const { store, url } = await bench();
    const lease = await anyLease(store);
    await store.apply(lease, { records: [draft('a')] }, at(0));
    const other = new pg.Client({ connectionString: url });
    await other.connect();
    try {
      await other.query('begin');
      await other.query('select * from chains for update');
      const step = store.apply(lease, { records: [draft('b')] }, at(1));
      const waits = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      while ((await query(url, waits)).rowCount === 0);
      expect(await store.queue.claim('next', at(60_000), at(90_000))).toBeUndefined();
      await other.query('commit');
      expect(await step).toMatchObject([{ source: 'b' }]);
      expect(await store.queue.claim('next', at(60_000), at(90_000))).toMatchObject({ key: lease.key });
    } finally {
      await other.end();
    }
  });

  test('loses nothing that was acknowledged when its process is killed', async () => {
    await survivesKills(await postgres.createPlace(), 2);
  });

  test('loses nothing that was acknowledged when the server crashes, and goes on when it is back', async () => {
    const own = await startPostgres({ durable: true });
    try {
      const store = await openStore({ url: await own.createDatabase() });
      const acknowledged: string[] = [];
      const failures: unknown[] = [];
      const write = async (who: number): Promise<void> => {
        for (let n = 0; failures.length < 4; n++) {
          const guid = `${who} ${n}`;
          await store.accept([delivery(guid)], at(n)).then(
            () => acknowledged.push(guid),
            (error: unknown) => failures.push(error),
          );
        }
      };
      const writing = Promise.all([1, 2, 3, 4].map(write));
      while (acknowledged.length < 50) await new Promise(setImmediate);
      await own.crash();
      await writing;
      await expect(store.ping()).rejects.toThrow();
      await own.restart();
      await store.ping();
      expect((await store.accepted(acknowledged)).size).toBe(acknowledged.length);
      expect(await store.accept([delivery('after')], at(0))).toEqual(['new']);
      await store.close();
    } finally {
      await own.stop();
    }
  });
});
