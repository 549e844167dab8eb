import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from '../scripts/build.ts';
import { VERSION } from '../src/core/version.generated.ts';
import { threatgate } from './cli/command-line.ts';
import { EXPORTS, shop } from './cli/shop.ts';
import { removeTemporaryFolders, temporaryFolder } from './local/temporary-repository.ts';

/** Far from any node_modules, as it is installed. */
const dist = temporaryFolder();
const cli = join(dist, 'dist/cli.js');

beforeAll(async () => {
  writeFileSync(join(dist, 'package.json'), '{"type":"module"}');
  await bundle(join(dist, 'dist'));
});
afterAll(removeTemporaryFolders);
/** Processes are started, and the machine may be busy. */
const bundled = (cwd: string, ...args: readonly string[]): string =>
  execFileSync(cli, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: 'pipe',
  });

test('the bundle runs by itself and gives the same bytes as the source', async () => {
  const repo = shop(null);
  repo.commit({ 'infra/exports.tf': EXPORTS });
  const args = ['check', '--format', 'json', '--at', '2026-02-01T00:00:00Z'] as const;
  const { out } = await threatgate(repo.dir, ...args);
  expect(out).toContain('aws_s3_bucket.exports');
  expect(bundled(repo.dir, ...args)).toBe(out);
});

test('the entry is small, executable, and does not load what the version does not need', () => {
  expect(readFileSync(cli, 'utf8').startsWith('#!/usr/bin/env node\n')).toBe(true);
  expect(statSync(cli).mode & 0o111).not.toBe(0);
  expect(statSync(cli).size).toBeLessThan(40_000);
  expect(bundled(dist, '--version')).toBe(`${VERSION}\n`);
});
