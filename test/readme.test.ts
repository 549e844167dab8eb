import { afterAll, expect, test } from '@jest/globals';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildRepository, checkPullRequest, runDemo } from '../scripts/demo.ts';
import { commands } from '../src/cli/commands/index.generated.ts';
import { FACT_RULES } from '../src/core/explain/rules.ts';
import { removeTemporaryFolders, temporaryFolder } from './local/temporary-repository.ts';

afterAll(removeTemporaryFolders);
/** Processes are started, and the machine may be busy. */
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const DOCUMENTS = [
  'README.md',
  'CONTRIBUTING.md',
  'docs/guides/developer.md',
  'docs/guides/reviewer.md',
  'docs/guides/admin.md',
  'docs/guides/action.md',
  'docs/guides/auditor.md',
];
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** Any output shown in the README is what the demo gives; `UPDATE_GOLDEN=1` writes it. */
test('the outputs in the README are real', async () => {
  const dir = join(temporaryFolder(), 'orchard');
  mkdirSync(dir);
  buildRepository(dir);
  const old = read('README.md');
  const blocks = [...old.matchAll(/<!-- demo: (\S+) -->\n```text\n[\s\S]*?```\n<!-- \/demo -->/g)];
  expect(blocks.length).toBeGreaterThanOrEqual(2);
  let fresh = old;
  for (const [block, branch = ''] of blocks) {
    const shown = branch === 'app' ? await theApp() : await theCommand(dir, branch);
    fresh = fresh.replace(
      block,
      () => `<!-- demo: ${branch} -->\n\`\`\`text\n${shown}\`\`\`\n<!-- /demo -->`,
    );
  }
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(join(root, 'README.md'), fresh);
  expect(read('README.md')).toBe(fresh);
});

async function theCommand(dir: string, branch: string): Promise<string> {
  const { text } = await checkPullRequest(dir, branch, { columns: 100, colour: false });
  return `$ threatgate check --base main --head ${branch}\n${text}`;
}

/** What people do and what the check comes to; in which order the first looks were recorded is left to chance. */
async function theApp(): Promise<string> {
  const out = await runDemo();
  const [, told = ''] = /and the App\n\n([\s\S]*?)What is on record by now/.exec(out) ?? [];
  return told;
}

test.each(DOCUMENTS)(
  '%s: links lead somewhere, commands, options, scripts and rules exist',
  async (document) => {
    const text = read(document);
    for (const [, target = ''] of text.matchAll(/\]\(([^)#]+)\)/g))
      if (!/^https?:/.test(target))
        expect({ target, exists: existsSync(join(root, dirname(document), target)) }).toEqual({
          target,
          exists: true,
        });
    const options = new Map<string, readonly string[]>();
    for (const { name, load } of commands) options.set(name, Object.keys((await load()).options));
    for (const [, name = '', rest = ''] of text.matchAll(/(?<!\/)threatgate ([a-z]+)((?: [^`\n|#]*)?)/g)) {
      if (!options.has(name)) expect(['keeps', 'looks', 'speaks', 'for', 'in', 'on']).toContain(name);
      else
        for (const [, option = ''] of rest.matchAll(/--([a-z-]+)/g))
          expect(options.get(name)).toContain(option);
    }
    for (const [, id = ''] of text.matchAll(/explain ([a-z-]+\/[a-z-]+)/g))
      expect([...FACT_RULES.keys()]).toContain(id);
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    for (const [, script = ''] of text.matchAll(/npm run ([a-z:]+)/g))
      expect(Object.keys(scripts)).toContain(script);
  },
);

test('the map in CONTRIBUTING names folders that exist', () => {
  const map = /## The map\n\n```\n([\s\S]*?)```/.exec(read('CONTRIBUTING.md'))?.[1] ?? '';
  const folders = [...map.matchAll(/^( +)([a-z]+)\//gm)];
  expect(folders.length).toBeGreaterThan(10);
  for (const [, indent = '', folder = ''] of folders)
    expect({
      folder,
      exists: existsSync(join(root, 'src', indent.length > 2 ? 'core' : '', folder)),
    }).toEqual({ folder, exists: true });
});
