import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { linesOfTable, POPULATION_TABLE } from '../../src/audit/csv.ts';
import { populationOf } from '../../src/core/audit/population.ts';
import { sampleOf } from '../../src/core/audit/sample.ts';
import { WAYS } from '../../src/core/model/audit.ts';
import { drawCommand, evidenceCommand } from '../../src/web/pages/population-commands.ts';
import { MOST_ROWS } from '../../src/web/pages/population-csv.ts';
import { temporaryFolder } from '../local/temporary-repository.ts';
import { ask, contextOf, textOf } from './pages2-context.ts';
import { sampleRecords, VAULT } from './pages2-sample.ts';

const YEAR = 'from=2026-01-01&to=2027-01-01';
const population = populationOf(
  sampleRecords().filter((r) => r.repository.id !== VAULT.id),
  { from: '2026-01-01T00:00:00.000Z', to: '2027-01-01T00:00:00.000Z' },
);

async function download(address: string): Promise<string> {
  const answer = await ask(address);
  if (answer.kind !== 'download' || typeof answer.body !== 'string')
    throw new Error(`${address} is no text but a ${answer.kind}`);
  return answer.body;
}

const idsIn = (csv: string): readonly string[] =>
  csv
    .trimEnd()
    .split('\r\n')
    .slice(1)
    .map((line) => /^"([^"]*)"/.exec(line)?.[1] ?? '');

describe('counts', () => {
  test('of every way stand there, and add up to the whole', async () => {
    const text = await textOf(`/population?${YEAR}`);
    const rows = [
      ...text.matchAll(/class="number" data-title="Changes"><span class="cell">(?:<a [^>]*>)?(\d+)/g),
    ].map((m) => Number(m[1]));
    expect(rows).toEqual([...WAYS.map((way) => population.counts[way]), population.changes.length]);
    expect(rows.slice(0, -1).reduce((a, b) => a + b, 0)).toBe(rows.at(-1));
  });

  test('are of all ways whichever are listed, and the list is of those', async () => {
    const text = await textOf(`/population?${YEAR}&way=bypassed&way=waived`);
    expect(text).toContain(`>${population.changes.length}</a>`);
    expect(text).toContain(`${population.counts.bypassed + population.counts.waived} changes</span>`);
  });

  test('of a period without anything say so', async () => {
    expect(await textOf('/population?from=2020-01-01&to=2020-02-01')).toContain(
      'No change on record matches.',
    );
  });
});

describe('samples', () => {
  test('are drawn as a package draws them, in the order of the draw', async () => {
    const text = await textOf(`/population?${YEAR}&size=7&seed=our+words`);
    const drawn = sampleOf(population.changes, 7, 'our words');
    expect(text).toContain(`7 changes of ${population.changes.length} drawn`);
    for (const change of drawn.filter((c) => c.pullRequest !== undefined))
      expect(text).toContain(`>${change.id}<`);
    expect(idsIn(await download(`/population.csv?${YEAR}&size=7&seed=our+words`))).toEqual(
      drawn.map((c) => c.id),
    );
  });

  test('can be drawn again from the downloaded table by the commands that are shown', async () => {
    const seed = `it's "ours" $(touch x) \\n`;
    const query = new URLSearchParams({ from: '2026-01-01', to: '2027-01-01', size: '5', seed });
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'population.csv'), await download(`/population.csv?${YEAR}`));
    const printed = execFileSync('bash', ['-c', drawCommand({ size: 5, seed }, 'population.csv')], {
      cwd: folder,
    });
    const ids = printed
      .toString()
      .trim()
      .split('\n')
      .map((line) => line.slice(66));
    expect([...ids].sort()).toEqual([...idsIn(await download(`/population.csv?${query.toString()}`))].sort());
  });

  test('of some repositories only name these in the command for a package', async () => {
    const text = await textOf(`/population?${YEAR}&size=5&seed=x`);
    expect(text).toContain('--repos acme/bank,acme/shop');
    const all = await textOf(`/population?${YEAR}&size=5&seed=x`, {
      viewer: { login: '', id: undefined, role: 'local', scope: { kind: 'all' }, notices: [] },
    });
    expect(all).not.toContain('--repos');
  });

  test('of what filters leave offer no command that would draw from everything', async () => {
    const text = await textOf(`/population?${YEAR}&size=5&seed=x&way=gated`);
    expect(text).toContain('can be drawn from the downloaded table only');
    expect(text).not.toContain('threatgate evidence');
  });

  test('more than there are is all there are', async () => {
    expect(idsIn(await download(`/population.csv?${YEAR}&size=500&seed=x`))).toHaveLength(
      population.changes.length,
    );
  });
});

describe('the table', () => {
  test('is that of a package', async () => {
    const wanted = [...linesOfTable(POPULATION_TABLE, population.changes)].join('\r\n');
    expect(await download(`/population.csv?${YEAR}`)).toBe(`${wanted}\r\n`);
  });

  test('has what the filters leave', async () => {
    const ids = idsIn(
      await download(
        `/population.csv?${YEAR}&way=bypassed&repository=ACME/shop&category=external-dependency`,
      ),
    );
    const wanted = population.changes.filter(
      (c) => c.way === 'bypassed' && c.repository.name === 'acme/shop',
    );
    expect(ids).toEqual(wanted.map((c) => c.id));
    expect(ids.length).toBeGreaterThan(0);
  });

  test('ends with a reason when there are too many, after no more than were needed to know', async () => {
    const [change] = population.changes;
    if (!change) throw new Error('The sample has no change.');
    let asked = 0;
    const endless = {
      ...contextOf(new URL('https://gate.example/audit/population.csv')).view,
      changes: () => {
        asked += 1;
        return Promise.resolve({
          items: Array<typeof change>(500).fill(change),
          next: '1.2.3.4',
          total: { count: 10_000, more: true },
        });
      },
    };
    const answer = await ask(`/population.csv?${YEAR}`, { view: endless });
    expect(answer).toMatchObject({ kind: 'page', status: 400 });
    expect(asked).toBe(MOST_ROWS / 500 + 1);
    expect(answer.kind === 'page' && String(await answer.content)).toContain(
      'More than 20,000 changes match',
    );
  });
});

test('words of others in a command stay words', () => {
  expect(
    evidenceCommand({
      period: { from: '2026-01-01T00:00:00.000Z', to: '2026-02-01T12:00:00.000Z' },
      repositories: ['acme/shop'],
      sample: { size: 3, seed: `'; rm -rf / #` },
      output: 'out',
    }),
  ).toBe(
    `threatgate evidence --from 2026-01-01 --to 2026-02-01T12:00:00.000Z --output out \\
  --repos acme/shop \\
  --sample 3 --seed ''\\''; rm -rf / #' \\
  --database "$DATABASE_URL"`,
  );
});
