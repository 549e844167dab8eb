import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { POLICY, POLICY_PATH } from '../service/shop.ts';
import type { RulesInput } from '../double/control/founding.ts';
import { gateUnderTest, REPO, type GateUnderTest } from './gate.ts';

let gate: GateUnderTest;
let admin: string;
beforeAll(async () => {
  gate = await gateUnderTest();
  admin = gate.gh.control.createUserToken('ada');
  await gate.reported();
  await gate.reported('threat-model main', 'workflow');
});
afterAll(() => gate.close());
beforeEach(() => rule());

/** Rules as they should be, but for what is given. */
function rule(over: Partial<RulesInput> = {}): void {
  gate.gh.control.setRules({
    repo: REPO,
    name: 'Guard of main',
    requiredChecks: [{ context: 'Threatgate', integrationId: gate.app.id }],
    requirePullRequest: true,
    dismissStaleReviews: true,
    nonFastForward: true,
    deletion: true,
    ...over,
  });
}

interface Said {
  readonly id: string;
  readonly severity: string;
  readonly what: string;
}

async function asJson(token: string, ...args: readonly string[]) {
  const { code, out, err } = await gate.doctor(token, REPO, '--json', ...args);
  expect(err).toBe('');
  const { findings, counts } = JSON.parse(out) as {
    findings: readonly Said[];
    counts: Readonly<Record<string, number>>;
  };
  return { code, out, findings, counts, ids: findings.map((f) => `${f.severity} ${f.id}`) };
}

describe('a gate that holds', () => {
  test('has no problem, as a process of its own', async () => {
    const { code, out, err } = await gate.spawned(admin, REPO, '--app-id', String(gate.app.id));
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('✓ The policy .github/threatgate.yml is valid, and enforced.');
    expect(out).toContain('Approval is required, of acme/security, alice (any of them).');
    expect(out).toContain(`counts from the App Threatgate (${gate.app.id}) alone`);
    expect(out).toContain('Nobody may bypass the ruleset Guard of main.');
    expect(out).toMatch(/✓ 0 problems, 0 warnings, \d notes?; \d+ as it should be\n$/);
    expect(out).not.toContain(admin);
  });

  test('says the same as JSON', async () => {
    const { code, ids, counts, out } = await asJson(admin);
    expect(code).toBe(0);
    expect(counts).toMatchObject({ problem: 0, warning: 0 });
    expect(ids).toEqual(
      expect.arrayContaining([
        'good policy-enforces',
        'good check-required',
        'good check-pinned',
        'good check-seen',
        'good pull-request-required',
        'good bypass-nobody',
      ]),
    );
    expect(JSON.parse(out)).toMatchObject({ version: 1, repository: REPO, branch: 'main' });
  });

  test('of the Action counts from GitHub Actions', async () => {
    const actions = gate.gh.observe.checkRuns(REPO, headOf('change-2'))[0]?.suite.app.id;
    rule({ requiredChecks: [{ context: 'threat-model main', integrationId: actions ?? 0 }] });
    const { code, ids } = await asJson(admin);
    expect(code).toBe(0);
    expect(ids).toEqual(
      expect.arrayContaining(['good check-pinned', 'note check-imitable', 'good check-seen']),
    );
  });

  test('asks nothing but reading, and a dozen requests', async () => {
    const before = gate.gh.requests.length;
    await asJson(admin);
    const asked = gate.gh.requests.slice(before).map((r) => r.route);
    expect(asked.filter((route) => !route.startsWith('GET '))).toEqual(['POST /graphql']);
    expect(asked.length).toBeLessThan(15);
  });
});

describe('a gate that does not hold', () => {
  test('a check that counts from anybody', async () => {
    rule({ requiredChecks: [{ context: 'Threatgate' }] });
    const { code, out } = await gate.doctor(admin, REPO);
    expect(code).toBe(1);
    expect(out).toContain('✗ The check Threatgate counts from any source. [check-unpinned]');
    expect(out).toContain('→ In the ruleset, choose a source for it');
    expect(out).toContain('✗ 1 problem, ');
  });

  test('a check that counts from another App than ours', async () => {
    const { code, ids } = await asJson(admin, '--app-id', '99');
    expect(code).toBe(1);
    expect(ids).toContain('problem check-pinned-elsewhere');
  });

  test('no rule at all', async () => {
    const { code, ids } = await asJson(admin, '--branch', 'change-1');
    expect(code).toBe(1);
    expect(ids.filter((id) => id.startsWith('problem'))).toEqual([
      'problem check-not-required',
      'problem branch-unprotected',
    ]);
  });

  test('rules that say little', async () => {
    rule({ requirePullRequest: false, nonFastForward: false, deletion: false });
    const { code, ids } = await asJson(admin);
    expect(code).toBe(0);
    expect(ids.filter((id) => id.startsWith('warning'))).toEqual([
      'warning direct-push-possible',
      'warning force-push-possible',
      'warning deletion-possible',
    ]);
  });

  test.each([
    ['exempt', 'problem bypass-exempt', 1],
    ['always', 'warning bypass-always', 0],
    ['pull_request', 'warning bypass-pull-request', 0],
  ] as const)('somebody who may bypass: %s', async (bypassMode, id, code) => {
    rule({ bypass: ['bob'], bypassMode });
    expect(await asJson(admin)).toMatchObject({ code, ids: expect.arrayContaining([id]) as unknown });
    const bob = await asJson(gate.gh.control.createUserToken('bob'));
    const own = { exempt: 'problem bypass-own' }[bypassMode as string] ?? 'warning bypass-own';
    expect(bob.ids).toEqual(expect.arrayContaining(['note bypass-not-seen', own]));
  });

  test('a merge queue, and a workflow that is required', async () => {
    rule({ mergeQueue: 'SQUASH', workflows: ['.github/workflows/threat-model.yml'], requiredChecks: [] });
    const { code, ids } = await asJson(admin);
    expect(code).toBe(0);
    expect(ids).toEqual(expect.arrayContaining(['note merge-queue', 'note workflow-required']));
  });
});

describe('the policy', () => {
  const write = (text: string | null): void => {
    gate.gh.control.directPush({ by: 'ada', repo: REPO, branch: 'main', files: { [POLICY_PATH]: text } });
  };
  beforeEach(() => {
    rule({ bypass: ['ada'] });
  });
  afterAll(() => {
    rule({ bypass: ['ada'] });
    write(POLICY);
  });

  test('that is broken is told with its line', async () => {
    write(POLICY.replace('enforce', 'enforec'));
    const { code, findings } = await asJson(admin);
    expect(code).toBe(1);
    expect(findings[0]).toMatchObject({ id: 'policy-invalid', severity: 'problem' });
    expect(findings[0]?.what).toContain('`.github/threatgate.yml:2`');
  });

  test('that names people who are not there, or may only read', async () => {
    write(POLICY.replace('[alice]', '[alice, nobody-here, eve]'));
    const { code, findings } = await asJson(admin);
    expect(code).toBe(0);
    const of = (id: string) => findings.find((f) => f.id === id)?.what;
    expect(of('people-unknown')).toContain('`nobody-here`');
    expect(of('people-may-not-write')).toContain('`eve`');
  });

  test('that is absent, or only observes', async () => {
    write(POLICY.replace('enforce', 'observe'));
    expect((await asJson(admin)).ids).toContain('warning policy-observes');
    write(null);
    expect((await asJson(admin)).ids).toContain('warning policy-absent');
  });
});

describe('what a token may not see', () => {
  test('is never good: checks and bypass', async () => {
    const { code, ids } = await asJson(gate.token({ contents: 'read', pull_requests: 'read' }));
    expect(code).toBe(0);
    expect(ids).toEqual(expect.arrayContaining(['note checks-not-visible', 'note bypass-not-seen']));
    expect(ids.join()).not.toMatch(/good (?:check-seen|bypass)/);
  });

  test.each([
    ['nothing', {}, 'contents: read'],
    ['no pull requests', { contents: 'read' }, 'pull requests: read'],
  ] as const)('ends with 2 and the right that is missing: %s', async (_, permissions, right) => {
    const { code, out, err } = await gate.doctor(gate.token(permissions), REPO);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('GitHub refused to show');
    expect(err).toContain(right);
  });
});

describe('what cannot be asked', () => {
  test.each([
    [[REPO], undefined, 'There is no token'],
    [[REPO], 'ghp_wrong', 'refused (401)'],
    [[REPO], 'two words', 'cannot be one'],
    [['acme/nothing'], 'admin', 'knows nothing of the repository `acme/nothing`'],
    [[REPO, '--branch', 'nothing'], 'admin', 'knows nothing of the branch `nothing`'],
  ] as const)('%j %s', async (args, token, message) => {
    const given = token === 'admin' ? admin : token;
    const { code, out, err } = await gate.doctor(given, ...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
    expect(err).toContain('→');
    if (token !== undefined) expect(err).not.toContain(given);
  });

  test('a GitHub that does not answer', async () => {
    const { threatgate } = await import('../cli/command-line.ts');
    Object.assign(process.env, { GITHUB_TOKEN: admin, GITHUB_API_URL: 'http://127.0.0.1:9/api/v3' });
    const { code, err } = await threatgate('/', 'doctor', REPO);
    expect(code).toBe(2);
    expect(err).toContain('no answer');
  });

  test('a token is not sent in clear text', async () => {
    const { threatgate } = await import('../cli/command-line.ts');
    Object.assign(process.env, { GITHUB_TOKEN: admin, GITHUB_API_URL: 'http://github.example/api/v3' });
    expect(await threatgate('/', 'doctor', REPO)).toMatchObject({
      code: 2,
      err: expect.stringContaining('https') as unknown,
    });
  });

  test.each([
    [[], 'OWNER/NAME'],
    [['shop'], 'is not a repository'],
    [['acme/shop/x'], 'is not a repository'],
    [['acme/..'], 'is not a repository'],
    [[REPO, '--app-id', 'Threatgate'], 'number of the App'],
    [[REPO, '--branch', ''], 'want a name'],
    [[REPO, '--token', 'x'], 'There is no option --token'],
  ])('%j is wrong usage', async (args, message) => {
    const { code, err } = await gate.doctor(admin, ...args);
    expect(code).toBe(64);
    expect(err).toContain(message);
  });
});

test('hostile names are shown as text', async () => {
  const hostile = 'threat-model\u001b[2J\u202e\n::error::x ##[group]`';
  rule({ name: `\u001b]0;owned\u0007${hostile}`, requiredChecks: [{ context: hostile }], bypass: ['bob'] });
  const text = await gate.doctor(admin, REPO);
  const json = await asJson(admin);
  expect([text.code, json.code]).toEqual([1, 1]);
  for (const out of [text.out, json.out]) {
    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(out).not.toMatch(/^\s*::/m);
    expect(out).not.toContain('##[');
  }
  expect(text.out).toContain('<U+001B>[2J<U+202E>');
});

test('the guide names every option that there is', () => {
  const guide = readFileSync(new URL('../../docs/guides/admin.md', import.meta.url), 'utf8');
  for (const option of ['--branch', '--app-id', '--check', '--json']) expect(guide).toContain(option);
});

const headOf = (branch: string): string =>
  gate.gh.world.repository(REPO).refs.get(`refs/heads/${branch}`) ?? '';
