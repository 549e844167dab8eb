import { afterAll, expect, test } from '@jest/globals';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildRepository, checkPullRequest, runDemo } from '../scripts/demo.ts';
import { PARTS } from '../src/audit/parts.ts';
import { commands } from '../src/cli/commands/index.generated.ts';
import { FACT_RULES } from '../src/core/explain/rules.ts';
import { WAYS } from '../src/core/model/audit.ts';
import { CATEGORIES } from '../src/core/model/fact.ts';
import { RECORD_KINDS } from '../src/core/model/record.ts';
import { NAVIGATION } from '../src/web/layout/navigation.ts';
import { PAGES } from '../src/web/pages/index.ts';
import { BASE } from '../src/web/paths.ts';
import { removeTemporaryFolders, temporaryFolder } from './local/temporary-repository.ts';

afterAll(removeTemporaryFolders);
/** Processes are started, and the machine may be busy. */
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const pagesIn = (folder: string): readonly string[] =>
  readdirSync(join(root, folder)).flatMap((name) => (name.endsWith('.md') ? [`${folder}/${name}`] : []));
const DOCUMENTS = [
  'README.md',
  'CONTRIBUTING.md',
  ...['docs', 'docs/guides', 'docs/decisions', 'docs/reference'].flatMap(pagesIn),
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
    const shown = await (SHOWN.get(branch) ?? ((): Promise<string> => theCommand(dir, branch)))();
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

let demo: Promise<string> | undefined;
/** Played once, however much of it is shown. */
async function partOfDemo(part: RegExp): Promise<string> {
  demo ??= runDemo();
  const [, told = ''] = part.exec(await demo) ?? [];
  return told;
}

/** Parts of the demo by the name of their block. */
const SHOWN: ReadonlyMap<string, () => Promise<string>> = new Map([
  // What people do and what the check comes to; in which order the first looks were recorded is left to chance.
  ['app', () => partOfDemo(/and the App\n\n([\s\S]*?)What is on record by now/)],
  ['auditor', () => partOfDemo(/(\$ threatgate evidence [\s\S]*?)\nWith `npm run demo/).then(masked)],
]);

/** Without what is another one each time: digests, the key, the folder, the year in which it is played. */
const masked = (told: string): string =>
  told
    .replaceAll(/sha256:[0-9a-f]{64}/g, 'sha256:…')
    .replaceAll(/key [0-9a-f]{16}/g, 'key …')
    .replaceAll(/trusted by \S*\/(?=signing\.pem\.pub)/g, 'trusted by ')
    .replaceAll(/\b20\d\d-01-01(?=T\S+ to | --to )/g, '2026-01-01')
    .replaceAll(/(?<=to )20\d\d-01-01/g, '2027-01-01');

test.each(DOCUMENTS)(
  '%s: links lead somewhere, commands, options, scripts and rules exist',
  async (document) => {
    const text = read(document);
    for (const [, target = '', anchor = ''] of text.matchAll(/\]\(([^)#\s]*)(?:#([^)\s]+))?\)/g))
      if (!/^https?:/.test(target)) {
        const leads = target === '' ? join(root, document) : join(root, dirname(document), target);
        expect({ target, exists: existsSync(leads) }).toEqual({ target, exists: true });
        if (anchor !== '') expect(anchorsIn(leads)).toContain(anchor);
      }
    const options = new Map<string, readonly string[]>();
    for (const { name, load } of commands) options.set(name, Object.keys((await load()).options));
    for (const [, name = '', rest = ''] of text.matchAll(/(?<!\/)threatgate ([a-z-]+)((?: [^`\n|#]*)?)/g)) {
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

/** Headings of a page, as GitHub makes anchors of them. */
const anchorsIn = (file: string): readonly string[] =>
  [...readFileSync(file, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w -]/g, '')
      .replaceAll(' ', '-'),
  );

/** `/audit/OWNER/NAME/pull/12` → the path of its route, with any word for what stands for something. */
const pageOf = (address: string): string | undefined => {
  const parts = address.slice(BASE.length).split('/').slice(1);
  return PAGES.map(({ path }) => path).find((path) => {
    const route = path.split('/').slice(1).filter(Boolean);
    return (
      route.length === parts.length && route.every((word, i) => word.startsWith(':') || word === parts[i])
    );
  });
};

test('the guide to the pages names each of them', () => {
  const table = /<!-- pages -->([\s\S]*?)<!-- \/pages -->/.exec(read('docs/guides/auditor-pages.md'))?.[1];
  const rows = [...(table ?? '').matchAll(/^\| `([^`]+)` \|/gm)].map(([, address = '']) => address);
  for (const address of rows)
    expect({ address, page: pageOf(address) }).not.toMatchObject({ page: undefined });
  for (const [path] of NAVIGATION) expect(rows).toContain(`${BASE}${path === '/' ? '' : path}`);
  expect(rows.map(pageOf)).toHaveLength(new Set(rows.map(pageOf)).size);
});

test('the checklist has every row, and what it names is there', () => {
  const text = read('docs/reference/checklist.md');
  const ids = [...text.matchAll(/^\| ([PMV]\d\d) \|/gm)].map(([, id = '']) => id);
  const upTo = (letter: string, last: number): readonly string[] =>
    Array.from({ length: last }, (_, i) => `${letter}${String(i + 1).padStart(2, '0')}`);
  expect(ids).toEqual([...upTo('P', 23), ...upTo('M', 20), ...upTo('V', 18)]);
  const keys = [...read('docs/reference/policy.md').matchAll(/^\| `([^`]+)` \|/gm)].map(
    ([, key = '']) => key,
  );
  const words = new Set<string>([
    ...WAYS,
    ...RECORD_KINDS,
    ...CATEGORIES,
    ...keys,
    ...PARTS.map(({ name }) => name),
  ]);
  // Columns of tables, what people write, and the answer that begins so.
  const others = ['recorded_at', 'status', 'justification', 'Incident: INC-7', 'control:', 'ticket'];
  for (const [, named = ''] of text.matchAll(/(?<!\[)`([^`]+)`/g)) {
    if (named.startsWith('threatgate ') || others.includes(named)) continue;
    if (named.startsWith(BASE)) expect({ named, page: pageOf(named) }).not.toMatchObject({ page: undefined });
    else expect([...words]).toContain(named.replace(/: \w+$/, ''));
  }
});

test('the map in CONTRIBUTING names folders that exist', () => {
  const map = /## The map\n\n```\n([\s\S]*?)```/.exec(read('CONTRIBUTING.md'))?.[1] ?? '';
  const folders = [...map.matchAll(/^( +)([a-z-]+)\//gm)];
  expect(folders.length).toBeGreaterThan(10);
  for (const [, indent = '', folder = ''] of folders)
    expect({
      folder,
      exists: existsSync(join(root, 'src', indent.length > 2 ? 'core' : '', folder)),
    }).toEqual({ folder, exists: true });
});
