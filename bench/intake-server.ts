/**
 * One receiver of webhooks as a process of its own, for `bench/intake.ts`: `node bench/intake-server.ts probot`, or
 * `store <file or postgres://…>`. Prints its port, and runs until it is told to stop.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sleep } from '../src/app/clock.ts';
import { createIntake } from '../src/app/intake.ts';
import { createLog } from '../src/app/log.ts';
import { createMetrics } from '../src/app/metrics.ts';
import { listen } from '../src/app/server.ts';
import { withGroupCommit } from '../src/store/group-commit.ts';
import { openStore } from '../src/store/open-store.ts';
import { SECRET, SELF } from './intake-load.ts';

/** Probot as its documentation starts it, with a handler that does nothing. */
async function probot(): Promise<number> {
  const { createNodeMiddleware, Probot } = await import('probot');
  const { privateKey } = (await import('node:crypto')).generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const app = new Probot({ appId: SELF.appId, privateKey, secret: SECRET, logLevel: 'error' });
  const middleware = await createNodeMiddleware((each) => each.onAny(() => undefined), { probot: app });
  const server = createServer((request, response) => void middleware(request, response));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}

/** Our intake: what it answers with 202 is on disk, with its work. */
async function ours(place: string): Promise<number> {
  const store = withGroupCommit(
    await openStore(place.startsWith('postgres://') ? { url: place } : { file: place }),
    { maxBatch: 100 },
  );
  const log = createLog({ level: 'error', secrets: [SECRET] });
  const metrics = createMetrics();
  const intake = createIntake({
    store,
    secret: SECRET,
    self: () => SELF,
    now: () => new Date().toISOString(),
    log,
    metrics,
    wake: () => undefined,
  });
  const { url } = await listen(
    { intake, metrics, log, sleep, unready: () => Promise.resolve(undefined) },
    '127.0.0.1',
    0,
  );
  return Number(new URL(url).port);
}

const [kind, place = ''] = process.argv.slice(2);
const port = kind === 'probot' ? await probot() : await ours(place);
process.stdout.write(`${port}\n`);
// Whoever started it may be gone: then nobody is left to stop it.
process.stdin.resume().on('end', () => process.exit(0));
