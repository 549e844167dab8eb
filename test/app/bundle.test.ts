import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { bundle } from '../../scripts/build.ts';
import { removeTemporaryFolders, temporaryFolder } from '../local/temporary-repository.ts';

/** A bundle is made, and processes are started. */
const root = join(import.meta.dirname, '../..');
const folder = temporaryFolder();
const dist = join(folder, 'dist');

beforeAll(async () => {
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  await bundle(dist);
});
afterAll(removeTemporaryFolders);

const serve = (): { readonly status: number | null; readonly stderr: string } =>
  spawnSync(process.execPath, [join(dist, 'cli.js'), 'serve'], {
    cwd: folder,
    env: { WEBHOOK_SECRET: 'a long random text' },
    encoding: 'utf8',
  });

test('without its packages the service says what is missing; with them it starts', () => {
  expect(serve()).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('The packages that the service needs are not installed'),
  });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  expect(serve()).toMatchObject({ status: 2, stderr: expect.stringContaining('APP_ID is not set') });
});

test('the threads lie where they are looked for, and the registration is inside', () => {
  for (const thread of ['analysis-thread.js', 'export-thread.js'])
    expect(existsSync(join(dist, thread))).toBe(true);
  const chunks = readdirSync(join(dist, 'chunks')).map((file) =>
    readFileSync(join(dist, 'chunks', file), 'utf8'),
  );
  expect(chunks.some((text) => text.includes('merge_queues: read'))).toBe(true);
});

test('what is left out of the bundle is a dependency that gets installed', () => {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const imported = readdirSync(join(dist, 'chunks'))
    .flatMap((file) => [
      ...readFileSync(join(dist, 'chunks', file), 'utf8').matchAll(/^import .* from "([^".][^"]*)";$/gm),
    ])
    .map(([, name = '']) => name)
    .filter((name) => !isBuiltin(name))
    .map((name) =>
      name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/'),
    );
  expect([...new Set(imported)].sort()).toEqual(['kysely', 'pg', 'pino', 'probot', 'prom-client']);
  for (const name of imported) expect(dependencies).toHaveProperty([name]);
});
