import { afterAll, expect, test } from '@jest/globals';
import { existsSync, lstatSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Verdict } from '../../src/core/model/verdict.ts';
import { parsePolicy } from '../../src/core/policy/parse.ts';
import { writeStarterPolicy } from '../../src/core/starter/starter-policy.ts';
import {
  removeTemporaryFolders,
  temporaryFolder,
  temporaryRepository,
} from '../local/temporary-repository.ts';
import { threatgate } from './command-line.ts';
import { EXPORTS, MODEL, RECEIPTS, shop } from './shop.ts';

afterAll(removeTemporaryFolders);
/** Processes are started, and the machine may be busy. */
const POLICY = '.github/threatgate.yml';
const STARTER = 'docs/threat-model.md';

const SYSTEM = {
  'infra/prod/storage.tf': RECEIPTS + EXPORTS,
  'infra/test/storage.tf': RECEIPTS,
  'infra/prod/network.tf':
    'resource "aws_security_group" "api" {\n  ingress {\n    from_port = 443\n    to_port = 443\n    protocol = "tcp"\n    cidr_blocks = ["10.0.0.0/8"]\n  }\n}\n',
  'infra/prod/compute.tf':
    'resource "aws_instance" "api" {\n  vpc_security_group_ids = [aws_security_group.api.id]\n  user_data = aws_s3_bucket.exports.bucket\n}\n',
  'deploy/api.yaml':
    'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: api\n  namespace: prod\nspec:\n  template:\n    spec:\n      containers:\n        - name: api\n          image: registry.example/api:1\n',
};

test('a starter policy is valid, whatever was found', () => {
  for (const found of [
    { architecture: [], models: [] },
    {
      architecture: ['**/*.tf', '**/*.tf.json', '.github/workflows/*'],
      models: ['docs/threat-model.md', 'a\nmode: enforce\n#.md'],
    },
  ]) {
    const { policy, problems } = parsePolicy(writeStarterPolicy(found), POLICY);
    expect(problems).toBeUndefined();
    expect(policy).toMatchObject({ mode: 'observe', architecture: found.architecture });
  }
});

test('what it writes satisfies the gate for everything that is there', async () => {
  const repo = temporaryRepository();
  repo.commit({ 'README.md': 'x' });
  repo.git('checkout', '--quiet', '-b', 'adopt');
  repo.commit(SYSTEM);
  const before = await threatgate(repo.dir, 'check', '--enforce');
  expect(before.code).toBe(1);
  const { code, out } = await threatgate(repo.dir, 'init');
  expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining(`wrote ${POLICY}`) });
  expect(out).toContain('terraform');
  const starter = readFileSync(join(repo.dir, STARTER), 'utf8');
  expect(starter).toContain('aws_instance.api');
  expect(starter).toContain('## Open questions');
  const verdict = JSON.parse(
    (await threatgate(repo.dir, 'check', '--worktree', '--enforce', '--format', 'json')).out,
  ) as Verdict;
  const open = verdict.coverage.facts.filter((c) => c.state !== 'covered');
  expect(open).toEqual([]);
  expect(verdict.coverage.facts.length).toBeGreaterThan(4);
  expect(new Set(verdict.coverage.facts.flatMap((c) => c.by[0]?.basis ?? []))).toEqual(
    new Set(['explicit-reference']),
  );
  expect(verdict.conclusion).toBe('success');
  expect((await threatgate(repo.dir, 'lint')).code).toBe(0);
});

test('--dry-run prints and writes nothing', async () => {
  const repo = temporaryRepository();
  repo.commit(SYSTEM);
  const { code, out } = await threatgate(repo.dir, 'init', '--dry-run');
  expect(code).toBe(0);
  expect(out).toContain(`--- ${POLICY}`);
  expect(out).toContain(`--- ${STARTER}`);
  expect(existsSync(join(repo.dir, POLICY))).toBe(false);
  expect(repo.git('status', '--porcelain')).toBe('');
});

test('what is there is kept, unless forced', async () => {
  const repo = shop('version: 1 # ours\n');
  const { out } = await threatgate(repo.dir, 'init');
  expect(out).toContain(`kept ${POLICY}`);
  expect(out).toContain('threat model docs/threat-model.md');
  expect(repo.git('status', '--porcelain')).toBe('');
  await threatgate(repo.dir, 'init', '--force');
  expect(readFileSync(join(repo.dir, POLICY), 'utf8')).toContain('mode: observe');
  expect(readFileSync(join(repo.dir, STARTER), 'utf8')).toBe(MODEL);
});

test('nothing is written through a link', async () => {
  const repo = temporaryRepository();
  repo.commit({ 'README.md': 'x' });
  const outside = temporaryFolder();
  writeFileSync(join(outside, 'target.md'), 'precious');
  symlinkSync(outside, join(repo.dir, '.github'));
  const refused = await threatgate(repo.dir, 'init');
  expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('leads out of the repository') });
  const other = temporaryRepository();
  other.commit({ 'docs/x.md': 'x' });
  symlinkSync(join(outside, 'target.md'), join(other.dir, STARTER));
  await threatgate(other.dir, 'init', '--force');
  expect(readFileSync(join(outside, 'target.md'), 'utf8')).toBe('precious');
  expect(lstatSync(join(other.dir, STARTER)).isSymbolicLink()).toBe(false);
});
