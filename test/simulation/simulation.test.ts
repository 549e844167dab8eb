import { expect, test } from '@jest/globals';
import { git } from '../double/shared-git.ts';

import { runSchedule } from './schedule.ts';
import { VARIANTS } from './variants.ts';

test('a few schedules hold; `npm run simulate` plays hundreds', async () => {
  for (let seed = 1; seed <= 8; seed++)
    expect(await runSchedule(seed, { git })).toMatchObject({ seed, violations: [] });
}, 300_000);

/** What finds nothing wrong with a service that is broken on purpose would find nothing at all. */
test.each(Object.entries(VARIANTS))(
  'a service is found out that %s',
  async (_, variant) => {
    const { theme } = variant;
    let found: readonly string[] = [];
    for (let seed = 1; seed <= 60 && found.length === 0; seed++) {
      const report = await runSchedule(seed, { git, variant, ...(theme ? { theme } : {}) });
      found = report.violations;
    }
    expect(found).not.toEqual([]);
  },
  300_000,
);
