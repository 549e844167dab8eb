/**
 * Intake, as a ratio within one run: durable accepted deliveries per second of ours against bare Probot with a handler that
 * does nothing. The same load, from this process, in turn on each; a round counts once every answer has come.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { BYTES, send, type Round } from './intake-load.ts';

const CONNECTIONS = 50;
const WARM_UP = 1_500;
const COUNT = 4_000;
const ROUNDS = 5;
const AIM = 0.8;

interface Receiver {
  readonly name: string;
  readonly process: ChildProcess;
  readonly port: number;
  readonly rounds: Round[];
}

async function start(name: string, ...args: readonly string[]): Promise<Receiver> {
  const script = join(import.meta.dirname, 'intake-server.ts');
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const port = await new Promise<number>((done, fail) => {
    createInterface({ input: child.stdout }).once('line', (line) => done(Number(line)));
    child.once('exit', (code) => fail(new Error(`${name} ended with ${code ?? 'a signal'}.`)));
  });
  return { name, process: child, port, rounds: [] };
}

/** PostgreSQL, where its programs are; the bench says so where they are not. */
async function postgres(): Promise<{ readonly url: string; stop(): Promise<void> } | undefined> {
  const { startPostgres } = await import('../test/support/postgres.ts');
  const there =
    (process.env['PATH'] ?? '').split(':').some((dir) => existsSync(join(dir, 'initdb'))) ||
    (existsSync('/usr/lib/postgresql') && readdirSync('/usr/lib/postgresql').length > 0);
  if (!there) return undefined;
  const server = await startPostgres({ durable: true });
  return { url: await server.createDatabase(), stop: () => server.stop() };
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

function show(receiver: Receiver, bare: Receiver): void {
  const rate = (r: Receiver): number => median(r.rounds.map((round) => round.perSecond));
  const [p50, p99] = [median(receiver.rounds.map((r) => r.p50)), median(receiver.rounds.map((r) => r.p99))];
  const ratio = rate(receiver) / rate(bare);
  const verdict =
    receiver === bare
      ? ''
      : `  ${ratio.toFixed(2)} of bare Probot, aim ${AIM}${ratio >= AIM ? '' : ', MISSED'}`;
  console.log(
    `${receiver.name.padEnd(28)} ${rate(receiver).toFixed(0).padStart(6)}/s  p50 ${p50.toFixed(1).padStart(5)} ms  p99 ${p99.toFixed(1).padStart(6)} ms${verdict}`,
  );
}

const folder = mkdtempSync(join(tmpdir(), 'threatgate-intake-'));
const database = await postgres();
const receivers: Receiver[] = [];
try {
  const bare = await start('Probot, nothing stored', 'probot');
  receivers.push(bare, await start('Threatgate, SQLite', 'store', join(folder, 'threatgate.sqlite')));
  if (database) receivers.push(await start('Threatgate, PostgreSQL', 'store', database.url));
  else console.log('PostgreSQL is not installed here: not measured.');
  for (const receiver of receivers) await send(receiver.port, WARM_UP, CONNECTIONS);
  for (let round = 0; round < ROUNDS; round++)
    for (const receiver of receivers) receiver.rounds.push(await send(receiver.port, COUNT, CONNECTIONS));
  console.log(
    `${COUNT} deliveries of ${BYTES} bytes over ${CONNECTIONS} connections, ${ROUNDS} rounds in turn, medians; ours are on disk when answered:`,
  );
  for (const receiver of receivers) show(receiver, bare);
} finally {
  for (const { process: child } of receivers) child.kill('SIGKILL');
  await database?.stop();
  rmSync(folder, { recursive: true, force: true });
}
