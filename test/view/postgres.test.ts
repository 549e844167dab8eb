import { beforeAll } from '@jest/globals';
import { query, sharedPostgres, type PostgresServer } from '../support/postgres.ts';
import { describeView } from './conformance.ts';

let server: Pick<PostgresServer, 'createDatabase'>;
beforeAll(async () => {
  server = await sharedPostgres();
});

const GUARDED = ['records', 'documents', 'chains'];

describeView(
  {
    name: 'postgres',
    createPlace: async () => ({ url: await server.createDatabase() }),
    tamper: async (place, ...statements) => {
      if (!('url' in place)) return;
      const set = (state: string): string =>
        GUARDED.map((table) => `alter table ${table} ${state} trigger all`).join('; ');
      for (const statement of [set('disable'), ...statements, set('enable')])
        await query(place.url, statement);
    },
  },
  4,
);
