import { expect, test } from '@jest/globals';
import type { Freshness } from '../../src/core/model/view.ts';
import { keepFresh } from '../../src/web/keep-fresh.ts';

const QUIET = { info: () => undefined, warn: () => undefined, error: () => undefined };
const at = (shown: number, recorded: number): Freshness => ({
  shown,
  recorded,
  until: undefined,
  problems: [],
});

/** A view that answers one after the other, and tells when it has been asked so often. */
function answering(answers: readonly (Freshness | Error)[], often: number) {
  let asked = 0;
  let told: () => void = () => undefined;
  const enough = new Promise<void>((done) => (told = done));
  const refresh = (): Promise<Freshness> => {
    const answer = answers[Math.min(asked++, answers.length - 1)] ?? at(0, 0);
    if (asked >= often) told();
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  return { refresh, enough, asked: () => asked };
}

test('goes on at once while there is more, and rests when there is not', async () => {
  const view = answering([at(1_000, 3_000), at(2_000, 3_000), at(3_000, 3_000)], 3);
  const keeping = keepFresh(view, QUIET, 3_600_000);
  await view.enough;
  await keeping.stop();
  expect(view.asked()).toBe(3);
});

test('what stands in the way is not run against without a rest', async () => {
  const view = answering([at(7, 9)], 2);
  const keeping = keepFresh(view, QUIET, 3_600_000);
  await view.enough;
  await new Promise((done) => setImmediate(done));
  await keeping.stop();
  expect(view.asked()).toBe(2);
});

test('a failure is logged, and the end comes all the same', async () => {
  const logged: string[] = [];
  const view = answering([new Error('no database')], 1);
  const keeping = keepFresh(view, { ...QUIET, warn: (_, message) => void logged.push(message) }, 1);
  await view.enough;
  await keeping.stop();
  expect(logged).toEqual(['the tables of the pages could not be brought up to date']);
});
