import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { viewOfRecords } from '../../src/core/audit/view-of-records.ts';
import type { PageAnswer } from '../../src/web/context.ts';
import { BANK, SHOP } from '../audit-core/records.ts';
import { SAMPLE_ADDRESSES } from './pages2-addresses.ts';
import { ask, textOf } from './pages2-context.ts';
import { DOCUMENTS, sampleRecords, SECRET, VAULT } from './pages2-sample.ts';

const PATHS = [...new Set(SAMPLE_ADDRESSES.map((address) => address.split(/[?#]/)[0] ?? ''))];
const LISTS = PATHS.filter(
  (path) => path.split('/').length === 2 && path !== '/controls' && path !== '/exports',
);

/** Tags and attributes that no page of ours has. */
const ACTIVE = /<script|<iframe|<img|<object|\son\w+=|javascript:|\u202e/i;

describe('what others wrote', () => {
  test('is text on every page', async () => {
    let told = false;
    for (const address of SAMPLE_ADDRESSES) {
      const text = await textOf(address);
      expect(text).not.toMatch(ACTIVE);
      told ||= text.includes('&#60;script&#62;alert(1)');
    }
    expect(told).toBe(true);
  });

  test('is text in what an address asks for, and no page breaks', async () => {
    const names = [
      'from',
      'to',
      'at',
      'since',
      'repository',
      'person',
      'owner',
      'way',
      'kind',
      'category',
      'criterion',
      'conclusion',
      'pull',
      'size',
      'seed',
      'overdue',
      'after',
      'framework',
      'repositories',
      '<b>',
    ];
    const value = fc.oneof(
      fc.constantFrom(
        '2026-01-01',
        '2027-01-01',
        '"><script>alert(1)</script>',
        'acme/shop',
        'gated',
        '5',
        'x',
        '1.2.3.4',
        "' onclick=x ",
      ),
      fc.string({ unit: 'binary', maxLength: 40 }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...PATHS),
        fc.array(fc.tuple(fc.constantFrom(...names), value), { maxLength: 5 }),
        async (path, pairs) => {
          const query = new URLSearchParams(
            pairs.map(([name, text]): [string, string] => [name, text]),
          ).toString();
          const answer = await ask(`${path}?${query}`);
          expect(answer.kind).toBe('page');
          if (answer.kind !== 'page') return;
          expect([200, 400, 404]).toContain(answer.status);
          expect(String(await answer.content)).not.toMatch(/<script|\sonclick=/i);
        },
      ),
      { seed: 10, numRuns: 300 },
    );
  }, 60_000);
});

const shownBy = async (answer: PageAnswer): Promise<unknown> =>
  answer.kind === 'page' ? { ...answer, content: String(await answer.content) } : answer;

describe('a repository out of scope', () => {
  test('is on no page, in no number and in no list of names', async () => {
    const everything = {
      scope: { kind: 'all' } as const,
      login: '',
      id: undefined,
      role: 'local' as const,
      notices: [],
    };
    let hidden = 0;
    for (const address of SAMPLE_ADDRESSES) {
      const text = await textOf(address);
      expect(text).not.toContain(SECRET);
      expect(text).not.toContain(VAULT.name);
      if ((await textOf(address, { viewer: everything })).includes(VAULT.name)) hidden += 1;
    }
    expect(hidden).toBeGreaterThan(5);
  });

  test.each(LISTS)('is as little there as one that does not exist: %s', async (path) => {
    const about = async (name: string): Promise<unknown> => shownBy(await ask(`${path}?repository=${name}`));
    const unknown = await about('acme/nothing');
    expect(unknown).toMatchObject({ status: 404 });
    expect(await about(VAULT.name)).toEqual(unknown);
    expect(await about(VAULT.name.toUpperCase())).toEqual(unknown);
  });

  test('makes no difference: a page is what it would be if there were nothing else', async () => {
    const [all, repositories] = [sampleRecords(), [SHOP.id, BANK.id, VAULT.id]];
    for (let chosen = 0; chosen < 8; chosen++) {
      const ids = new Set(repositories.filter((_, at) => (chosen >> at) % 2 === 1));
      const viewer = {
        login: 'olga',
        id: '77',
        role: 'reader',
        notices: [],
        scope: { kind: 'some', repositories: ids },
      } as const;
      const alone = viewOfRecords(
        all.filter((r) => ids.has(r.repository.id)),
        DOCUMENTS,
      );
      for (const address of SAMPLE_ADDRESSES) {
        const [among, by] = [await ask(address, { viewer }), await ask(address, { viewer, view: alone })];
        expect([address, await shownBy(among)]).toEqual([address, await shownBy(by)]);
      }
    }
  });

  test('a download has nothing of it', async () => {
    const answer = await ask('/population.csv?from=2026-01-01&to=2027-01-01');
    expect(answer.kind === 'download' && answer.body).not.toContain(VAULT.name);
  });
});

describe('links', () => {
  test('of every page lead to pages', async () => {
    const found = new Set<string>();
    for (const address of SAMPLE_ADDRESSES)
      for (const [, href = ''] of (await textOf(address)).matchAll(/(?:href|action)="\/audit([^"]*)"/g))
        found.add(
          href.replaceAll('&#38;', '&').replaceAll('&#61;', '=').replaceAll('&#39;', "'").replace(/#.*$/, ''),
        );
    expect(found.size).toBeGreaterThan(100);
    // The reference view works everything out anew for each question: one of each kind of address is looked at.
    const kinds = Map.groupBy(found, (href) => href.replace(/\d+/g, 'n'));
    for (const [href = ''] of kinds.values()) {
      const answer = await ask(href);
      expect([href, answer.kind === 'page' ? answer.status : 200]).toEqual([href, 200]);
    }
  }, 60_000);
});
