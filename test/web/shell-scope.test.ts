import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { removeTemporaryFolders } from '../local/temporary-repository.ts';
import { openShell, recordsOf, type Browser, type Shell } from './shell-bench.ts';

let shell: Shell;
beforeEach(async () => {
  shell = await openShell();
  const { control } = shell.gh;
  control.createOrganisation({ login: 'other', owners: ['eve'] });
  control.createRepository({ owner: 'other', name: 'secret', private: true });
  control.install({ app: shell.app, on: 'other' });
  shell.setRecords(recordsOf(ALL.map((name) => ({ id: shell.idOf(name), name }))));
});
afterEach(() => shell.close());
afterAll(removeTemporaryFolders);

const ALL = ['acme/shop', 'acme/vault', 'other/secret'];
const MINUTES = 60_000;

/** Names of repositories that anything in an answer speaks of. */
const namesIn = (body: string): string[] => ALL.filter((name) => body.includes(name));
const seen = async (browser: Browser): Promise<string[]> => namesIn((await browser.get('/audit')).body);

function invite(login: string, names: readonly string[], until: string, account?: string): Promise<unknown> {
  return shell.access.invite({
    login,
    account,
    repositories: names.map((name) => ({ id: shell.idOf(name), name })),
    createdAt: '2026-11-01T00:00:00.000Z',
    until,
  });
}

describe('readers', () => {
  test('see what they can read on GitHub, and are counted nothing else', async () => {
    const bob = await shell.logIn('bob');
    expect(await seen(bob)).toEqual(['acme/shop', 'acme/vault']);
    const page = (await bob.get('/audit')).body;
    expect(page).toContain('reader bob');
    expect(page).toContain('&quot;recorded&quot;:4');
    expect(await seen(await shell.logIn('jane'))).toEqual([]);
    expect((await bob.get('/audit/acme/shop')).status).toBe(200);
    expect((await bob.get('/audit/other/secret')).status).toBe(404);
  });

  test('lose within five minutes what they lost on GitHub, and gain no sooner', async () => {
    const eve = await shell.logIn('eve');
    expect(await seen(eve)).toEqual(['other/secret']);
    shell.gh.control.setRole({ repo: 'acme/vault', login: 'eve', role: 'read' });
    expect(await seen(eve)).toEqual(['other/secret']);
    shell.clock.at += 5 * MINUTES;
    expect(await seen(eve)).toEqual(['acme/vault', 'other/secret']);
    shell.gh.control.setRole({ repo: 'acme/vault', login: 'eve', role: 'none' });
    shell.clock.at += 5 * MINUTES;
    expect(await seen(eve)).toEqual(['other/secret']);
  });

  test('GitHub is asked once for many pages', async () => {
    const bob = await shell.logIn('bob');
    const before = shell.gh.requests.length;
    await Promise.all(Array.from({ length: 6 }, () => bob.get('/audit')));
    expect(shell.gh.requests.slice(before).map(({ route }) => route)).toEqual([
      'GET /user/installations',
      'GET /user/installations/{installation_id}/repositories',
    ]);
  });

  test('while GitHub does not answer, nothing is shown, and that is said', async () => {
    const bob = await shell.logIn('bob');
    expect(await seen(bob)).toHaveLength(2);
    shell.clock.at += 5 * MINUTES;
    shell.gh.faults = { request: () => ({ when: 'before', answer: 502 }) };
    const page = await bob.get('/audit');
    expect([page.status, namesIn(page.body)]).toEqual([200, []]);
    expect(page.body).toContain('GitHub does not say at the moment');
    shell.gh.faults = {};
    // It is not asked again with every page.
    const before = shell.gh.requests.length;
    expect(await seen(bob)).toHaveLength(0);
    expect(shell.gh.requests).toHaveLength(before);
    shell.clock.at += 30_000;
    expect(await seen(bob)).toHaveLength(2);
  });
});

describe('auditors by invitation', () => {
  test('see the repositories they were invited to, until it ends', async () => {
    await invite('Jane', ['acme/vault'], '2026-11-02T10:30:00.000Z');
    const jane = await shell.logIn('jane');
    expect(await seen(jane)).toEqual(['acme/vault']);
    const page = (await jane.get('/audit')).body;
    expect(page).toContain('auditor jane');
    expect(page).toContain('2026-11-02T10:30:00.000Z');
    shell.clock.at = Date.parse('2026-11-02T10:29:59.999Z');
    expect(await seen(jane)).toEqual(['acme/vault']);
    shell.clock.at++;
    expect(await seen(jane)).toEqual([]);
  });

  test('lose it the moment it is revoked', async () => {
    await invite('jane', ['acme/vault'], '2027-01-01T00:00:00.000Z');
    const jane = await shell.logIn('jane');
    expect(await seen(jane)).toEqual(['acme/vault']);
    expect(await shell.access.revoke('JANE', '2026-11-02T10:00:00.000Z')).toBe(1);
    expect(await seen(jane)).toEqual([]);
    expect(await shell.access.revoke('jane', '2026-11-02T10:00:00.000Z')).toBe(0);
  });

  test('belong to the account that took them up, whoever has the name later', async () => {
    await invite('jane', ['acme/vault'], '2027-01-01T00:00:00.000Z');
    await shell.logIn('jane');
    // The name goes to somebody else.
    const { accounts } = shell.gh.world;
    const jane = shell.gh.world.account('jane');
    accounts.set('jane', { ...jane, id: 99_999 });
    expect(await seen(await shell.logIn('jane'))).toEqual([]);
    accounts.set('jane', jane);
    expect(await seen(await shell.logIn('jane'))).toEqual(['acme/vault']);
  });

  test('an invitation that is over, or for an account, is not taken up by a name', async () => {
    await invite('jane', ['acme/vault'], '2026-11-02T09:00:00.000Z');
    await invite('jane', ['acme/shop'], '2027-01-01T00:00:00.000Z', '424242');
    expect(await seen(await shell.logIn('jane'))).toEqual([]);
    expect((await shell.access.invitations()).map(({ account }) => account)).toEqual(['424242', undefined]);
  });
});

describe('auditors by policy', () => {
  test('see the repositories whose rules name them', async () => {
    shell.setPolicies({ 'acme/shop': 'auditors: [Jane]', 'acme/vault': 'mode: observe' });
    const jane = await shell.logIn('jane');
    expect(await seen(jane)).toEqual(['acme/shop']);
    expect((await jane.get('/audit')).body).toContain('auditor jane');
    shell.setPolicies({ 'acme/shop': 'auditors: []' });
    shell.clock.at += MINUTES;
    expect(await seen(jane)).toEqual([]);
  });

  test('rules that are not valid name nobody', async () => {
    shell.setPolicies({ 'acme/shop': 'auditors: [jane]\nno_such_key: 1', 'acme/vault': 'unreadable: gone' });
    expect(await seen(await shell.logIn('jane'))).toEqual([]);
  });
});

/** Who is what in which repository; `none` stands for nothing at all. */
const roles = fc.constantFrom('none', 'read', 'triage', 'write', 'admin');
const table = fc.record({
  github: fc.array(roles, { minLength: 9, maxLength: 9 }),
  invited: fc.array(fc.boolean(), { minLength: 9, maxLength: 9 }),
  named: fc.array(fc.boolean(), { minLength: 9, maxLength: 9 }),
  installed: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
});

test('no answer speaks of a repository that the viewer may not see, whatever the permissions', async () => {
  const { control, world } = shell.gh;
  const [one, two] = [...world.installations.values()];
  const people = ['bob', 'eve', 'jane'] as const;
  const pages = ['/audit', '/audit/records', ...ALL.map((name) => `/audit/${name}`)];
  world.organisations.get('acme')?.members.clear();
  world.organisations.get('other')?.owners.clear();
  await fc.assert(
    fc.asyncProperty(table, async ({ github, invited, named, installed }) => {
      shell.clock.at += 6 * MINUTES;
      const installedNames = ALL.filter((_, i) => installed[i] === true);
      for (const installation of [one, two])
        if (installation)
          installation.repositories = new Set(
            installedNames
              .map(shell.idOf.bind(shell))
              .filter((id) => ownerOf(id) === installation.account.login),
          );
      const at = (person: number, repository: number): number => person * ALL.length + repository;
      const now = new Date(shell.clock.at).toISOString();
      const policies = new Map<string, string[]>();
      for (const [p, login] of people.entries()) {
        await shell.access.revoke(login, now);
        for (const [r, name] of ALL.entries()) {
          control.setRole({ repo: name, login, role: github[at(p, r)] ?? 'none' });
          if (invited[at(p, r)] === true) await invite(login, [name], '2099-01-01T00:00:00.000Z');
          if (named[at(p, r)] === true) policies.set(name, [...(policies.get(name) ?? []), login]);
        }
      }
      shell.setPolicies(
        Object.fromEntries([...policies].map(([name, who]) => [name, `auditors: [${who.join(', ')}]`])),
      );
      for (const [p, login] of people.entries()) {
        const may = ALL.filter(
          (name, r) =>
            (github[at(p, r)] !== 'none' && installedNames.includes(name)) ||
            invited[at(p, r)] === true ||
            named[at(p, r)] === true,
        );
        const browser = await shell.logIn(login);
        expect([login, await seen(browser)]).toEqual([login, may]);
        for (const path of pages) {
          const { body, status } = await browser.get(path);
          const asked = ALL.filter((name) => path.includes(name));
          for (const name of namesIn(body)) expect(may).toContain(name);
          for (const name of asked) expect(status).toBe(may.includes(name) ? 200 : 404);
        }
      }
    }),
    { numRuns: 25, seed: 20_261_102 },
  );
});

const ownerOf = (id: number): string | undefined =>
  [...shell.gh.world.repositories.values()].find((each) => each.id === id)?.owner.login;
