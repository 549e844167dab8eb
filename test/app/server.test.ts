import { afterEach, describe, expect, test } from '@jest/globals';
import { connect } from 'node:net';
import { watchBacklog } from '../../src/app/metrics.ts';
import { VERSION } from '../../src/core/version.generated.ts';
import * as on from './payloads.ts';
import { deliver, receiver, type Receiver, type ReceiverOptions } from './receiver.ts';

const open: Receiver[] = [];
afterEach(() => Promise.all(open.splice(0).map((r) => r.close())));

async function start(options: ReceiverOptions = {}): Promise<Receiver> {
  const at = await receiver(options);
  open.push(at);
  return at;
}

describe('pages for operators', () => {
  test('/ says what this is, and asks nothing of the browser', async () => {
    const at = await start();
    const answer = await fetch(`${at.url}/`);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain(`Threatgate ${VERSION}`);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
  });

  test('/health answers whatever else is wrong', async () => {
    const at = await start({ unready: () => Promise.resolve('everything is wrong') });
    const answer = await fetch(`${at.url}/health`);
    expect([answer.status, await answer.json()]).toEqual([200, { status: 'alive', version: VERSION }]);
  });

  test('/ready says why not', async () => {
    let why: string | undefined = 'the database does not answer';
    const at = await start({ unready: () => Promise.resolve(why) });
    const no = await fetch(`${at.url}/ready`);
    expect([no.status, await no.json()]).toEqual([503, { status: 'not ready', why }]);
    why = undefined;
    const yes = await fetch(`${at.url}/ready`);
    expect([yes.status, await yes.json()]).toEqual([200, { status: 'ready' }]);
  });

  test('/ready answers in time when the store does not', async () => {
    const at = await start({ unready: () => new Promise(() => undefined) });
    const answer = await fetch(`${at.url}/ready`);
    expect([answer.status, await answer.json()]).toEqual([
      503,
      { status: 'not ready', why: 'the store does not answer in time' },
    ]);
  });

  test('/metrics has the queue, and goes on without it', async () => {
    const at = await start();
    let down = false;
    watchBacklog(
      at.metrics,
      () =>
        down
          ? Promise.reject(new Error('gone'))
          : Promise.resolve({ waiting: 3, leased: 1, oldest: '2026-02-01T00:00:00.000Z' }),
      () => '2026-02-01T00:00:42.000Z',
    );
    const first = await fetch(`${at.url}/metrics`);
    expect(first.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(await first.text()).toMatch(
      /threatgate_queue_waiting 3\n[^]*threatgate_queue_leased 1\n[^]*threatgate_queue_oldest_seconds 42\n/,
    );
    down = true;
    expect((await fetch(`${at.url}/metrics`)).status).toBe(200);
    expect(await at.metrics.registry.metrics()).toContain('threatgate_errors_total{where="metrics"} 1');
  });

  test.each([
    ['GET', '/nowhere', 404],
    ['GET', '/healthz', 404],
    ['GET', '/..%2f..%2fetc/passwd', 404],
    ['POST', '/', 405],
    ['DELETE', '/metrics', 405],
    ['GET', '/api/github/webhooks', 405],
    ['PUT', '/api/github/webhooks', 405],
    ['HEAD', '/health', 200],
    ['GET', '/health?probe=1', 200],
  ])('%s %s: %i', async (method, path, status) => {
    const at = await start();
    const answer = await fetch(at.url + path, { method });
    expect(answer.status).toBe(status);
    if (status === 405) expect(answer.headers.get('allow')).toMatch(/^(POST|GET, HEAD)$/);
  });
});

describe('closing', () => {
  test('lets a delivery that is being stored end, and takes no other', async () => {
    const stored = Promise.withResolvers<'new'>();
    const began = Promise.withResolvers<undefined>();
    const at = await start({
      accept: () => {
        began.resolve(undefined);
        return stored.promise;
      },
    });
    const answer = deliver(at, 'pull_request', on.pullRequest('opened'));
    await began.promise;
    const closed = at.listening.close(5_000);
    await expect(fetch(`${at.url}/health`)).rejects.toThrow();
    stored.resolve('new');
    expect(await answer).toMatchObject({ status: 202 });
    await closed;
  });

  test('cuts connections that do not end by themselves', async () => {
    const at = await start();
    const socket = connect(Number(new URL(at.url).port), '127.0.0.1');
    socket.on('error', () => undefined);
    await new Promise((go) => socket.once('connect', go));
    socket.write('POST /api/github/webhooks HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n');
    const ended = new Promise((go) => socket.once('close', go));
    await at.listening.close(100);
    await ended;
  });
});
