import { sql } from 'kysely';
import { UserError } from '../../review/errors.ts';
import { inTransaction, type Database } from '../transaction.ts';
import { createStatements, dropStatements, VERSION } from './schema.ts';

/** Makes the tables where they are of another version, or are not there. Whoever comes second finds them made. */
export async function prepare(database: Database): Promise<void> {
  if ((await versionOf(database)) === VERSION) return;
  await inTransaction(database, async (tx) => {
    const state = await tx
      .selectFrom('view_state')
      .select(['version', 'made'])
      .where('id', '=', 1)
      .$if(database.engine.locksRows, (query) => query.forUpdate())
      .executeTakeFirstOrThrow();
    if (state.version === VERSION) return;
    if (state.version > VERSION)
      throw new UserError(
        'The tables of the pages were made by a newer version of Threatgate.',
        'Run that version or a later one. Nothing of the records is affected.',
      );
    for (const statement of [...dropStatements, ...createStatements(database.engine.name)])
      await sql.raw(statement).execute(tx);
    await tx
      .updateTable('view_state')
      .set({ version: VERSION, made: state.made + 1 })
      .execute();
  });
}

async function versionOf({ queries }: Database): Promise<number | undefined> {
  const row = await queries.selectFrom('view_state').select('version').where('id', '=', 1).executeTakeFirst();
  return row?.version;
}
