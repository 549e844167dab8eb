import { withGroupCommit } from '../../src/store/group-commit.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Place } from '../../src/store/place.ts';
import { at, delivery, draft, pull, pushed } from './samples.ts';

/** A process of its own that stores deliveries and records until it is killed, and says which are acknowledged. */
const [place = '', name = ''] = process.argv.slice(2);
const store = withGroupCommit(await openStore(JSON.parse(place) as Place), { maxBatch: 50 });

async function deliver(who: number): Promise<never> {
  for (let n = 0; ; n++) {
    const guids = Array.from({ length: 1 + (n % 3) }, (_, i) => `${name} ${who} ${n} ${i}`);
    await store.accept(
      guids.map((guid) => delivery(guid, { work: pull(1 + (n % 20)), signals: [pushed(guid)] })),
      at(n),
    );
    process.stdout.write(guids.map((guid) => `delivery ${guid}\n`).join(''));
  }
}

async function record(): Promise<never> {
  await store.queue.want([{ installation: 9, subject: { kind: 'installation' } }], at(0));
  const lease = await store.queue.claim(name, at(9e9), at(1e12));
  if (lease === undefined) throw new Error('Nothing to claim.');
  for (let n = 0; ; n++) {
    await store.queue.renew(lease, at(9e9), at(1e12));
    await store.apply(lease, { records: [draft(`${name} ${n}`)] }, at(9e9));
    process.stdout.write(`record ${name} ${n}\n`);
  }
}

await Promise.all([record(), ...[1, 2, 3, 4, 5, 6].map(deliver)]);
