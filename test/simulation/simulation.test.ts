import { expect, test } from '@jest/globals';
import { git } from '../double/shared-git.ts';

import { runSchedule } from './schedule.ts';
import { VARIANTS } from './variants.ts';

test('a few schedules hold; `npm run simulate` plays hundreds', async () => {
  for (let seed = 1; seed <= 10; seed++)
    expect(await runSchedule(seed, { git })).toMatchObject({ seed, violations: [] });
}, 300_000);

test('people alone, and nothing goes wrong', async () => {
  for (let seed = 1; seed <= 3; seed++) {
    const report = await runSchedule(seed, { git, faulty: false });
    expect(report).toMatchObject({ violations: [], crashes: 0, faults: 0, holdUps: 0 });
  }
}, 300_000);

test('the same seed is the same story again', async () => {
  const story = async (): Promise<readonly string[]> => {
    const lines: string[] = [];
    await runSchedule(6, { git, theme: { holdUps: 0.02 }, trace: (line) => void lines.push(line) });
    return lines;
  };
  const first = await story();
  expect(first.length).toBeGreaterThan(50);
  expect(await story()).toEqual(first);
}, 300_000);

/** What finds nothing wrong with a service that is broken on purpose would find nothing at all. */
test.each(Object.entries(VARIANTS))(
  'a service is found out that %s',
  async (_, { theme = {}, ...variant }) => {
    for (let seed = 1; seed <= 60; seed++) {
      const { violations } = await runSchedule(seed, { git, variant, theme });
      if (violations.length === 0) continue;
      // It is not the schedule: the real service comes through the same one.
      expect((await runSchedule(seed, { git, theme })).violations).toEqual([]);
      return;
    }
    throw new Error('No schedule found anything wrong with it.');
  },
  300_000,
);
