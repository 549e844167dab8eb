import { sql } from 'kysely';
import type { Freshness, TrailView } from '../core/model/view.ts';
import { openDatabase } from './open-database.ts';
import type { Place } from './place.ts';
import { LIMITS, type ViewDatabase } from './view/database.ts';
import { changesIn } from './view/changes.ts';
import { exceptionsIn } from './view/exceptions.ts';
import { figuresIn } from './view/figures.ts';
import { modelsIn } from './view/models.ts';
import { prepare } from './view/prepare.ts';
import { recordsIn } from './view/records.ts';
import { registerIn } from './view/register.ts';
import { freshness, repositoriesIn } from './view/repositories.ts';
import { takeIn, type Memory } from './view/take-in.ts';

/**
 * Of this connection alone. What a power cut takes from these tables is taken in again, so that nobody waits for the disk:
 * the records are written by others, who do. And many lists are written at a time, which needs more than the usual 2 MB.
 */
const PRAGMAS = ['pragma synchronous = normal', 'pragma cache_size = -65536'];

/**
 * The audit trail as pages ask for it, from tables beside the records. They are filled by `refresh` alone, never by whoever
 * appends; when they are of another version they are made anew, and filled from the first record on.
 */
export async function openView(place: Place, limits = LIMITS): Promise<TrailView> {
  const opened = await openDatabase(place, async (database) => {
    const { engine, queries } = database;
    if (engine.name === 'sqlite') for (const pragma of PRAGMAS) await sql.raw(pragma).execute(queries);
    await prepare(database);
  });
  const database: ViewDatabase = { ...opened, limits };
  return {
    refresh: refresher(database),
    ...repositoriesIn(database),
    ...recordsIn(database),
    ...changesIn(database),
    ...exceptionsIn(database),
    ...registerIn(database),
    ...modelsIn(database),
    ...figuresIn(database),
    close: () => database.queries.destroy(),
  };
}

/** Whoever asks while it is under way waits for the same. */
function refresher(database: ViewDatabase): () => Promise<Freshness> {
  const memory: Memory = { made: -1, numbers: new Map() };
  let work: Promise<Freshness> | undefined;
  const run = async (): Promise<Freshness> => {
    for (let batch = 0; batch < database.limits.batches && (await takeIn(database, memory)); batch++);
    return freshness(database, { kind: 'all' });
  };
  return () => {
    work ??= run().finally(() => {
      work = undefined;
    });
    return work;
  };
}
