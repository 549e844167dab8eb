import { describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const text = (file: string): string => readFileSync(join(root, file), 'utf8');

/** Instructions of the Dockerfile, continued lines joined. */
const instructions = text('Dockerfile')
  .replace(/\\\n/g, '')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => ({ name: line.split(' ', 1)[0] ?? '', rest: line.replace(/^\S+\s+/, '') }));
const all = (name: string): readonly string[] =>
  instructions.filter((i) => i.name === name).map((i) => i.rest);
const last = instructions.slice(instructions.findLastIndex((i) => i.name === 'FROM'));
const ofLast = (name: string): readonly string[] => last.filter((i) => i.name === name).map((i) => i.rest);

describe('the image', () => {
  test('is built on the Node that the package asks for, by a tag that says so', () => {
    const { engines } = JSON.parse(text('package.json')) as { engines: { node: string } };
    const major = /\d+/.exec(engines.node)?.[0];
    expect(all('FROM').length).toBeGreaterThan(1);
    for (const from of all('FROM'))
      expect(from).toMatch(new RegExp(`^node:${String(major)}(\\.[\\d.]+)?-slim( AS \\w+)?$`));
  });

  test('runs as somebody without rights, who owns /data and nothing else', () => {
    expect(ofLast('USER')).toEqual(['10001:10001']);
    expect(ofLast('VOLUME')).toEqual(['/data']);
    expect(ofLast('RUN')).toEqual([expect.stringContaining('--owner=10001 --group=10001 --mode=0700 /data')]);
    expect(ofLast('ENV')[0]).toContain('DATA_DIR=/data');
    const afterUser = last.slice(last.findIndex((i) => i.name === 'USER') + 1).map((i) => i.name);
    expect(afterUser).not.toContain('RUN');
    expect(afterUser).not.toContain('USER');
  });

  test('starts without a shell, as the process that gets the signals', () => {
    expect(ofLast('ENTRYPOINT')).toEqual(['["node", "dist/cli.js"]']);
    expect(ofLast('CMD')).toEqual(['["serve"]']);
    expect(ofLast('STOPSIGNAL')).toEqual(['SIGTERM']);
  });

  test('runs no script of a package, and has no development packages in the end', () => {
    for (const run of all('RUN').filter((r) => r.includes('npm')))
      expect(run).toMatch(/^npm ci .*--ignore-scripts/);
    expect(ofLast('COPY')).toContain('--from=packages /app/node_modules node_modules');
    expect(all('RUN')).toContain('npm ci --omit=dev --ignore-scripts');
  });

  test('gets what is copied, and nothing else', () => {
    const copied = instructions
      .filter((i) => i.name === 'COPY' && !i.rest.startsWith('--from'))
      .flatMap((i) => i.rest.split(' ').slice(0, -1));
    for (const path of copied) expect([path, existsSync(join(root, path))]).toEqual([path, true]);
    const lines = text('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(lines[0]).toBe('*');
    expect(lines.slice(1).sort()).toEqual([...new Set(copied)].map((path) => `!${path}`).sort());
  });

  test('has its secrets from outside', () => {
    expect(text('Dockerfile')).not.toMatch(/PRIVATE_KEY|WEBHOOK_SECRET|DATABASE_URL|\bARG\b/);
  });
});

describe('the health check', () => {
  const [, json = ''] = /CMD (\[.*\])$/.exec(ofLast('HEALTHCHECK')[0] ?? '') ?? [];
  const [program, ...args] = JSON.parse(json) as string[];
  const check = (port: number): Promise<number | null> =>
    new Promise((done) =>
      spawn(process.execPath, args, { env: { PORT: String(port) }, stdio: 'ignore' }).once('exit', done),
    );

  test('says what /health says, with nothing but node', async () => {
    expect(program).toBe('node');
    let status = 200;
    const asked: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url);
      response.writeHead(status, { connection: 'close' }).end();
    }).listen(0, '127.0.0.1');
    await new Promise((go) => server.once('listening', go));
    const { port } = server.address() as AddressInfo;
    expect(await check(port)).toBe(0);
    status = 500;
    expect(await check(port)).toBe(1);
    expect(asked).toEqual(['/health', '/health']);
    await new Promise((go) => server.close(go));
    expect(await check(port)).toBe(1);
  });
});
