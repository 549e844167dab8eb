import { beforeEach, expect, test } from '@jest/globals';
import { git } from '../double/shared-git.ts';

import { serviceUnderTest, type ServiceUnderTest } from './harness.ts';
import { peopleOf, REPO, type People } from './people.ts';
import { MINUTE, queueOf, type Queue } from './queue.ts';

let service: ServiceUnderTest;
let people: People;
let queue: Queue;
beforeEach(async () => {
  service = await serviceUnderTest({ git });
  people = peopleOf(service);
  queue = queueOf(service);
  queue.queueBy('SQUASH');
  await service.settle();
});

const iso = (at: number): string => new Date(at).toISOString();

/** Both in the queue, the second built on the first. */
async function chained() {
  const [first, second] = [await queue.approved(), await queue.waived()];
  const [one, two] = [queue.enqueue(first).headSha, queue.enqueue(second).headSha];
  return { first, second, one, two };
}

test('groups in a chain are proven one by one, and merged in turn', async () => {
  const { first, second, one, two } = await chained();
  await service.settle(MINUTE);
  expect(queue.conclusions(one, two)).toEqual(['success', 'success']);
  expect((await people.last(second, 'merge-group-evaluated')).details['parent']).toBe(one);
  await queue.complete(first);
  await queue.complete(second);
  expect(service.gh.control.tip(REPO, 'main')).toBe(two);
  expect(await people.kinds(second)).toContain('merged');
});

test('the later one waits for the earlier one, whichever is heard of first', async () => {
  const { one, two } = await chained();
  const [earlier, later] = queue.heldBack();
  await queue.hear(later, MINUTE);
  expect(queue.conclusions(one, two)).toEqual([undefined, undefined]);
  await queue.hear(earlier, MINUTE);
  expect(queue.conclusions(one, two)).toEqual(['success', 'success']);
});

test('the later one fails with the earlier one, and is judged anew when the queue builds it anew', async () => {
  const { first, second, one, two } = await chained();
  const [earlier, later] = queue.heldBack();
  await people.say(first, 'alice', '/threatgate revoke');
  await queue.hear(earlier);
  await queue.hear(later);
  expect(queue.conclusions(one, two)).toEqual(['failure', 'failure']);
  expect(queue.runOf(two).summary).toContain('The group before this one');
  service.gh.control.destroyGroup({ repo: REPO, number: first });
  await service.settle(MINUTE);
  expect(queue.conclusions(queue.entry(second).headSha)).toEqual(['success']);
});

test('a group is never green on one that is not any more', async () => {
  const { first, one, two } = await chained();
  await service.settle(MINUTE);
  await people.say(first, 'alice', '/threatgate revoke');
  expect(queue.conclusions(one, two)).toEqual(['failure', 'failure']);
  await people.review(first, 'carol');
  await queue.ask(one);
  expect(queue.conclusions(one, two)).toEqual(['success', 'success']);
});

test('a group on something that nobody knows fails after a while, with the reason', async () => {
  const { one, two } = await chained();
  const [earlier, later] = queue.heldBack();
  await queue.hear(later, 10 * MINUTE);
  expect(queue.conclusions(one, two)).toEqual([undefined, 'failure']);
  expect(queue.runOf(two).summary).toContain('nor a group that was judged');
  await queue.hear(earlier);
  expect(queue.conclusions(one, two)).toEqual(['success', 'failure']);
  await queue.ask(two);
  expect(queue.conclusions(one, two)).toEqual(['success', 'success']);
});

test('time that nobody had for a group does not count as waiting', async () => {
  const { one, two } = await chained();
  const [earlier, later] = queue.heldBack();
  if (later) await service.gh.deliver(later);
  await service.store.queue.pause(service.installation.id, iso(service.clock.at + 5 * MINUTE), 'a limit');
  service.pass(4 * MINUTE);
  await queue.hear(earlier, 2 * MINUTE);
  expect(queue.conclusions(one, two)).toEqual(['success', 'success']);
});
