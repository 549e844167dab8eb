import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { git } from '../double/shared-git.ts';

import { serviceUnderTest, type ServiceUnderTest } from './harness.ts';
import { CHANGES, POLICY_PATH } from './shop.ts';

/**
 * Whatever people do who have a hand in a change, or no say in it, the check of a change that needs independent approval is
 * never green; and one yes of somebody independent and named makes it green.
 */

const repo = 'acme/shop';
const place = { repo, number: 1 };
/** Named, and yet none of them may: each has a hand in the change, or has lost the right. */
const POLICY = `version: 1
mode: enforce
model:
  require: covered
approval:
  users: [alice, bob, dana, hal, robot]
  teams: [acme/security]
`;

/**
 * Bob is the author and Dana wrote a part; Carol pushed to the branch, and what Hal pushed is there no more; Frank accepts a
 * risk of the change; Gina has left the team. Ada owns the organisation, Eve is nobody, and neither is named.
 */
const PEOPLE = ['bob', 'dana', 'carol', 'hal', 'frank', 'gina', 'ada', 'eve', 'robot'] as const;

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

const person = (name: string): { name: string; email: string } => ({ name, email: `${name}@example.org` });

function cast({ gh: { control } }: ServiceUnderTest): void {
  control.createUser({ login: 'robot', type: 'Bot' });
  for (const login of ['dana', 'hal', 'frank', 'gina']) {
    control.createUser({ login, email: `${login}@example.org` });
    control.setRole({ repo, login, role: 'write' });
  }
  for (const login of ['frank', 'gina'])
    control.setTeamMember({ organisation: 'acme', team: 'security', login, state: 'active' });
  control.setTeamMember({ organisation: 'acme', team: 'security', login: 'gina', state: 'none' });
}

/** A pull request that waits for approval, and in which everybody but Alice is entangled. */
async function begin(): Promise<ServiceUnderTest> {
  const service = await serviceUnderTest({ git, validate: false });
  const { control, observe } = service.gh;
  cast(service);
  const at = { repo, branch: 'change' };
  control.directPush({ by: 'ada', repo, branch: 'main', files: { [POLICY_PATH]: POLICY } });
  control.pushCommit({ by: 'ada', repo, branch: 'release', files: {} });
  control.pushCommit({ ...at, by: 'bob', files: CHANGES.covered });
  service.pass(2_000);
  control.openPullRequest({ by: 'bob', repo, head: 'change', title: 'A change' });
  await service.settle();
  for (const [by, author] of [
    ['hal', 'hal'],
    ['bob', 'bob'],
    ['carol', 'dana'],
  ] as const) {
    service.pass(2_000);
    const onto = by === 'bob' ? { onto: 'main' } : {};
    const files = { ...CHANGES.covered, 'NOTES.md': `by ${by}\n` };
    control.pushCommit({ ...at, ...onto, by, author: person(author), files });
    await service.settle();
  }
  service.pass(2_000);
  const [asked] = observe.reviewComments(place);
  const body = '1 accept: frank, it is watched, until 2027-03-01';
  if (asked) control.replyToReviewComment({ by: 'frank', id: asked.id, body });
  await service.settle();
  return service;
}

const isGreen = ({ gh }: ServiceUnderTest): boolean =>
  gh.observe.checkRuns(repo, gh.observe.pull(place).headSha).some((run) => run.conclusion === 'success');

async function perform(service: ServiceUnderTest, name: string, by: string, isHeard: boolean): Promise<void> {
  service.pass(3_000);
  try {
    ACTS[name]?.(service, by);
  } catch (error) {
    // What GitHub refuses them is refused.
    if (!(error instanceof Error && (error.name === 'Refusal' || error.name === 'ControlError'))) throw error;
  }
  if (isHeard) await service.settle();
}

/** What is not heard at once is heard together with what comes next. */
const act = fc.record({
  by: fc.constantFrom(...PEOPLE),
  name: fc.constantFrom(...Object.keys(ACTS)),
  isHeard: fc.boolean(),
});

const step = (by: (typeof PEOPLE)[number], name: string, isHeard = false) => ({ by, name, isHeard });

/** Stories that once ended wrongly. */
const FOUND: [ReturnType<typeof step>[], 'review' | 'approve' | 'press'][] = [
  [
    [
      step('bob', 'push away'),
      step('dana', 'approve'),
      step('bob', 'other base', true),
      step('bob', 'approve'),
    ],
    'review',
  ],
];

test('nobody who is not independent, or not named, makes the check green; somebody who is both does', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(act, { minLength: 1, maxLength: 8 }),
      fc.constantFrom('review', 'approve', 'press'),
      async (acts, yes) => {
        const service = await begin();
        try {
          for (const { name, by, isHeard } of acts) {
            await perform(service, name, by, isHeard);
            expect(isGreen(service)).toBe(false);
          }
          for (const name of ['same base', 'reopen', 'ready', 'push again']) {
            await perform(service, name, 'bob', true);
            expect(isGreen(service)).toBe(false);
          }
          await perform(service, yes, 'alice', true);
          expect(isGreen(service)).toBe(true);
        } finally {
          await service.close();
        }
      },
    ),
    // The same stories in every run; another seed tells others.
    { numRuns: 60, seed: Number(process.env['SEED'] ?? 7), examples: FOUND },
  );
}, 300_000);
