import { afterAll, describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Verdict } from '../../src/core/model/verdict.ts';
import { outlineOf } from '../../src/core/report/outline.ts';
import { verdictSchema } from '../../src/core/report/verdict-schema.ts';
import {
  gitIn,
  removeTemporaryFolders,
  temporaryFolder,
  temporaryRepository,
} from '../local/temporary-repository.ts';
import { spawned, threatgate } from './command-line.ts';
import { ENFORCE, EXPORTS, MODEL, RECEIPTS, shop } from './shop.ts';

afterAll(removeTemporaryFolders);
/** Processes are started, and the machine may be busy. */
const at = ['--at', '2026-02-01T00:00:00Z'] as const;
const json = async (dir: string, ...args: readonly string[]): Promise<Verdict> => {
  const { out, err } = await threatgate(dir, 'check', '--format', 'json', ...at, ...args);
  expect(err).toBe('');
  return verdictSchema.parse(JSON.parse(out));
};

describe('exit codes', () => {
  test('0 and one line for a change that touches nothing', async () => {
    const repo = shop();
    repo.commit({ 'README.md': 'A nicer shop.\n' });
    const { code, out, err } = await threatgate(repo.dir, 'check');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.split('\n')).toHaveLength(2);
    expect(out).toContain('Nothing security-relevant changed: 1 changed file looked at');
  });

  test('1 for a new bucket that the model does not know, with the line to write', async () => {
    const repo = shop();
    repo.commit({ 'infra/exports.tf': EXPORTS });
    const { code, out } = await threatgate(repo.dir, 'check');
    expect(code).toBe(1);
    expect(out).toContain('infra/exports.tf:1');
    expect(out).toContain('In docs/threat-model.md (markdown)');
    expect(out).toContain('Resource: aws_s3_bucket.exports');
  });

  test('0 again once that line is written', async () => {
    const repo = shop();
    const row = '| Exports | data store | Order exports | Resource: `aws_s3_bucket.exports` |\n\n## Threats';
    repo.commit({ 'infra/exports.tf': EXPORTS, 'docs/threat-model.md': MODEL.replace('\n## Threats', row) });
    const { code, out } = await threatgate(repo.dir, 'check');
    expect(out).toContain('The model covers the change');
    expect(code).toBe(0);
  });

  test('0 in a repository that only observes, whatever is missing; --enforce overrides', async () => {
    const repo = shop(null);
    repo.commit({ 'infra/exports.tf': EXPORTS });
    const observed = await threatgate(repo.dir, 'check');
    expect(observed.code).toBe(0);
    expect(observed.out).toContain('What would be missing if this were enforced');
    expect((await threatgate(repo.dir, 'check', '--enforce')).code).toBe(1);
  });

  test.each([
    ['observing', null],
    ['enforcing', ENFORCE],
  ])('2 for a doubt that decides alone, %s', async (_, policy) => {
    const repo = shop(policy);
    repo.commit({ 'infra/storage.tf': 'resource "aws_s3_bucket" "receipts" {\n  bucket = \n' });
    const { code, out } = await threatgate(repo.dir, 'check');
    expect(code).toBe(2);
    expect(out).toMatch(/Could not be judged[\s\S]*infra\/storage\.tf:\d/);
  });

  test('2 for what is not there: no repository, no revision, no policy file', async () => {
    const repo = shop();
    for (const [dir, ...args] of [
      [temporaryFolder()],
      [repo.dir, '--head', 'nope'],
      [repo.dir, '--base', 'nope'],
      [repo.dir, '--policy', 'nope.yml'],
      [repo.dir, '--approvals', 'nope.json'],
    ] as const) {
      const { code, out, err } = await threatgate(dir, 'check', ...args);
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toMatch(/^.+\n {2}→ .+\n$/);
      expect(err).not.toContain('    at ');
    }
  });

  test('2 when the policy on the default branch has an error, with its place', async () => {
    const repo = shop('version: 1\nmode: enforce\nmodell: {}\n');
    repo.commit({ 'README.md': 'x\n' });
    const { code, out } = await threatgate(repo.dir, 'check');
    expect(code).toBe(2);
    expect(out).toContain('.github/threatgate.yml:3');
  });
});

test('pasting what it says, where it says, is enough', async () => {
  const repo = shop();
  repo.commit({ 'infra/exports.tf': EXPORTS });
  const [fix, ...others] = outlineOf(await json(repo.dir)).fixes;
  expect(others).toEqual([]);
  expect(fix).toMatchObject({ file: 'docs/threat-model.md', place: 'under the heading “Components”' });
  repo.write({
    'docs/threat-model.md': MODEL.replace('\n## Threats', `\n${fix?.snippet.join('\n')}\n\n## Threats`),
  });
  const { code, out } = await threatgate(repo.dir, 'check', '--worktree');
  expect({ code, out }).toMatchObject({
    code: 0,
    out: expect.stringContaining('The model covers the change'),
  });
});

describe('what is compared', () => {
  test('a pull request cannot bring its own rules', async () => {
    const repo = shop();
    repo.commit({ 'infra/exports.tf': EXPORTS, '.github/threatgate.yml': 'version: 1\nmode: observe\n' });
    const verdict = await json(repo.dir);
    expect(verdict.mode).toBe('enforce');
    expect(verdict.conclusion).toBe('failure');
  });

  test('a policy named on the command line applies, and the output says so', async () => {
    const repo = shop(null);
    repo.commit({ 'infra/exports.tf': EXPORTS });
    repo.write({ 'strict.yml': ENFORCE });
    const { code, out } = await threatgate(repo.dir, 'check', '--policy', 'strict.yml');
    expect(code).toBe(1);
    expect(out).toContain('strict.yml (given with --policy)');
  });

  test('the working tree: uncommitted and untracked files count, ignored ones do not', async () => {
    const repo = shop();
    repo.write({
      'infra/exports.tf': EXPORTS,
      'infra/more.tf': EXPORTS.replaceAll('exports', 'more'),
      '.gitignore': 'more.tf\n',
    });
    expect((await json(repo.dir)).facts).toEqual([]);
    const verdict = await json(repo.dir, '--worktree');
    expect(verdict.head).toBe('worktree');
    expect(new Set(verdict.facts.filter((f) => f.deciding).map((f) => f.address))).toEqual(
      new Set(['aws_s3_bucket.exports']),
    );
  });

  test('commit, working tree, bare clone and second worktree give the same bytes', async () => {
    const repo = shop();
    repo.commit({ 'infra/exports.tf': EXPORTS });
    const head = repo.git('rev-parse', 'HEAD');
    const bare = join(temporaryFolder(), 'shop.git');
    gitIn(repo.dir, 'clone', '--quiet', '--bare', repo.dir, bare);
    const second = join(temporaryFolder(), 'shop');
    repo.git('worktree', 'add', '--quiet', '--detach', second);
    const run = async (dir: string, ...args: readonly string[]): Promise<string> =>
      (await threatgate(dir, 'check', '--format', 'json', '--base', 'main', ...at, ...args)).out;
    const expected = await run(repo.dir);
    expect(expected.length).toBeGreaterThan(1000);
    expect(await run(repo.dir)).toBe(expected);
    expect(await run(bare, '--head', 'topic')).toBe(expected);
    expect(await run(second)).toBe(expected);
    expect((await run(repo.dir, '--worktree')).replace('"head": "worktree"', `"head": "${head}"`)).toBe(
      expected,
    );
  });

  test('the digest survives what does not matter and dies with what does', async () => {
    const repo = shop();
    repo.commit({ 'infra/exports.tf': EXPORTS });
    const { digest } = await json(repo.dir);
    repo.commit({ 'infra/exports.tf': `# moved down\n\n${EXPORTS}`, 'README.md': 'other words\n' });
    expect((await json(repo.dir)).digest).toBe(digest);
    repo.commit({ 'infra/more.tf': EXPORTS.replaceAll('exports', 'more') });
    expect((await json(repo.dir)).digest).not.toBe(digest);
  });

  test('a shallow history says how to fetch more', async () => {
    const repo = shop();
    repo.commit({ 'infra/exports.tf': EXPORTS });
    repo.git('checkout', '--quiet', 'main');
    repo.commit({ 'README.md': 'x\n' });
    const clone = join(temporaryFolder(), 'shallow');
    gitIn(repo.dir, 'clone', '--quiet', '--depth=1', '--no-single-branch', `file://${repo.dir}`, clone);
    const { code, err } = await threatgate(clone, 'check', '--base', 'origin/main', '--head', 'origin/topic');
    expect(code).toBe(2);
    expect(err).toContain('fetch-depth: 0');
  });

  test('an empty repository and a change against itself', async () => {
    const empty = await threatgate(temporaryRepository().dir, 'check', '--base', 'main');
    expect(empty).toMatchObject({ code: 2, err: expect.stringContaining('no commit yet') });
    const repo = shop();
    expect(await threatgate(repo.dir, 'check')).toMatchObject({
      code: 0,
      out: expect.stringContaining('0 changed files'),
    });
  });
});

describe('files that are no ordinary text', () => {
  test('links, submodules, large, binary and odd files are named, never followed, and withhold a pass', async () => {
    const repo = shop();
    repo.write({
      'infra/large.tf': new Uint8Array(20 * 1024 * 1024).fill(0x23),
      'infra/binary.tf': new Uint8Array([0x61, 0, 0x62]),
      'infra/latin.tf': new Uint8Array([0x23, 0xe9, 0x0a]),
      'infra/a "quoted"\nname.tf': EXPORTS,
    });
    symlinkSync('/etc/hostname', join(repo.dir, 'infra/link.tf'));
    repo.git('add', '--all');
    repo.git('update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},modules/sub.tf`);
    repo.git('commit', '--quiet', '-m', 'odd');
    const verdict = await json(repo.dir);
    const of = (code: string) => verdict.doubts.find((d) => d.code === code);
    expect(of('file-too-large')).toMatchObject({ file: 'infra/large.tf', weight: 'doubt' });
    expect(of('file-binary')).toMatchObject({ file: 'infra/binary.tf', weight: 'doubt' });
    expect(of('file-not-utf8')).toMatchObject({ file: 'infra/latin.tf', weight: 'doubt' });
    expect(of('file-is-symlink')).toMatchObject({ file: 'infra/link.tf', weight: 'doubt' });
    expect(of('file-is-submodule')).toMatchObject({ file: 'modules/sub.tf' });
    expect(verdict.conclusion).toBe('failure');
    expect(verdict.facts.some((f) => f.file === 'infra/a "quoted"\nname.tf')).toBe(true);
    const shown = await threatgate(repo.dir, 'check', '--verbose');
    expect(shown.out).toContain('a "quoted" name.tf');
  });
});

describe('output', () => {
  test('JSON, SARIF and Markdown; to a file when asked', async () => {
    const repo = shop();
    repo.commit({ 'infra/exports.tf': EXPORTS });
    const sarif = JSON.parse((await threatgate(repo.dir, 'check', '--format', 'sarif')).out) as {
      version: string;
    };
    expect(sarif.version).toBe('2.1.0');
    expect((await threatgate(repo.dir, 'check', '--format', 'markdown')).out).toMatch(/^## ❌ /);
    const written = await threatgate(repo.dir, 'check', '--format', 'json', '--output', 'out.json', ...at);
    expect(written).toMatchObject({ code: 1, out: '', err: expect.stringContaining('out.json') });
    expect(verdictSchema.parse(JSON.parse(readFileSync(join(repo.dir, 'out.json'), 'utf8'))).repository).toBe(
      'shop',
    );
    const nowhere = await threatgate(repo.dir, 'check', '--output', 'no/such/folder/x');
    expect(nowhere).toMatchObject({ code: 2, err: expect.stringContaining('could not be written') });
  });

  test('approvals are read strictly, and decide', async () => {
    const repo = shop('version: 1\nmode: enforce\napproval:\n  required: true\n  users: [bob]\n');
    const row = '| Exports | data store | Order exports | Resource: `aws_s3_bucket.exports` |\n\n## Threats';
    repo.commit({ 'infra/exports.tf': EXPORTS, 'docs/threat-model.md': MODEL.replace('\n## Threats', row) });
    const waiting = await json(repo.dir);
    expect(waiting.conclusion).toBe('action_required');
    const approval = {
      kind: 'approve',
      actor: { id: '7', login: 'bob' },
      at: '2026-01-31T10:00:00Z',
      digest: waiting.digest,
      eligible: true,
    };
    const file = join(temporaryFolder(), 'approvals.json');
    const decide = async (entry: object) => {
      writeFileSync(file, JSON.stringify({ entries: [entry] }));
      return threatgate(repo.dir, 'check', '--approvals', file, ...at);
    };
    expect((await decide(approval)).code).toBe(0);
    expect((await decide({ ...approval, digest: `sha256:${'0'.repeat(64)}` })).code).toBe(1);
    expect((await decide({ ...approval, eligible: 'yes' })).code).toBe(2);
    expect((await decide({ ...approval, elligible: true })).code).toBe(2);
    const carol = { id: '8', login: 'carol' };
    const said = async (document: object) => {
      writeFileSync(file, JSON.stringify(document));
      return threatgate(repo.dir, 'check', '--approvals', file, ...at);
    };
    const revoked = { ...approval, kind: 'revoke', actor: carol, target: approval.actor, role: 'write' };
    expect((await said({ entries: [approval, revoked] })).code).toBe(1);
    expect((await said({ entries: [approval, { ...revoked, eligible: false }] })).code).toBe(0);
    expect((await said({ entries: [{ ...approval, facts: ['x'] }], answers: [] })).code).toBe(0);
    expect((await said({ entries: [{ ...approval, target: 'bob' }] })).code).toBe(2);
  });

  test('answers are read strictly, and where the policy asks for them, decide', async () => {
    const repo = shop('version: 1\nmode: enforce\nquestions:\n  answers: required\n');
    const row = '| Exports | data store | Order exports | Resource: `aws_s3_bucket.exports` |\n\n## Threats';
    repo.commit({ 'infra/exports.tf': EXPORTS, 'docs/threat-model.md': MODEL.replace('\n## Threats', row) });
    const waiting = await json(repo.dir);
    expect([waiting.conclusion, waiting.title]).toEqual([
      'action_required',
      expect.stringContaining('waits for answers to'),
    ]);
    const answers = waiting.questions.map((q) => ({
      question: q.id,
      address: q.address,
      scope: q.scope,
      kind: 'control',
      actor: { id: '7', login: 'bob' },
      at: '2026-01-31T10:00:00Z',
      text: 'denied by policy',
    }));
    const file = join(temporaryFolder(), 'approvals.json');
    const said = async (given: readonly object[]) => {
      writeFileSync(file, JSON.stringify({ entries: [], answers: given }));
      return (await threatgate(repo.dir, 'check', '--approvals', file, ...at)).code;
    };
    expect(await said(answers)).toBe(0);
    expect(await said(answers.slice(1))).toBe(1);
    expect(await said(answers.map((a) => ({ ...a, kind: 'yes' })))).toBe(2);
    expect(await said(answers.map((a) => ({ ...a, extra: 1 })))).toBe(2);
  });

  test('a long name in attacker’s hands moves nothing on the terminal', async () => {
    const repo = shop();
    const name = '\u001b]0;owned\u0007\u202e::error::';
    repo.commit({ [`infra/${name}.tf`]: EXPORTS });
    const { out } = await threatgate(repo.dir, 'check', '--verbose');
    expect(out).toContain('<U+001B>');
    expect(out).not.toMatch(/[\u0007\u001b\u202e]/);
  });
});

test('nothing is written to the repository by a check', async () => {
  const repo = shop();
  repo.commit({ 'infra/storage.tf': RECEIPTS.replace('receipts"\n', 'other"\n') });
  const before = repo.git('status', '--porcelain', '--ignored');
  await threatgate(repo.dir, 'check', '--worktree');
  expect(repo.git('status', '--porcelain', '--ignored')).toBe(before);
  expect(existsSync(join(repo.dir, '.git/index.lock'))).toBe(false);
});

test('as a process of its own it says the same', async () => {
  const repo = shop();
  repo.commit({ 'infra/exports.tf': EXPORTS });
  expect(await spawned(repo.dir, 'check', '--format', 'json', ...at)).toEqual(
    await threatgate(repo.dir, 'check', '--format', 'json', ...at),
  );
});
