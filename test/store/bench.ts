import { afterEach } from '@jest/globals';
import type { Store } from '../../src/review/store.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Place } from '../../src/store/place.ts';

/** What a test file knows about its engine. */
export interface EngineUnderTest {
  readonly name: 'sqlite' | 'postgres';
  /** A new, empty database. */
  readonly createPlace: () => Promise<Place>;
  /** One SQL statement past the store, as somebody with access to the database would send it. */
  readonly tamper: (place: Place, statement: string) => Promise<readonly Record<string, unknown>[]>;
}

/** One database and the stores that a test has opened on it, as several processes would. */
export interface Bench {
  readonly place: Place;
  readonly store: Store;
  /** One more on the same database. */
  readonly open: () => Promise<Store>;
  readonly tamper: (statement: string) => Promise<readonly Record<string, unknown>[]>;
}

/** Call it while tests are being described; it closes what they leave open. */
export function benches(engine: EngineUnderTest): () => Promise<Bench> {
  const opened: Store[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((store) => store.close()));
  });
  return async () => {
    const place = await engine.createPlace();
    const open = async (): Promise<Store> => {
      const store = await openStore(place);
      opened.push(store);
      return store;
    };
    return { place, store: await open(), open, tamper: (statement) => engine.tamper(place, statement) };
  };
}
