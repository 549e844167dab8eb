import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PARTS } from '../../src/audit/parts.ts';
import { keyIdOf } from '../../src/audit/keys.ts';
import { run } from '../../src/cli/run.ts';
import { WAY_MEANINGS } from '../../src/core/audit/way-meanings.ts';
import { WAYS } from '../../src/core/model/audit.ts';
import { removeTemporaryFolders, temporaryFolder } from '../local/temporary-repository.ts';
import { makeLedger } from './samples.ts';

const GUIDE = join(import.meta.dirname, '../../docs/guides/auditor.md');
const guide = (): string => readFileSync(GUIDE, 'utf8');
const section = (name: string): RegExp => new RegExp(`(<!-- ${name} -->\\n)([^]*?)(<!-- /${name} -->)`);
const shownIn = (name: string): string => section(name).exec(guide())?.[2] ?? '';
/** First cells of the rows of a table. */
const rowsOf = (name: string): readonly string[] =>
  [...shownIn(name).matchAll(/^\| `([^`]+)` \|/gm)].map(([, cell = '']) => cell);

let cwd: string;

/** The same key each time, so that its fingerprint in the guide stays. */
const key = createPrivateKey({
  key: Buffer.concat([
    Buffer.from('302e020100300506032b657004220420', 'hex'),
    createHash('sha256').update('The key of the guide').digest(),
  ]),
  format: 'der',
  type: 'pkcs8',
});

beforeAll(async () => {
  cwd = temporaryFolder();
  writeFileSync(join(cwd, 'signing.pem'), key.export({ type: 'pkcs8', format: 'pem' }));
  writeFileSync(join(cwd, 'signing.pem.pub'), createPublicKey(key).export({ type: 'spki', format: 'pem' }));
  mkdirSync(join(cwd, 'data'));
  await makeLedger({ file: join(cwd, 'data', 'threatgate.sqlite') });
});
afterAll(removeTemporaryFolders);

/** What the guide shows is what its commands say, played one after the other; `UPDATE_GOLDEN=1` writes it. */
test.each(['evidence', 'verify', 'draw', 'heads'])('the output of %s is real', async (name) => {
  await expectReal(name);
});

test('the tables of the guide name every file of a package, and every way', () => {
  const rows = PARTS.map(({ name, about }) => `| \`${name}\` | ${about} |\n`);
  expectShown('files', `\n| File | What it holds |\n| --- | --- |\n${rows.join('')}\n`);
  expect([...rowsOf('files')].sort()).toEqual(readdirSync(join(cwd, 'sample-2026')).sort());
  const ways = WAY_MEANINGS.map(([way, meaning]) => `| \`${way}\` | ${meaning} |\n`);
  expectShown('ways', `\n| Way | What it means |\n| --- | --- |\n${ways.join('')}\n`);
  expect([...rowsOf('ways')].sort()).toEqual([...WAYS].sort());
});

const byHand = ['bash', 'openssl', 'jq', 'sha256sum'].every((tool) => !spawnSync(tool, ['--version']).error)
  ? test
  : test.skip;

byHand('digests, signature and fingerprint can be checked without us', () => {
  const said = played('by-hand').trim().split('\n');
  const names = readdirSync(join(cwd, 'evidence-2026')).filter((name) => !name.startsWith('manifest.'));
  expect(said).toEqual([
    keyIdOf(createPublicKey(key)),
    ...names.sort().map((name) => `${name}: OK`),
    'Signature Verified Successfully',
  ]);
});

byHand('a sample drawn by hand is the one that we draw', () => {
  const drawn = played('sample').trim().split('\n');
  const rows = readFileSync(join(cwd, 'sample-2026/sample.csv'), 'utf8').trim().split('\r\n').slice(1);
  const cells = rows.map((row) => row.slice(1, -1).split('","'));
  expect(cells).toHaveLength(3);
  expect(cells.map(([, rank, change]) => `${rank ?? ''}  ${change ?? ''}`).sort()).toEqual(drawn);
});

/** Last, because the package is broken afterwards. */
test('what is altered is found as the guide says', async () => {
  await expectReal('broken');
});

test('links to sections lead somewhere', () => {
  for (const [, file = '', anchor] of guide().matchAll(/\]\(([^)#]*)#([^)]+)\)/g)) {
    const text = readFileSync(file === '' ? GUIDE : join(dirname(GUIDE), file), 'utf8');
    const anchors = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\w -]/g, '')
        .replaceAll(' ', '-'),
    );
    expect(anchors).toContain(anchor);
  }
});

async function expectReal(name: string): Promise<void> {
  const commands = [...shownIn(name).matchAll(/^\$ ((?:.*\\\n)*.*)$/gm)].map(([, command = '']) => command);
  expect(commands.length).toBeGreaterThan(0);
  let fresh = '';
  for (const command of commands) fresh += `$ ${command}\n${masked(await outputOf(command))}`;
  expectShown(name, `\`\`\`text\n${fresh}\`\`\`\n`);
}

function expectShown(name: string, content: string): void {
  if (process.env['UPDATE_GOLDEN'] === '1')
    writeFileSync(
      GUIDE,
      guide().replace(section(name), (_, from: string, __, to: string) => from + content + to),
    );
  expect(shownIn(name)).toBe(content);
}

async function outputOf(command: string): Promise<string> {
  const [tool, ...args] = command.split(/[\s\\]+/);
  if (tool !== 'threatgate') return execFileSync('sh', ['-c', command], { cwd, encoding: 'utf8' });
  const said: string[] = [];
  const tell = (text: string): void => void said.push(text);
  const now = (): string => '2027-01-15T09:00:00.000Z';
  await run(args, { out: tell, err: tell, cwd, columns: 100, colour: false, now });
  return said.join('');
}

/** Digests are shortened; that of the package is left out, because it changes with every version of the rules. */
const masked = (text: string): string =>
  text
    .replaceAll(/^(Package | {2})sha256:[0-9a-f]{64}/gm, '$1sha256:…')
    .replaceAll(/(sha256:[0-9a-f]{10})[0-9a-f]{54}/g, '$1…')
    .replaceAll(cwd, '/audit');

/** A script of the guide, as it stands there. */
function played(name: string): string {
  const [, script = ''] = /^```sh\n([^]*?)^```$/m.exec(shownIn(name)) ?? [];
  return execFileSync('bash', ['-euo', 'pipefail', '-c', script], { cwd, encoding: 'utf8' });
}
