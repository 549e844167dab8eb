import { describe, expect, test } from '@jest/globals';
import type { PageAnswer, PageContext } from '../../src/web/context.ts';
import type { ExportQuery, Exports, ExportStatus, Started } from '../../src/web/exports.ts';
import { ask, textOf } from './pages2-context.ts';
import { HOSTILE } from './pages2-sample.ts';

const QUERY: ExportQuery = {
  period: { from: '2026-01-01T00:00:00.000Z', to: '2027-01-01T00:00:00.000Z' },
  repositories: [1],
  sample: { size: 25, seed: HOSTILE },
};
const common = (id: string) => ({
  id,
  query: QUERY,
  at: '2026-11-30T02:00:00.000Z',
  until: '2026-11-30T03:00:00.000Z',
});
const STATES: readonly ExportStatus[] = [
  { ...common('w'), state: 'waiting' },
  { ...common('r'), state: 'running', doing: HOSTILE },
  { ...common('d'), state: 'done', bytes: 1_234_567, digest: `sha256:${'ab'.repeat(32)}` },
  { ...common('f'), state: 'failed', problem: HOSTILE, remedy: 'Choose another period.' },
];

function maker(answer: Started = { kind: 'started', id: 'r' }): Exports & { readonly asked: ExportQuery[] } {
  const asked: ExportQuery[] = [];
  return {
    asked,
    start: (query) => {
      asked.push(query);
      return Promise.resolve(answer);
    },
    status: (id) => Promise.resolve(STATES.find((each) => each.id === id)),
    list: () => Promise.resolve(STATES),
    file: (id) =>
      Promise.resolve(id === 'd' ? { name: 'evidence.zip', bytes: new Uint8Array([1, 2]) } : undefined),
  };
}

const send = (form: Readonly<Record<string, string>>, exports: PageContext['exports']): Promise<PageAnswer> =>
  ask('/exports', { method: 'POST', form, exports });

const FORM = { from: '2026-01-01', to: '2027-01-01', repositories: '', size: '', seed: '' };

async function refusal(answer: PageAnswer): Promise<string> {
  expect(answer).toMatchObject({ kind: 'page', status: 400 });
  return answer.kind === 'page' ? String(await answer.content) : '';
}

describe('asking for a package', () => {
  test('starts it and goes to its page', async () => {
    const exports = maker();
    const answer = await send(
      { ...FORM, repositories: 'acme/shop, ACME/bank\nacme/shop', size: '25', seed: 'ours' },
      exports,
    );
    expect(answer).toEqual({ kind: 'redirect', to: '/exports/r' });
    expect(exports.asked).toEqual([
      {
        period: { from: '2026-01-01T00:00:00.000Z', to: '2027-01-01T00:00:00.000Z' },
        repositories: [1, 2],
        sample: { size: 25, seed: 'ours' },
      },
    ]);
  });

  test('one that is being made already is gone to', async () => {
    expect(await send(FORM, maker({ kind: 'busy', id: 'w' }))).toEqual({
      kind: 'redirect',
      to: '/exports/w',
    });
  });

  test.each([
    [{ ...FORM, from: '2027-01-01', to: '2026-01-01' }, 'has nothing in it'],
    [{ ...FORM, from: 'soon' }, 'is not a date'],
    [{ ...FORM, size: '25' }, 'A sample needs a seed'],
    [{ ...FORM, repositories: 'shop' }, 'is not the name of a repository'],
    [{ ...FORM, repositories: 'acme/nothing' }, 'There is no repository'],
    [{ ...FORM, from: '2020-01-01', to: '2020-02-01' }, 'Nothing is on record in this period'],
  ])('%j is refused, and the form keeps what was typed', async (form, message) => {
    const exports = maker();
    const text = await refusal(await send(form, exports));
    expect(text).toContain(message);
    expect(text).toContain(`value="${form.from}"`);
    expect(exports.asked).toEqual([]);
  });

  test('one out of scope is told to be as little there as one that is not', async () => {
    const refused = async (name: string): Promise<string> =>
      (await refusal(await send({ ...FORM, repositories: name }, maker()))).replaceAll(name, 'NAME');
    expect(await refused('acme/vault')).toBe(await refused('acme/xxxxx'));
  });

  test('what the maker refuses is told with its remedy', async () => {
    const text = await refusal(
      await send(FORM, maker({ kind: 'refused', problem: 'Too many.', remedy: 'Try again in an hour.' })),
    );
    expect(text).toContain('Too many. Try again in an hour.');
  });

  test('the form has the token, and is sent by POST', async () => {
    const text = await textOf('/exports', { exports: maker() });
    expect(text).toMatch(/<form class="filter" method="post" action="\/audit\/exports"/);
    expect(text).toContain('<input type="hidden" name="csrf" value="token"');
  });

  test('where none can be made, the commands are there instead', async () => {
    const text = await textOf('/exports?from=2026-01-01&to=2026-07-01');
    expect(text).toContain('No package can be made from here.');
    expect(text).not.toContain('method="post"');
    expect(text).toContain('threatgate evidence --from 2026-01-01 --to 2026-07-01');
    expect(text).toContain('--repos acme/bank,acme/shop');
    expect(await send(FORM, undefined)).toMatchObject({ kind: 'page', status: 404 });
  });
});

describe('the page of a package', () => {
  test.each([
    ['w', true, 'Waits for its turn'],
    ['r', true, 'Being made'],
    ['d', false, `sha256:${'ab'.repeat(32)}`],
    ['f', false, 'Choose another period.'],
  ])('%s', async (id, refreshes, says) => {
    const answer = await ask(`/exports/${id}`, { exports: maker() });
    if (answer.kind !== 'page') throw new Error(answer.kind);
    const text = String(await answer.content);
    expect(answer.refreshSeconds !== undefined).toBe(refreshes);
    expect(text).toContain(says);
    expect(text).toContain('data-live');
    expect(text).not.toContain('<script');
    expect(text.includes('href="/audit/exports/d/package.zip"')).toBe(id === 'd');
    expect(text).toContain('--repos acme/shop');
  });

  test('is downloaded once it is there', async () => {
    const exports = maker();
    expect(await ask('/exports/d/package.zip', { exports })).toEqual({
      kind: 'download',
      name: 'evidence.zip',
      type: 'application/zip',
      body: new Uint8Array([1, 2]),
    });
    for (const address of ['/exports/r/package.zip', '/exports/nothing', '/exports/nothing/package.zip'])
      expect(await ask(address, { exports })).toMatchObject({ kind: 'page', status: 404 });
    expect(await ask('/exports/d')).toMatchObject({ kind: 'page', status: 404 });
  });
});
