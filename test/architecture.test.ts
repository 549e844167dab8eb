import { afterAll, describe, expect, test } from '@jest/globals';
import { Linter } from 'eslint';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Seeded violations of docs/architecture.md: the tools must find each of them, or they guard nothing. */
const root = join(import.meta.dirname, '..');
const { IMPURE } = (await import(join(root, 'eslint.config.js'))) as {
  IMPURE: readonly { selector: string; message: string }[];
};
const dir = mkdtempSync(join(tmpdir(), 'threatgate-architecture-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function tree(files: Readonly<Record<string, string>>): string {
  const at = mkdtempSync(join(dir, 'tree-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(at, path)), { recursive: true });
    writeFileSync(join(at, path), text);
  }
  for (const config of ['.dependency-cruiser.cjs', 'tsconfig.json', 'package.json'])
    copyFileSync(join(root, config), join(at, config));
  mkdirSync(join(at, 'src/core'), { recursive: true });
  copyFileSync(join(root, 'src/core/tsconfig.json'), join(at, 'src/core/tsconfig.json'));
  symlinkSync(join(root, 'node_modules'), join(at, 'node_modules'));
  return at;
}

const run = (cwd: string, tool: string, ...args: readonly string[]): { code: number | null; out: string } => {
  const done = spawnSync(process.execPath, [join(root, 'node_modules', tool), ...args], {
    cwd,
    encoding: 'utf8',
  });
  return { code: done.status, out: done.stdout + done.stderr };
};
const cruise = (at: string): ReturnType<typeof run> =>
  run(at, 'dependency-cruiser/bin/dependency-cruise.mjs', '--config', '.dependency-cruiser.cjs', 'src');

const one = 'export const one = 1;\n';
const seeds: readonly [rule: string, from: string, to: string, typeOnly?: boolean][] = [
  ['core-is-pure', 'src/core/assess.ts', 'src/review/gather.ts'],
  ['core-is-pure', 'src/core/assess.ts', 'src/local/git.ts', true],
  ['model-imports-nothing', 'src/core/model/fact.ts', 'src/core/diff/diff.ts'],
  ['values-know-only-nouns', 'src/core/values/value.ts', 'src/core/graph/build.ts'],
  ['syntax-knows-no-stage', 'src/core/syntax/hcl.ts', 'src/core/readers/terraform.ts'],
  ['readers-are-alone', 'src/core/readers/terraform.ts', 'src/core/readers/kubernetes.ts'],
  ['detectors-are-alone', 'src/core/detectors/exposure.ts', 'src/core/detectors/network.ts'],
  ['detectors-detect', 'src/core/detectors/exposure.ts', 'src/core/readers/terraform.ts'],
  ['formats-are-alone', 'src/core/formats/otm.ts', 'src/core/formats/markdown.ts'],
  ['report-renders', 'src/core/report/terminal.ts', 'src/core/verdict/decide.ts'],
  ['review-knows-core', 'src/review/gather.ts', 'src/cli/main.ts'],
  ['local-is-an-adapter', 'src/local/git.ts', 'src/cli/main.ts'],
  ['store-is-an-adapter', 'src/store/ledger.ts', 'src/github/client.ts'],
  ['audit-reads-the-trail', 'src/audit/sheets.ts', 'src/github/client.ts'],
  ['web-shows-the-trail', 'src/web/browse.ts', 'src/cli/main.ts'],
  ['pages-ask-the-view', 'src/web/pages/overview.ts', 'src/store/ledger.ts'],
  ['rebuild-fills-in', 'src/rebuild/past.ts', 'src/audit/sheets.ts'],
  ['retention-removes', 'src/retention/holds.ts', 'src/cli/main.ts'],
  ['hand-over-sends-files', 'src/hand-over/send.ts', 'src/github/client.ts'],
  ['commands-call-use-cases', 'src/cli/commands/hold.ts', 'src/store/ledger.ts'],
  ['cli-is-a-shell', 'src/cli/main.ts', 'src/audit/sheets.ts'],
];

describe('who may import whom', () => {
  test('every seeded violation is found under its own name', () => {
    const files: Record<string, string> = {};
    for (const [, from, to, typeOnly] of seeds) {
      const path = relative(from, to);
      files[to] ??= one;
      files[from] =
        `${files[from] ?? one}import ${typeOnly ? 'type ' : ''}{ one as _${Object.keys(files).length} } from '${path}';\n`;
    }
    const { code, out } = cruise(tree(files));
    expect(code).toBeGreaterThan(0);
    for (const [rule, from, to] of seeds)
      expect(out).toMatch(new RegExp(`${rule}: ${from} → ${to}`.replaceAll('.', '\\.')));
  });

  test('a Node module in the core is found', () => {
    const { out } = cruise(
      tree({
        'src/core/assess.ts': "import { readFileSync } from 'node:fs';\nexport const read = readFileSync;\n",
      }),
    );
    expect(out).toContain('core-has-no-node: src/core/assess.ts → fs');
  });

  test('the tree itself is clean, and was seen', () => {
    const { code, out } = cruise(root);
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(/no dependency violations found \((\d{3,}) modules/),
    ]);
  });
});

test.each([
  'process.exit(1)',
  "fetch('https://example.com')",
  "console.log('x')",
  'setTimeout(() => 1, 1)',
  'crypto.randomUUID()',
  "new URL('https://example.com')",
])('the core does not compile with %s', (code) => {
  const at = tree({ 'src/core/bad.ts': `export const bad = () => ${code};\n` });
  expect(run(at, 'typescript/bin/tsc', '-p', 'src/core')).toMatchObject({
    code: 2,
    out: expect.stringContaining('Cannot find name'),
  });
});

test.each(['Date.now()', 'new Date()', 'Math.random()', "'a'.localeCompare('b')", '(1).toLocaleString()'])(
  'lint refuses %s in the core',
  (code) => {
    const found = new Linter().verify(`export const bad = () => ${code};`, [
      { rules: { 'no-restricted-syntax': ['error', ...IMPURE] } },
    ]);
    expect(found.map((m) => m.ruleId)).toEqual(['no-restricted-syntax']);
  },
);

test('lint lets a date made from an argument be', () => {
  const found = new Linter().verify('export const good = (at) => new Date(at).getTime();', [
    { rules: { 'no-restricted-syntax': ['error', ...IMPURE] } },
  ]);
  expect(found).toEqual([]);
});

function relative(from: string, to: string): string {
  const a = dirname(from).split('/');
  const b = to.split('/');
  while (a.length > 0 && a[0] === b[0]) {
    a.shift();
    b.shift();
  }
  return `${a.map(() => '../').join('') || './'}${b.join('/')}`;
}
