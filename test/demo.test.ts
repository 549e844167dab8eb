import { afterAll, expect, test } from '@jest/globals';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildRepository, checkPullRequest, PULL_REQUESTS, runDemo } from '../scripts/demo.ts';
import { gitIn, removeTemporaryFolders, temporaryFolder } from './local/temporary-repository.ts';

afterAll(removeTemporaryFolders);
/** Processes are started, and the machine may be busy. */
test('every pull request of the demo ends as announced', async () => {
  const dir = join(temporaryFolder(), 'orchard');
  mkdirSync(dir);
  buildRepository(dir);
  for (const { branch, expected } of PULL_REQUESTS) {
    const { text, code } = await checkPullRequest(dir, branch, { columns: 100, colour: false });
    expect({ branch, code, text }).toMatchObject({ branch, code: expected });
    if (branch === 'quiet') expect(text.split('\n')).toHaveLength(2);
  }
});

test('its commits are the same on every machine', () => {
  const ids = [0, 1].map(() => {
    const dir = join(temporaryFolder(), 'orchard');
    mkdirSync(dir);
    buildRepository(dir);
    return PULL_REQUESTS.map(({ branch }) => gitIn(dir, 'rev-parse', branch));
  });
  expect(ids[0]).toEqual(ids[1]);
});

test('the script itself exits with 0, plays the App and tells what to try next', async () => {
  const out = await runDemo();
  for (const { title } of PULL_REQUESTS) expect(out).toContain(title);
  expect(out).toContain('✓ #3            success: The model covers the change and it is approved');
  expect(out).toMatch(/The chain of \d+ records holds\./);
  expect(out).toContain('✓ evidence is as it has to be');
  expect(out).toContain('trusted by');
  expect(out).toContain('threatgate init --dry-run');
});
