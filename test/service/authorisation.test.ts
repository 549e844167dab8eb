import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { git } from '../double/shared-git.ts';

import { serviceUnderTest, type ServiceUnderTest } from './harness.ts';
import { CHANGES } from './shop.ts';

/**
 * Whatever people do who have a hand in a change, or no say in it, the check of a change that needs independent approval is
 * never green; and one yes of somebody independent and named makes it green.
 */

const repo = 'acme/shop';
const place = { repo, number: 1 };
/** Bob is the author; Carol is on the team that may approve, but pushes to the branch first; Eve and Ada are not named. */
const PEOPLE = ['bob', 'carol', 'eve', 'ada', 'robot'] as const;

type Act = (service: ServiceUnderTest, by: string) => void;

const say =
  (body: string): Act =>
  ({ gh }, by) =>
    void gh.control.comment({ ...place, by, body });

const push =
  (note: string): Act =>
  ({ gh }, by) =>
    void gh.control.pushCommit({ by, repo, branch: 'change', files: { 'NOTES.md': `${note}\n` } });

const ACTS: Readonly<Record<string, Act>> = {
  approve: say('/threatgate approve the model says it all'),
  waive: say('/threatgate waive the export is switched off until the model is done'),
  emergency: say('/threatgate emergency INC-7 orders cannot be placed'),
  revoke: say('/threatgate revoke'),
  review: ({ gh }, by) => void gh.control.review({ ...place, by, state: 'approve' }),
  press: ({ gh }, by) => {
    const { headSha } = gh.observe.pull(place);
    const run = gh.observe.checkRuns(repo, headSha)[0];
    if (run) gh.control.clickButton({ by, checkRunId: run.id, identifier: 'approve' });
  },
  'edit a comment': ({ gh }, by) => {
    const comment = gh.observe.comments(place)[0];
    if (comment) gh.control.editComment({ by, id: comment.id, body: '/threatgate approve' });
  },
  push: push('one'),
  'push again': push('two'),
  'push forged': ({ gh }, by) =>
    void gh.control.pushCommit({
      by,
      repo,
      branch: 'change',
      files: { 'NOTES.md': 'forged\n' },
      author: { name: 'Eve', email: 'eve@example.org' },
    }),
  'push away': ({ gh }, by) =>
    void gh.control.pushCommit({ by, repo, branch: 'change', onto: 'main', files: CHANGES.covered }),
  close: ({ gh }, by) => gh.control.close({ ...place, by }),
  reopen: ({ gh }, by) => gh.control.reopen({ ...place, by }),
  draft: ({ gh }, by) => gh.control.setDraft({ ...place, by, draft: true }),
  ready: ({ gh }, by) => gh.control.setDraft({ ...place, by, draft: false }),
  'other base': ({ gh }, by) => gh.control.editPullRequest({ ...place, by, base: 'release' }),
  'same base': ({ gh }, by) => gh.control.editPullRequest({ ...place, by, base: 'main' }),
};

async function begin(): Promise<ServiceUnderTest> {
  const service = await serviceUnderTest({ git, validate: false });
  const { control } = service.gh;
  control.createUser({ login: 'robot', type: 'Bot' });
  control.pushCommit({ by: 'ada', repo, branch: 'release', files: {} });
  control.pushCommit({ by: 'bob', repo, branch: 'change', files: CHANGES.covered });
  service.pass(2_000);
  control.openPullRequest({ by: 'bob', repo, head: 'change', title: 'A change' });
  await service.settle();
  service.pass(2_000);
  control.pushCommit({ by: 'carol', repo, branch: 'change', files: { 'NOTES.md': 'zero\n' } });
  await service.settle();
  return service;
}

const isGreen = ({ gh }: ServiceUnderTest): boolean =>
  gh.observe.checkRuns(repo, gh.observe.pull(place).headSha).some((run) => run.conclusion === 'success');

async function perform(service: ServiceUnderTest, name: string, by: string): Promise<void> {
  service.pass(3_000);
  try {
    ACTS[name]?.(service, by);
  } catch (error) {
    // What GitHub refuses them is refused.
    if (!(error instanceof Error && (error.name === 'Refusal' || error.name === 'ControlError'))) throw error;
  }
  await service.settle();
}

const act = fc.record({ name: fc.constantFrom(...Object.keys(ACTS)), by: fc.constantFrom(...PEOPLE) });

test('nobody who is not independent, or not named, makes the check green; somebody who is both does', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 8 }), async (acts) => {
      const service = await begin();
      try {
        for (const { name, by } of acts) {
          await perform(service, name, by);
          expect(isGreen(service)).toBe(false);
        }
        for (const name of ['same base', 'reopen', 'ready', 'push again'])
          await perform(service, name, 'bob');
        await perform(service, 'review', 'alice');
        expect(isGreen(service)).toBe(true);
      } finally {
        await service.close();
      }
    }),
    { numRuns: 100 },
  );
}, 300_000);
