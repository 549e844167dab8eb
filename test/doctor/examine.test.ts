import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { BUILT_IN_POLICY } from '../../src/core/policy/defaults.generated.ts';
import type { Policy } from '../../src/core/model/policy.ts';
import { examine } from '../../src/doctor/examine.ts';
import type { Finding } from '../../src/doctor/finding.ts';
import type { Setting } from '../../src/doctor/setting.ts';
import type { Bypass, Rules } from '../../src/core/model/branch-rules.ts';
import type { SeenCheck } from '../../src/github/seen-checks.ts';

const APP = 4711;
const ACTIONS = 15_368;
const NOW = '2026-11-10T12:00:00.000Z';

const POLICY: Policy = {
  ...BUILT_IN_POLICY,
  origin: '.github/threatgate.yml',
  mode: 'enforce',
  approval: { required: true, solo: false, users: ['alice', 'carol'], teams: [] },
};

const RULES: Rules = {
  kind: 'ruleset',
  name: 'main',
  checks: [{ name: 'Threatgate', source: APP }],
  workflows: [],
  pullRequest: { dismissesStale: true },
  mergeQueue: false,
  refusesForcePush: true,
  refusesDeletion: true,
  bypass: [],
  ownBypass: 'never',
};

const RUN: SeenCheck = {
  name: 'Threatgate',
  app: { id: APP, name: 'Threatgate', slug: 'threatgate' },
  completedAt: '2026-11-09T12:00:00.000Z',
  conclusion: 'success',
};

/** Everything as it should be. */
const GOOD: Setting = {
  repository: { name: 'acme/shop', archived: false },
  defaultBranch: 'main',
  branch: 'main',
  policy: { kind: 'read', policy: POLICY },
  people: [
    { login: 'alice', permission: 'write' },
    { login: 'carol', permission: 'admin' },
  ],
  rules: { tip: '1'.repeat(40), rules: [RULES], complete: true },
  seen: { kind: 'seen', commits: 3, runs: [RUN] },
  expected: { check: undefined, app: APP },
  now: NOW,
};

const policy = (over: Partial<Policy>): Partial<Setting> => ({
  policy: { kind: 'read', policy: { ...POLICY, ...over } },
});
const approval = (over: Partial<Policy['approval']>): Partial<Setting> =>
  policy({ approval: { ...POLICY.approval, ...over } });
const review = (over: Partial<Policy['review']>): Partial<Setting> =>
  policy({ review: { ...POLICY.review, ...over } });
const OURS = { id: APP, name: 'Threatgate', slug: 'threatgate' };
const rules = (...over: readonly Partial<Rules>[]): Partial<Setting> => ({
  rules: { ...GOOD.rules, rules: over.map((each) => ({ ...RULES, ...each })) },
});
const hidden = (over: Partial<Rules>): Partial<Setting> => ({
  rules: { ...GOOD.rules, complete: false, rules: [{ ...RULES, kind: 'protection', ...over }] },
});
const runs = (...over: readonly Partial<SeenCheck>[]): Partial<Setting> => ({
  seen: { kind: 'seen', commits: 3, runs: over.map((each) => ({ ...RUN, ...each })) },
});
const person = (permission: Setting['people'][number]['permission']): Partial<Setting> => ({
  people: [{ login: 'alice', permission }, GOOD.people[1] ?? { login: 'carol', permission }],
});
const bypass = (...over: readonly Partial<Bypass>[]): Partial<Setting> =>
  rules({ bypass: over.map((each) => ({ who: 'user', id: 7, mode: 'always', ...each })) });
const ANY = { expected: { check: undefined, app: undefined } } as const;
const WORKFLOW = { app: { id: ACTIONS, name: 'GitHub Actions', slug: 'github-actions' } } as const;
const JOB = 'threat-model main';
const fault = (code: string): Partial<Setting> => ({
  policy: {
    kind: 'unusable',
    problems: [{ code, message: 'The policy is not valid: no.', remedy: 'Mend it.', file: 'p.yml', line: 3 }],
  },
});

const CASES: readonly [
  id: string,
  severity: Finding['severity'],
  over: Partial<Setting>,
  what?: string | RegExp,
][] = [
  ['repository-archived', 'note', { repository: { name: 'acme/shop', archived: true } }],

  ['policy-absent', 'warning', { policy: { kind: 'absent' } }, 'There is no policy'],
  ['policy-invalid', 'problem', fault('policy-invalid'), 'is not valid: no (`p.yml:3`).'],
  ['policy-unreadable', 'problem', fault('policy-unreadable')],
  ['policy-observes', 'warning', policy({ mode: 'observe' }), 'only observes'],
  ['policy-enforces', 'good', {}],
  [
    'reviews-scheduled',
    'good',
    review({ everyDays: 90, owners: ['alice'] }),
    'every 90 days, seen to by `alice`',
  ],
  ['reviews-without-owner', 'warning', review({ everyDays: 90 })],
  ['issues-right-not-seen', 'note', review({ openIssues: true })],
  [
    'issues-writable',
    'good',
    { ...review({ openIssues: true }), ...runs({ app: { ...OURS, permissions: { issues: 'write' } } }) },
  ],
  [
    'issues-not-writable',
    'warning',
    { ...review({ openIssues: true }), ...runs({ app: { ...OURS, permissions: { checks: 'write' } } }) },
  ],
  ['approval-not-required', 'warning', approval({ required: false, users: [] })],
  ['solo', 'warning', approval({ solo: true })],
  ['approvers-unnamed', 'warning', { ...approval({ users: [] }), people: [] }],
  [
    'approvers-named',
    'good',
    approval({ teams: ['acme/security'] }),
    '`acme/security`, `alice`, `carol` (any',
  ],
  ['approver-alone', 'warning', approval({ users: ['alice'] }), '`alice` is the only approver'],
  ['people-unknown', 'warning', person('none'), '`alice`'],
  ['people-unknown', 'problem', { ...approval({ users: ['alice'] }), ...person('none') }],
  ['people-unknown', 'warning', { ...approval({ users: ['alice'], teams: ['acme/a'] }), ...person('none') }],
  [
    'people-unknown',
    'warning',
    {
      ...policy({ emergency: { users: ['eve'], teams: [], reviewWithinDays: 5 } }),
      people: [...GOOD.people, { login: 'eve', permission: 'none' }],
    },
    '`eve`',
  ],
  ['people-may-not-write', 'warning', person('read'), '`alice`'],
  ['people-not-seen', 'note', person(undefined), '`alice`'],
  ['people-may-write', 'good', {}, '`alice`, `carol`'],
  ['teams-not-seen', 'note', approval({ teams: ['acme/security'] }), '`acme/security`'],

  ['check-required', 'good', {}, '`Threatgate`'],
  ['check-not-required', 'problem', rules({ checks: [{ name: 'build', source: undefined }] })],
  [
    'check-not-required',
    'problem',
    { expected: { check: 'gate', app: undefined } },
    '`gate` is not required',
  ],
  // With the App's number it is the App's check that is wanted, not a job that sounds like it.
  ['check-not-required', 'problem', rules({ checks: [{ name: JOB, source: ACTIONS }] })],
  ['check-unpinned', 'problem', rules({ checks: [{ name: 'Threatgate', source: undefined }] })],
  ['check-pinned', 'good', {}, 'the App `Threatgate` (4711) alone, which is the App you named'],
  [
    'check-pinned',
    'good',
    { ...ANY, ...rules({ checks: [{ name: JOB, source: ACTIONS }] }), ...runs({ name: JOB, ...WORKFLOW }) },
    'GitHub Actions (15368)',
  ],
  ['check-pinned-elsewhere', 'problem', rules({ checks: [{ name: 'Threatgate', source: 12 }] }), 'App 12'],
  [
    'check-from-actions',
    'problem',
    { ...ANY, ...rules({ checks: [{ name: 'Threatgate', source: ACTIONS }] }) },
  ],
  ['check-imitable', 'note', { ...ANY, ...rules({ checks: [{ name: JOB, source: ACTIONS }] }) }],
  ['check-source-not-verified', 'note', { ...ANY, ...runs() }, 'App 4711'],
  ['check-seen', 'good', {}, 'last at 2026-11-09'],
  ['check-seen', 'note', runs({ completedAt: '2026-11-01T12:00:00.000Z' })],
  ['check-seen', 'note', { ...rules({ checks: [] }) }, 'is reported by the App `Threatgate` (4711).'],
  ['check-pending', 'note', runs({ completedAt: undefined, conclusion: undefined })],
  [
    'check-from-another',
    'problem',
    runs(WORKFLOW),
    'reported by GitHub Actions (15368), but only the App 4711',
  ],
  ['check-not-seen', 'warning', runs(), '(3 commits)'],
  ['check-not-seen', 'warning', { ...runs(), ...rules({ checks: [] }) }],
  ['check-not-seen', 'note', { seen: { kind: 'seen', commits: 0, runs: [] } }],
  ['checks-not-visible', 'note', { seen: { kind: 'hidden' } }],
  ['workflow-required', 'note', rules({ checks: [], workflows: ['.github/workflows/threat-model.yml'] })],

  ['branch-unprotected', 'problem', { rules: { ...GOOD.rules, rules: [] } }],
  ['protection-not-seen', 'note', hidden({})],
  ['pull-request-required', 'good', {}],
  ['pull-request-required', 'good', rules({ pullRequest: undefined, mergeQueue: true }), 'merge queue'],
  ['direct-push-possible', 'warning', rules({ pullRequest: undefined }), 'No rule requires a pull request'],
  ['direct-push-possible', 'problem', rules({ pullRequest: undefined, checks: [] })],
  ['direct-push-not-seen', 'note', hidden({ pullRequest: undefined })],
  ['merge-queue', 'note', rules({ mergeQueue: true })],
  ['stale-approvals-dismissed', 'good', {}],
  ['stale-approvals-kept', 'note', rules({ pullRequest: { dismissesStale: false } })],
  ['force-push-refused', 'good', {}],
  ['force-push-possible', 'warning', rules({ refusesForcePush: false })],
  ['force-push-not-seen', 'note', hidden({ refusesForcePush: false })],
  ['deletion-refused', 'good', {}],
  ['deletion-possible', 'warning', rules({ refusesDeletion: false })],
  ['deletion-not-seen', 'note', hidden({ refusesDeletion: false })],

  ['bypass-nobody', 'good', {}, 'the ruleset `main`'],
  ['bypass-not-seen', 'note', rules({ bypass: undefined, name: undefined }), 'a ruleset'],
  ['bypass-exempt', 'problem', bypass({ who: 'organisation-admins', mode: 'exempt' }), 'owners of the org'],
  ['bypass-always', 'warning', bypass({ who: 'role', id: 5 }), 'Whoever has the role `admin` may bypass'],
  ['bypass-always', 'warning', bypass({ who: 'role', id: 99 }), '`99`'],
  ['bypass-always', 'warning', bypass({ who: 'deploy-key', id: undefined }), 'Deploy keys may'],
  ['bypass-always', 'warning', bypass({ who: 'team' }), 'The team with the number 7'],
  ['bypass-always', 'warning', bypass({ who: 'app' }), 'The App 7'],
  [
    'bypass-always',
    'warning',
    rules({ kind: 'protection', bypass: [{ who: 'admins', id: undefined, mode: 'always' }] }),
    'Administrators may bypass the protection of the branch',
  ],
  ['bypass-pull-request', 'warning', bypass({ mode: 'pull-request' }), 'The user with the number 7'],
  ['bypass-own', 'warning', rules({ bypass: undefined, ownBypass: 'always' })],
  ['bypass-own', 'problem', rules({ bypass: undefined, ownBypass: 'exempt' })],
];

const found = (over: Partial<Setting>): readonly Finding[] => examine({ ...GOOD, ...over });

test('where everything is as it should be, everything found is good', () => {
  expect(found({}).filter((f) => f.severity !== 'good')).toEqual([]);
  expect(found({}).length).toBeGreaterThan(8);
});

describe('each finding', () => {
  test.each(CASES)('%s: %s', (id, severity, over, what = '') => {
    const [finding, ...more] = found(over).filter((f) => f.id === id);
    expect(more).toEqual([]);
    expect(finding?.severity).toBe(severity);
    expect(finding?.what).toMatch(typeof what === 'string' ? new RegExp(escaped(what)) : what);
    if (severity === 'problem' || severity === 'warning') {
      expect(finding?.why).toMatch(/\.$/);
      expect(finding?.remedy).toMatch(/\.$/);
    }
    expect(finding?.what).toMatch(/^\S.*\.$/);
  });

  test('is among these cases', () => {
    const folder = join(import.meta.dirname, '../../src/doctor');
    const sources = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
    const written = sources.flatMap((text) =>
      [...text.matchAll(/\bfinding\(\s*'([a-z-]+)'/g)].map(([, id = '']) => id),
    );
    expect(written.length).toBeGreaterThan(30);
    const known = new Set(CASES.map(([id]) => id));
    expect(written.filter((id) => !known.has(id))).toEqual([]);
  });
});

test('the worst comes first', () => {
  const order = found({ ...rules({ pullRequest: undefined, checks: [] }), ...policy({ mode: 'observe' }) });
  const ranks = order.map((f) => ['problem', 'warning', 'note', 'good'].indexOf(f.severity));
  expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
  expect(ranks[0]).toBe(0);
});

describe('what stands next to it', () => {
  const ids = (over: Partial<Setting>) => found(over).map((f) => f.id);

  test('a source named in one ruleset is enough, whatever another says', () => {
    const both = rules({}, { name: 'all', checks: [{ name: 'Threatgate', source: undefined }] });
    expect(ids(both)).not.toContain('check-unpinned');
  });

  test('the same check in two rulesets is one check', () => {
    const twice = found(rules({}, { name: 'all' }));
    expect(twice.filter((f) => f.id === 'check-required')).toHaveLength(1);
    expect(twice.filter((f) => f.id === 'bypass-nobody')).toHaveLength(2);
  });

  test('a ruleset that holds nothing of the gate may be bypassed by anybody', () => {
    const spelling: Partial<Rules> = {
      name: 'spelling',
      checks: [{ name: 'spelling', source: undefined }],
      pullRequest: undefined,
      bypass: [{ who: 'user', id: 7, mode: 'exempt' }],
    };
    expect(ids(rules({}, spelling))).not.toContain('bypass-exempt');
  });

  test('the App that reports and the source that counts are known by number, not by name', () => {
    const imitation = runs({ app: { id: 99, name: 'Threatgate', slug: 'threatgate' } });
    expect(ids(imitation)).toContain('check-from-another');
    expect(ids(imitation)).not.toContain('check-seen');
  });

  test('GitHub Actions has another number on other servers', () => {
    const app = { id: 3, name: 'GitHub Actions', slug: 'github-actions' };
    const there = { ...ANY, ...rules({ checks: [{ name: JOB, source: 3 }] }), ...runs({ name: JOB, app }) };
    expect(ids(there)).toContain('check-imitable');
  });

  test('a required check is not asked for twice where a required workflow is there, too', () => {
    expect(ids(rules({ workflows: ['.github/workflows/threat-model.yml'] }))).toEqual(
      expect.arrayContaining(['check-required', 'workflow-required']),
    );
    expect(ids(rules({ checks: [], workflows: ['.github/workflows/build.yml'] }))).toContain(
      'check-not-required',
    );
  });
});

function escaped(text: string): string {
  return text.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&');
}
