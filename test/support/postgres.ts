import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  accessSync,
  chownSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';

export interface PostgresServer {
  /** A new, empty database. */
  createDatabase(): Promise<string>;
  /** Ends the server as a crash would: no checkpoint, no farewell. */
  crash(): Promise<void>;
  /** After a crash: the same data on the same port. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * A private PostgreSQL on loopback. It ends with the process that started it, however that ends, and takes its files with
 * it. Without `durable` it does not wait for the disk.
 */
export function startPostgres(options: { readonly durable?: boolean } = {}): Promise<PostgresServer> {
  return start(mkdtempSync(join(tmpdir(), 'threatgate-postgres-')), options.durable ?? false);
}

/** The server of this process: the first test file that asks starts it. */
export async function sharedPostgres(): Promise<Pick<PostgresServer, 'createDatabase'>> {
  const data = join(tmpdir(), `threatgate-postgres-of-${process.pid}`);
  const port = lineOf(data, 3);
  if (port !== undefined && (await answers(port))) return { createDatabase: () => createDatabase(port) };
  rmSync(data, { recursive: true, force: true });
  mkdirSync(data, { mode: 0o700 });
  return start(data, false);
}

async function start(data: string, durable: boolean): Promise<PostgresServer> {
  const user = unprivilegedUser();
  if (user !== undefined) chownSync(data, user.uid, user.gid);
  // No password: the port is on loopback and the data are the tests' own.
  const args = ['-D', data, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'];
  const made = spawnSync(binary('initdb'), args, { ...user, encoding: 'utf8', cwd: data });
  if (made.status !== 0) throw new Error(`initdb failed: ${made.error?.message ?? made.stderr}`);

  const port = await freePort();
  let keeper = await launch(data, port, durable);
  return {
    createDatabase: () => createDatabase(port),
    crash: async () => {
      const postmaster = lineOf(data, 0);
      if (postmaster !== undefined) process.kill(postmaster, 'SIGKILL');
      await end(keeper, 'keep');
    },
    restart: async () => {
      keeper = await launch(data, port, durable);
    },
    stop: () => end(keeper, 'remove'),
  };
}

/** A line of the server's own notes: the first has its process, the fourth its port. */
function lineOf(data: string, line: number): number | undefined {
  const notes = join(data, 'postmaster.pid');
  return existsSync(notes) ? Number(readFileSync(notes, 'utf8').split('\n')[line]) : undefined;
}

async function createDatabase(port: number): Promise<string> {
  const name = `t_${randomBytes(6).toString('hex')}`;
  await query(urlOf(port, 'postgres'), `create database ${name}`);
  return urlOf(port, name);
}

/** Runs SQL past the store. */
export async function query(
  url: string,
  text: string,
  values: readonly unknown[] = [],
): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(text, [...values]);
  } finally {
    await client.end();
  }
}

const urlOf = (port: number, database: string): string => `postgres://postgres@127.0.0.1:${port}/${database}`;

/** Its standard input closes with us; until then the server runs. A crashed server's files may be kept. */
const KEEPER = `
  "$@" & server=$!
  read -r order
  kill -INT $server 2>/dev/null
  wait $server
  [ "$order" = keep ] || rm -rf "$PGDATA"
`;

async function launch(data: string, port: number, durable: boolean): Promise<ChildProcess> {
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    shared_buffers: '32MB',
    deadlock_timeout: '100ms',
    ...(durable ? {} : { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' }),
  };
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const keeper = spawn('/bin/sh', ['-c', KEEPER, 'keeper', binary('postgres'), ...args], {
    ...unprivilegedUser(),
    cwd: data,
    env: { PATH: process.env['PATH'], PGDATA: data },
    // Ctrl-C is for the tests; the keeper has to live on to clean up.
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let said = '';
  keeper.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-10_000)));
  for (let tries = 0; tries < 300; tries++) {
    if (await answers(port)) {
      letGo(keeper);
      return keeper;
    }
    if (/\b(FATAL|PANIC):/.test(said.replaceAll(STARTING, ''))) break;
    await wait(20);
  }
  await end(keeper, 'remove');
  throw new Error(`PostgreSQL did not start:\n${said}`);
}

const STARTING = /FATAL:.*(starting up|not yet accepting|in recovery mode)/g;

async function answers(port: number): Promise<boolean> {
  try {
    await query(urlOf(port, 'postgres'), 'select 1');
    return true;
  } catch {
    return false;
  }
}

/** The tests may end while it runs. */
function letGo(keeper: ChildProcess): void {
  keeper.unref();
  for (const stream of [keeper.stdin, keeper.stderr]) (stream as { unref?: () => void } | null)?.unref?.();
}

async function end(keeper: ChildProcess, order: 'keep' | 'remove'): Promise<void> {
  if (keeper.exitCode !== null) return;
  const ended = new Promise((done) => keeper.once('exit', done));
  keeper.ref();
  keeper.stdin?.end(`${order}\n`);
  await ended;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done) => probe.listen(0, '127.0.0.1', done));
  const address = probe.address();
  await new Promise((done) => probe.close(done));
  if (address === null || typeof address === 'string') throw new Error('No free port.');
  return address.port;
}

/** PostgreSQL refuses to run as root; undefined: as whoever we are. */
function unprivilegedUser(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const name of ['postgres', 'nobody']) {
    const found = users.find((fields) => fields[0] === name);
    if (found !== undefined) return { uid: Number(found[2]), gid: Number(found[3]) };
  }
  throw new Error('PostgreSQL does not run as root, and there is neither a user `postgres` nor `nobody`.');
}

function binary(name: string): string {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...versions.map((version) => join(debian, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(delimiter),
  ];
  const found = folders.map((folder) => join(folder, name)).find(isExecutable);
  if (found !== undefined) return found;
  throw new Error(
    `\`${name}\` is missing. The tests need PostgreSQL: on Debian, apt-get install postgresql.`,
  );
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
