import { expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRegistration } from '../../src/app/manifest.ts';
import { createMetrics, watchBacklog } from '../../src/app/metrics.ts';
import { VARIABLES } from '../../src/app/variables.ts';
import { openStore } from '../../src/store/open-store.ts';
import { removeTemporaryFolders, temporaryFolder } from '../local/temporary-repository.ts';

const root = join(import.meta.dirname, '../..');
const file = join(root, 'docs/guides/admin.md');
const section = (name: string): RegExp => new RegExp(`(<!-- ${name} -->\\n)([^]*?)(<!-- /${name} -->)`);
const cell = (text: string): string => text.replaceAll('|', '\\|');

/** Compares a part of the guide with what it has to be; `UPDATE_GOLDEN=1` writes it. */
function expectSection(name: string, content: string): void {
  const guide = readFileSync(file, 'utf8');
  const [, , found] = section(name).exec(guide) ?? [];
  if (process.env['UPDATE_GOLDEN'] === '1')
    writeFileSync(
      file,
      guide.replace(section(name), (_, from: string, __, to: string) => from + content + to),
    );
  else expect(found).toBe(content);
}

function table(head: readonly [string, string, ...string[]], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |\n`;
  return `\n${line(head)}${line(head.map(() => '---'))}${rows.map(line).join('')}\n`;
}

test('the settings are those that are read', () => {
  const rows = VARIABLES.map((v) => [`\`${v.name}\``, v.default, v.about]);
  expectSection('settings', table(['Variable', 'Default', 'What it is'], rows));
});

test('the metrics are those that are counted', async () => {
  const metrics = createMetrics();
  watchBacklog(
    metrics,
    () => Promise.resolve({ waiting: 0, leased: 0 }),
    () => '2026-02-01T00:00:00.000Z',
  );
  const all = await metrics.registry.getMetricsAsJSON();
  expectSection(
    'metrics',
    table(
      ['Metric', 'What it counts'],
      all.map(({ name, help }) => [`\`${name}\``, help]),
    ),
  );
  for (const [name] of readFileSync(file, 'utf8').matchAll(/threatgate_[a-z_]+/g))
    expect(all.map((m) => m.name)).toContain(name);
});

test('the permissions are those of app.yml, in its own words', () => {
  const lines = readFileSync(join(root, 'app.yml'), 'utf8').split('\n');
  const rows = Object.entries(readRegistration().default_permissions).map(([name, level]) => {
    const at = lines.findIndex((line) => line.trim() === `${name}: ${level}`);
    return [name.replaceAll('_', ' '), level, (lines[at - 1] ?? '').replace(/^ *# /, '')];
  });
  expectSection('permissions', table(['Permission', 'Level', 'Why'], rows));
});

test('the backup can be restored', async () => {
  const folder = temporaryFolder();
  const store = await openStore({ file: join(folder, 'threatgate.sqlite') });
  const work = { installation: 1, subject: { kind: 'installation' } } as const;
  const delivery = { guid: 'kept', event: 'push', action: '', work, signals: [] };
  await store.accept([delivery], '2026-02-01T00:00:00.000Z');
  const [, , shown = ''] = section('backup').exec(readFileSync(file, 'utf8')) ?? [];
  const command = shown
    .split('\n')
    .filter((line) => !line.startsWith('```'))
    .join('\n');
  execFileSync('sh', ['-c', command], {
    env: { PATH: `${join(process.execPath, '..')}:${process.env['PATH'] ?? ''}`, DATA_DIR: folder },
    stdio: 'pipe',
  });
  await store.close();
  const copy = await openStore({ file: join(folder, 'threatgate.sqlite.backup') });
  expect([...(await copy.accepted(['kept']))]).toEqual(['kept']);
  await copy.close();
  removeTemporaryFolders();
});
