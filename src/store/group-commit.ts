import type { Instant, Store } from '../review/store.ts';
import type { Delivery } from '../review/work.ts';

type Answers = Awaited<ReturnType<Store['accept']>>;

interface Caller {
  readonly deliveries: readonly Delivery[];
  readonly now: Instant;
  readonly done: (answers: Answers) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * One transaction for everybody who asks in the same turn of the event loop or while another transaction is under way:
 * writing to disk is what costs, not the number of rows. Each is answered after its own deliveries are on disk, as ever.
 */
export function withGroupCommit(store: Store, { maxBatch }: { readonly maxBatch: number }): Store {
  const callers: Caller[] = [];
  let work: Promise<void> | undefined;

  const commitAll = async (): Promise<void> => {
    await new Promise(setImmediate);
    while (callers.length > 0) await commit(store, nextBatch(callers, maxBatch));
    work = undefined;
  };

  return {
    ...store,
    accept: (deliveries, now) =>
      new Promise((done, fail) => {
        callers.push({ deliveries, now, done, fail });
        work ??= commitAll();
      }),
    close: async () => {
      await work;
      await store.close();
    },
  };
}

/** Takes callers from the front as long as they fit; one that does not fit at all goes alone. */
function nextBatch(callers: Caller[], maxBatch: number): readonly Caller[] {
  let size = 0;
  const end = callers.findIndex(({ deliveries }) => (size += deliveries.length) > maxBatch);
  return callers.splice(0, end === -1 ? callers.length : Math.max(end, 1));
}

async function commit(store: Store, batch: readonly Caller[]): Promise<void> {
  const [first] = batch;
  if (first === undefined) return;
  if (batch.length === 1) return answer(store, first);
  let answers: Answers;
  try {
    answers = await store.accept(
      batch.flatMap((caller) => caller.deliveries),
      first.now,
    );
  } catch {
    // Nothing of it was stored. Whoever is to blame fails alone.
    await Promise.all(batch.map((caller) => answer(store, caller)));
    return;
  }
  let from = 0;
  for (const { deliveries, done } of batch) done(answers.slice(from, (from += deliveries.length)));
}

async function answer(store: Store, { deliveries, now, done, fail }: Caller): Promise<void> {
  try {
    done(await store.accept(deliveries, now));
  } catch (error) {
    fail(error);
  }
}
