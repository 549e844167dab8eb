import { afterAll, afterEach, beforeEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { renderPage } from '../../src/web/layout/layout.ts';
import { NAVIGATION } from '../../src/web/layout/navigation.ts';
import { PAGES } from '../../src/web/pages/index.ts';
import type { AuditRecord } from '../../src/core/model/record.ts';
import { actor, chain, evaluated, merged } from '../audit-core/records.ts';
import { removeTemporaryFolders } from '../local/temporary-repository.ts';
import { openShell, type Shell } from './shell-bench.ts';

let shell: Shell;
beforeEach(async () => {
  shell = await openShell({ pages: PAGES, render: renderPage });
  const { control } = shell.gh;
  control.createOrganisation({ login: 'other', owners: [] });
  control.createRepository({ owner: 'other', name: 'secret', private: true });
  control.install({ app: shell.app, on: 'other' });
  shell.gh.world.organisations.get('acme')?.members.clear();
  shell.setRecords(ALL.flatMap((name, index) => storyOf({ id: shell.idOf(name), name }, MARKS[index] ?? '')));
});
afterEach(() => shell.close());
afterAll(removeTemporaryFolders);

const ALL = ['acme/shop', 'acme/vault', 'other/secret'];
/** Stands in the records of one repository and nowhere else. */
const MARKS = ['markershop', 'markervault', 'markersecret'];

function storyOf(
  repository: { readonly id: number; readonly name: string },
  mark: string,
): readonly AuditRecord[] {
  return chain(
    { kind: 'installed', repository },
    evaluated(1, { title: mark }, { repository }),
    { ...merged(1), repository, actor: actor(`${mark}-merger`) },
    { kind: 'gate-outage', repository, details: { note: mark } },
    {
      kind: 'bypassed',
      repository,
      pullRequest: 1,
      actor: actor(`${mark}-bypasser`),
      details: { title: mark, reason: mark },
    },
  );
}

/** Everything there is to look at, of all repositories, whoever looks. */
function addresses(): readonly string[] {
  const filters = ['', '?from=2026-01-01&to=2027-01-01', '?person=ada', '?q=acme', '?repository=acme/vault'];
  const all = NAVIGATION.flatMap(([path]) => filters.map((filter) => `${path === '/' ? '' : path}${filter}`));
  const each = ALL.flatMap((name) => [
    `/${name}`,
    `/${name}/pull/1`,
    `/${name}/records/1`,
    `/${name}/record/1`,
    `/${name}/push/2`,
  ]);
  return [...all, ...each].map((path) => `/audit${path}`);
}

test('no real page shows anything of a repository that the viewer may not see', async () => {
  const { control } = shell.gh;
  let shown = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('none', 'read', 'invited'), { minLength: 3, maxLength: 3 }),
      async (table) => {
        shell.clock.at += 6 * 60_000;
        await shell.access.revoke('jane', new Date(shell.clock.at).toISOString());
        for (const [index, name] of ALL.entries()) {
          control.setRole({ repo: name, login: 'jane', role: table[index] === 'read' ? 'read' : 'none' });
          if (table[index] === 'invited')
            await shell.access.invite({
              login: 'jane',
              account: undefined,
              repositories: [{ id: shell.idOf(name), name }],
              createdAt: '2026-01-01T00:00:00.000Z',
              until: '2099-01-01T00:00:00.000Z',
            });
        }
        const jane = await shell.logIn('jane');
        for (const path of addresses()) {
          const { body, status } = await jane.get(path);
          expect([path, status >= 500]).toEqual([path, false]);
          for (const [index, name] of ALL.entries()) {
            const isHidden = table[index] === 'none';
            if (isHidden) expect([path, body.includes(MARKS[index] ?? '')]).toEqual([path, false]);
            // What was asked for by name may be said again.
            if (isHidden && !decodeURIComponent(path).includes(name))
              expect([path, body.includes(name)]).toEqual([path, false]);
            if (!isHidden && body.includes(MARKS[index] ?? '')) shown++;
          }
        }
      },
    ),
    { numRuns: 8, seed: 20_261_102 },
  );
  expect(shown).toBeGreaterThan(20);
});
