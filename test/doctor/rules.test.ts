import { describe, expect, test } from '@jest/globals';
import type { Client } from '../../src/github/client.ts';
import { branchRules } from '../../src/github/rules.ts';
import { NotThere, Refused, Unavailable } from '../../src/review/hosting-errors.ts';
import { gateUnderTest, REPO } from './gate.ts';

/** What the double has not: protection of the older kind, rules of kinds unknown, and answers that are not as promised. */
const SHOP = { id: 1, name: REPO };
const TIP = '1'.repeat(40);
const RULES = 'GET /repos/{owner}/{repo}/rules/branches/{branch}';
const RULESET = 'GET /repos/{owner}/{repo}/rulesets/{ruleset_id}';
const BRANCH = 'GET /repos/{owner}/{repo}/branches/{branch}';
const PROTECTION = 'GET /repos/{owner}/{repo}/branches/{branch}/protection';

/** Answers by route; an error is thrown. */
function answering(answers: Readonly<Record<string, unknown>>): Client {
  return {
    rest: (shape, route) => {
      const answer = answers[route];
      if (answer instanceof Error) return Promise.reject(answer);
      const read = shape.safeParse(answer);
      return read.success
        ? Promise.resolve({ value: read.data, headers: {} })
        : Promise.reject(new Unavailable(`${route}: ${read.error.issues[0]?.path.join('.') ?? ''}`));
    },
    graphql: () => Promise.reject(new Error('not asked')),
  };
}

const branch = (protection?: unknown) => ({ commit: { sha: TIP }, protection });
const checks = (level: string, ...list: readonly unknown[]) => ({
  enabled: true,
  required_status_checks: { enforcement_level: level, contexts: [], checks: list },
});

const rulesOf = (answers: Readonly<Record<string, unknown>>) =>
  branchRules(answering({ [RULES]: [], [BRANCH]: branch(), ...answers }), SHOP, 'main');

describe('protection of the older kind', () => {
  const CHECKS = checks('everyone', { context: 'Threatgate', app_id: 7 }, { context: 'any', app_id: -1 });

  test('is told in full to those who may see it', async () => {
    const { rules, complete } = await rulesOf({
      [BRANCH]: branch(CHECKS),
      [PROTECTION]: {
        enforce_admins: { enabled: false },
        allow_force_pushes: { enabled: false },
        allow_deletions: { enabled: true },
        required_pull_request_reviews: {
          dismiss_stale_reviews: true,
          bypass_pull_request_allowances: { users: [{ id: 3 }], teams: [], apps: [{ id: 4 }] },
        },
      },
    });
    expect(complete).toBe(true);
    expect(rules).toEqual([
      {
        kind: 'protection',
        name: undefined,
        checks: [
          { name: 'Threatgate', source: 7 },
          { name: 'any', source: undefined },
        ],
        workflows: [],
        pullRequest: { dismissesStale: true },
        mergeQueue: false,
        refusesForcePush: true,
        refusesDeletion: false,
        bypass: [
          { who: 'admins', id: undefined, mode: 'always' },
          { who: 'user', id: 3, mode: 'always' },
          { who: 'app', id: 4, mode: 'always' },
        ],
        ownBypass: undefined,
      },
    ]);
  });

  test.each([
    ['403', new Refused('403')],
    ['404', new NotThere('404')],
  ])('leaves open what is hidden: %s', async (_, hidden) => {
    const { rules, complete } = await rulesOf({ [BRANCH]: branch(CHECKS), [PROTECTION]: hidden });
    expect(complete).toBe(false);
    expect(rules[0]).toMatchObject({ pullRequest: undefined, refusesForcePush: false, bypass: undefined });
    expect(rules[0]?.checks).toHaveLength(2);
  });

  test('that does not bind administrators says so to everybody', async () => {
    const { rules } = await rulesOf({
      [BRANCH]: branch(checks('non_admins', { context: 'Threatgate', app_id: null })),
      [PROTECTION]: new Refused('403'),
    });
    expect(rules[0]?.bypass).toEqual([{ who: 'admins', id: undefined, mode: 'always' }]);
  });

  test('that is not there is nothing', async () => {
    const off = {
      enabled: false,
      required_status_checks: { enforcement_level: 'off', contexts: [], checks: [] },
    };
    for (const protection of [undefined, off])
      expect(await rulesOf({ [BRANCH]: branch(protection) })).toEqual({
        tip: TIP,
        rules: [],
        complete: true,
      });
  });
});

describe('rulesets', () => {
  const rule = (type: string, ruleset: number, parameters?: unknown) => ({
    type,
    ruleset_id: ruleset,
    ruleset_source_type: 'Organization',
    ...(parameters === undefined ? {} : { parameters }),
  });

  test('are told apart, and kinds of rules that are unknown are passed over', async () => {
    const { rules } = await rulesOf({
      [RULES]: [
        rule('a_rule_of_tomorrow', 5, { anything: [null] }),
        rule('deletion', 5),
        rule('required_status_checks', 6, {
          required_status_checks: [{ context: 'Threatgate', integration_id: null }],
        }),
      ],
      [RULESET]: { name: 'both', bypass_actors: [{ actor_type: 'OrganizationAdmin', actor_id: null }] },
    });
    expect(rules.map((each) => [each.refusesDeletion, each.checks.length])).toEqual([
      [true, 0],
      [false, 1],
    ]);
    expect(rules[1]).toMatchObject({
      checks: [{ name: 'Threatgate', source: undefined }],
      bypass: [{ who: 'organisation-admins', id: undefined, mode: 'always' }],
      ownBypass: undefined,
    });
  });

  test('that may not be looked at still demand what they demand', async () => {
    const { rules } = await rulesOf({ [RULES]: [rule('deletion', 5)], [RULESET]: new NotThere('404') });
    expect(rules[0]).toMatchObject({ name: undefined, refusesDeletion: true, bypass: undefined });
  });

  test('an answer that is not as promised is none', async () => {
    await expect(
      rulesOf({ [RULES]: [rule('required_status_checks', 5, { required_status_checks: 'all' })] }),
    ).rejects.toThrow(Unavailable);
    await expect(
      rulesOf({
        [RULES]: [rule('deletion', 5)],
        [RULESET]: { name: 'x', bypass_actors: [{ actor_type: 'User', bypass_mode: 'sometimes' }] },
      }),
    ).rejects.toThrow(Unavailable);
  });

  test('GitHub not answering is no missing right', async () => {
    await expect(
      rulesOf({ [RULES]: [rule('deletion', 5)], [RULESET]: new Unavailable('502') }),
    ).rejects.toThrow('502');
  });
});

test('the double refuses what its rules refuse', async () => {
  const { gh, close } = await gateUnderTest();
  const push = (by: string) =>
    gh.control.pushCommit({
      by,
      repo: REPO,
      branch: 'main',
      files: { 'a.txt': by },
      onto: gh.control.tip(REPO, 'main'),
    });
  gh.control.setRules({ repo: REPO, nonFastForward: true, bypass: ['ada'] });
  expect(() => push('bob')).toThrow('Protected branch update failed');
  expect(push('ada')).toMatch(/^[0-9a-f]{40}$/);
  gh.control.setRules({ repo: REPO, nonFastForward: true, bypass: ['ada'], bypassMode: 'pull_request' });
  expect(() => push('ada')).toThrow('Protected branch update failed');
  await close();
});
