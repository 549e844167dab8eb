import { afterAll, afterEach } from '@jest/globals';
import type { AuditRecord, RecordDraft } from '../../src/core/model/record.ts';
import type { Freshness, TrailView } from '../../src/core/model/view.ts';
import type { Document, Store } from '../../src/review/store.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Place } from '../../src/store/place.ts';
import { openView } from '../../src/store/open-view.ts';
import type { Limits } from '../../src/store/view/database.ts';
import { removeTemporaryFolders } from '../local/temporary-repository.ts';
import { anyLease, at } from '../store/samples.ts';

/** What a test file knows about its engine. */
export interface EngineUnderTest {
  readonly name: 'sqlite' | 'postgres';
  /** A new, empty database. */
  readonly createPlace: () => Promise<Place>;
  /** SQL past the store, as somebody with access to the database would send it. */
  readonly tamper: (place: Place, ...statements: readonly string[]) => Promise<void>;
}

/** One database with the store that appends to it and a view of it. */
export interface Bench {
  readonly place: Place;
  readonly view: TrailView;
  readonly append: (records: readonly RecordDraft[], documents?: readonly Document[]) => Promise<void>;
  /** Everything that is recorded, as it is read back. */
  readonly records: () => Promise<readonly AuditRecord[]>;
  /** Another view of the same database, as another process has it. */
  readonly open: () => Promise<TrailView>;
}

/** Call it while tests are being described; it closes what they leave open. */
export function benches(engine: EngineUnderTest, limits?: Limits): () => Promise<Bench> {
  const opened: { close(): Promise<void> }[] = [];
  const closeAll = (): Promise<unknown> => Promise.all(opened.splice(0).map((each) => each.close()));
  afterEach(async () => {
    await closeAll();
  });
  afterAll(removeTemporaryFolders);
  return async () => {
    await closeAll();
    const place = await engine.createPlace();
    const store = await openStore(place);
    opened.push(store);
    let steps = 0;
    const open = async (): Promise<TrailView> => {
      const view = await openView(place, limits);
      opened.push(view);
      return view;
    };
    return {
      place,
      view: await open(),
      open,
      append: async (records, documents = []) => {
        await store.apply(await anyLease(store, ++steps), { records, documents }, at(0));
      },
      records: () => everything(store),
    };
  };
}

async function everything(store: Store): Promise<readonly AuditRecord[]> {
  const all: AuditRecord[] = [];
  for (const repository of [1, 2, 4, 30]) all.push(...(await store.records({ repository })));
  return all;
}

/** Until there is nothing left to take in. */
export async function catchUp(view: TrailView): Promise<Freshness> {
  for (;;) {
    const { shown, recorded, ...rest } = await view.refresh();
    if (shown >= recorded) return { shown, recorded, ...rest };
  }
}

/** Every item of a list, page by page, with what each page says of the whole. */
export async function allPages<T>(
  page: (
    after: string | undefined,
  ) => Promise<{ items: readonly T[]; next: string | undefined; total: unknown }>,
): Promise<{ readonly items: readonly T[]; readonly totals: readonly unknown[]; readonly pages: number }> {
  const items: T[] = [];
  const totals: unknown[] = [];
  let after: string | undefined;
  for (let pages = 1; ; pages++) {
    const { items: some, next, total } = await page(after);
    items.push(...some);
    totals.push(total);
    if (next === undefined) return { items, totals, pages };
    if (pages > 1_000) throw new Error('The list has no end.');
    after = next;
  }
}
