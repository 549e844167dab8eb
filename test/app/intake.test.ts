import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import * as on from './payloads.ts';
import {
  deliver,
  headersFor,
  post,
  receiver,
  SECRET,
  sign,
  type Receiver,
  type ReceiverOptions,
} from './receiver.ts';

const open: Receiver[] = [];
afterEach(() => Promise.all(open.splice(0).map((r) => r.close())));

async function start(options: ReceiverOptions = {}): Promise<Receiver> {
  const at = await receiver(options);
  open.push(at);
  return at;
}

const opened = on.pullRequest('opened');
const path = '/api/github/webhooks';

describe('a delivery that matters', () => {
  test('is stored before it is answered, and wakes the workers', async () => {
    const at = await start();
    const guid = randomUUID();
    const answer = await deliver(at, 'pull_request', on.pullRequest('synchronize'), {
      'x-github-delivery': guid,
    });
    expect(answer).toMatchObject({ status: 202, body: '{"status":"accepted"}\n' });
    expect(at.accepted).toEqual([
      {
        guid,
        event: 'pull_request',
        action: 'synchronize',
        work: {
          installation: 31,
          subject: { kind: 'pull-request', repository: { id: 700, name: 'acme/orchard' }, number: 12 },
        },
        signals: [{ kind: 'pushed', by: { id: '11', login: 'ada', kind: 'user' }, head: on.HEAD }],
      },
    ]);
    expect(at.woken()).toBe(1);
  });

  test('is known the second time, and wakes nobody', async () => {
    const at = await start();
    const more = { 'x-github-delivery': randomUUID() };
    await deliver(at, 'pull_request', opened, more);
    expect(await deliver(at, 'pull_request', opened, more)).toMatchObject({
      status: 202,
      body: '{"status":"known"}\n',
    });
    expect(at.accepted).toHaveLength(1);
    expect(at.woken()).toBe(1);
  });

  test('may come in chunks of any size, with a charset, and without the id of the target', async () => {
    const at = await start();
    const bytes = Buffer.from(JSON.stringify({ ...opened, note: 'ünïcödé ✓' }));
    const headers = headersFor('pull_request', bytes, {
      'content-type': 'Application/JSON; charset=utf-8',
      'x-github-hook-installation-target-id': undefined,
    });
    const chunks = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, i) =>
      bytes.subarray(i * 7, i * 7 + 7),
    );
    expect(await post(at.url + path, headers, chunks)).toMatchObject({ status: 202 });
    expect(at.accepted).toHaveLength(1);
  });

  test('that cannot be stored is answered with 503, so that GitHub lists it as failed', async () => {
    const at = await start({
      accept: () => Promise.reject(new Error('insert failed for (login)=(ada), password=hunter2hunter2')),
    });
    expect(await deliver(at, 'pull_request', opened)).toMatchObject({ status: 503 });
    expect(at.woken()).toBe(0);
    expect(at.lines.join('')).toContain('could not be stored');
    expect(at.lines.join('')).not.toMatch(/hunter2|\bada\b/);
  });

  test('waits until GitHub has told who we are', async () => {
    const at = await start({ self: () => undefined });
    expect(await deliver(at, 'pull_request', opened)).toMatchObject({ status: 503 });
    expect(at.accepted).toEqual([]);
  });
});

test.each([
  ['an unknown event', 'something_new', { action: 'created' }],
  ['a known event with an unknown action', 'pull_request', on.pullRequest('labeled')],
  ['the ping of a new webhook', 'ping', { zen: 'Keep it logically awesome.', hook_id: 1 }],
])('%s is answered, and stores nothing', async (_, event, payload) => {
  const at = await start();
  expect(await deliver(at, event, payload)).toMatchObject({ status: 202, body: '{"status":"ignored"}\n' });
  expect(at.accepted).toEqual([]);
});

const MB = 1_000_000;
function* blank(bytes: number): Generator<Buffer> {
  for (let left = bytes; left > 0; left -= 65_536) yield Buffer.alloc(Math.min(left, 65_536), ' ');
}
const body = JSON.stringify(opened);
const deep = `{"action":"opened","pull_request":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
const overlong = 'x'.repeat(101);

/** Status, and what is sent: headers that differ from a genuine delivery, and another body. */
const refusals: readonly [string, number, Record<string, string | undefined>, string?][] = [
  ['no signature', 401, { 'x-hub-signature-256': undefined }],
  ['a signature by another secret', 401, { 'x-hub-signature-256': sign(body, 'another secret of ours') }],
  ['a signature that is none', 401, { 'x-hub-signature-256': SECRET }],
  ['a signature by SHA-1', 401, { 'x-hub-signature-256': `sha1=${'a'.repeat(40)}` }],
  ['a body altered on the way', 401, { 'x-hub-signature-256': sign(body) }, `${body} `],
  ['a form', 415, { 'content-type': 'application/x-www-form-urlencoded' }],
  ['a type that only begins like JSON', 415, { 'content-type': 'application/json-patch+json' }],
  ['no type', 415, { 'content-type': undefined }],
  ['no event', 400, { 'x-github-event': undefined }],
  ['an event that is none', 400, { 'x-github-event': 'push; drop' }],
  ['no id', 400, { 'x-github-delivery': undefined }],
  ['an id that is none', 400, { 'x-github-delivery': '../../etc' }],
  ['an id without end', 400, { 'x-github-delivery': overlong }],
  ['a delivery for another app', 403, { 'x-github-hook-installation-target-id': '1' }],
  ['truncated JSON', 400, {}, body.slice(0, -10)],
  ['an empty body', 400, {}, ''],
  ['a list', 400, {}, '[1,2]'],
  ['null', 400, {}, 'null'],
  ['a number', 400, {}, '7'],
  ['a text', 400, {}, '"x"'],
  ['JSON without end of depth', 400, {}, deep],
  ['a payload of the wrong shape', 400, {}, '{"action":"opened","number":"twelve"}'],
];

describe('refused, logged without secrets, and nothing stored', () => {
  test.each(refusals)('%s: %i', async (_, status, headers, text = body) => {
    const at = await start();
    const answer = await deliver(at, 'pull_request', text, headers);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toEqual({ error: expect.any(String) });
    expectRefused(at, status);
  });

  test('26 MB that were announced: before they are sent', async () => {
    const at = await start();
    const headers = headersFor('push', '', { 'content-length': String(26 * MB) });
    const answer = await post(at.url + path, headers, blank(26 * MB));
    expect(answer).toMatchObject({ status: 413, headers: { connection: 'close' } });
    expectRefused(at, 413);
  });

  test('26 MB in chunks: counted as they come', async () => {
    const at = await start();
    const answer = await post(at.url + path, headersFor('push', ''), blank(26 * MB));
    expect(answer).toMatchObject({ status: 413, headers: { connection: 'close' } });
    expectRefused(at, 413);
  });

  test('25 MB are read, and judged by their signature', async () => {
    const at = await start();
    const bytes = Buffer.concat([Buffer.from(body), Buffer.alloc(25 * MB - body.length, ' ')]);
    expect(await post(at.url + path, headersFor('pull_request', bytes), [bytes])).toMatchObject({
      status: 202,
    });
  });

  test('bytes that are not UTF-8, rightly signed', async () => {
    const at = await start();
    const bytes = Buffer.from(body.replace('ada', 'a\u00ffa'), 'latin1');
    expect(await post(at.url + path, headersFor('pull_request', bytes), [bytes])).toMatchObject({
      status: 400,
    });
    expectRefused(at, 400);
  });
});

function expectRefused(at: Receiver, status: number): void {
  expect(at.accepted).toEqual([]);
  expect(at.woken()).toBe(0);
  expect(at.lines).toHaveLength(1);
  const [line = ''] = at.lines;
  expect(JSON.parse(line)).toMatchObject({
    level: 'warn',
    status,
    reason: expect.any(String),
    msg: 'delivery refused',
  });
  expect(line).not.toContain(SECRET);
  expect(line).not.toMatch(/sha256=[0-9a-f]{8}|\bada\b|acme|drop|etc/);
  expect(line.length).toBeLessThan(500);
}

describe('memory', () => {
  test('bodies together take no more than their room, which is given back', async () => {
    const at = await start({ roomBytes: 1.5 * MB });
    const slow = Promise.withResolvers<undefined>();
    const send = (bytes: number) => post(at.url + path, headersFor('push', ''), blank(bytes));
    // One that stays: a megabyte has come, the rest has not.
    const socket = connect(Number(new URL(at.url).port), '127.0.0.1');
    const head = Object.entries(headersFor('push', '', { 'content-length': String(2 * MB) }));
    socket.write(
      `POST ${path} HTTP/1.1\r\nhost: x\r\n${head.map(([k, v]) => `${k}: ${v}\r\n`).join('')}\r\n`,
    );
    socket.write(Buffer.alloc(MB, ' '), () => slow.resolve(undefined));
    await slow.promise;
    // It is on its way: the server may not have read it all yet.
    await expectSoon(async () => (await send(MB)).status === 503);
    socket.destroy();
    await expectSoon(async () => (await send(MB)).status === 401);
  });

  test('a client that hangs up half-way leaves nothing behind', async () => {
    const at = await start({ roomBytes: MB });
    for (let i = 0; i < 5; i++) {
      const socket = connect(Number(new URL(at.url).port), '127.0.0.1');
      const head = Object.entries(headersFor('push', '', { 'content-length': '900000' }));
      socket.write(
        `POST ${path} HTTP/1.1\r\nhost: x\r\n${head.map(([k, v]) => `${k}: ${v}\r\n`).join('')}\r\n`,
      );
      await new Promise((go) => socket.write(Buffer.alloc(800_000, ' '), go));
      socket.destroy();
    }
    await expectSoon(async () => (await deliver(at, 'pull_request', opened)).status === 202);
    expect(at.accepted).toHaveLength(1);
  });
});

async function expectSoon(holds: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 100; i++) {
    if (await holds()) return;
    await new Promise((go) => setTimeout(go, 20));
  }
  throw new Error('It never came to hold.');
}

test('any bytes and any headers: an answer, never 5xx, and the server lives on', async () => {
  const at = await start();
  const token = fc.string({ unit: fc.constantFrom(...Array.from('abcxyz019-_ /;=."%')), maxLength: 40 });
  const anything = fc.record({
    'content-type': fc.oneof(fc.constant('application/json'), token),
    'x-github-event': fc.oneof(fc.constantFrom('pull_request', 'push', 'ping'), token),
    'x-github-delivery': fc.oneof(fc.uuid(), token),
    'x-hub-signature-256': fc.oneof(fc.constant('right'), token),
    'x-github-hook-installation-target-id': fc.oneof(fc.constant('4242'), token),
  });
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.json().map((text) => Buffer.from(text)),
    fc.constant(Buffer.from(body)),
  );
  await fc.assert(
    fc.asyncProperty(anything, bytes, fc.boolean(), async (headers, content, isChunked) => {
      const right =
        headers['x-hub-signature-256'] === 'right' ? sign(content) : headers['x-hub-signature-256'];
      const answer = await post(
        at.url + path,
        {
          ...headers,
          'x-hub-signature-256': right,
          ...(isChunked ? { 'transfer-encoding': 'chunked' } : { 'content-length': String(content.length) }),
        },
        content.length > 0 ? [content] : [],
      );
      expect([202, 400, 401, 403, 413, 415]).toContain(answer.status);
    }),
    { numRuns: 300 },
  );
  expect(await deliver(at, 'pull_request', opened)).toMatchObject({ status: 202 });
  expect(at.lines.join('')).not.toContain(SECRET);
});

test('any bytes on the socket: the server lives on', async () => {
  const at = await start();
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 500 }), fc.boolean(), async (bytes, begins) => {
      const socket = connect(Number(new URL(at.url).port), '127.0.0.1');
      const answer: Buffer[] = [];
      socket.on('data', (part: Buffer) => answer.push(part)).on('error', () => undefined);
      if (begins) socket.write(`POST ${path} HTTP/1.1\r\n`);
      socket.end(bytes);
      await new Promise((go) => socket.once('close', go));
      expect(Buffer.concat(answer).toString()).not.toMatch(/^HTTP\/1\.1 5/);
    }),
    { numRuns: 100 },
  );
  expect(await deliver(at, 'pull_request', opened)).toMatchObject({ status: 202 });
});

test('what was delivered is counted, under names that GitHub signed only', async () => {
  const at = await start();
  await deliver(at, 'pull_request', opened);
  await deliver(at, 'made_up_by_somebody', opened, { 'x-hub-signature-256': sign('x') });
  await deliver(at, 'made_up_by_github', {});
  const text = await at.metrics.registry.metrics();
  expect(text).toContain('threatgate_deliveries_total{event="pull_request",outcome="accepted"} 1');
  expect(text).toContain('threatgate_deliveries_total{event="unverified",outcome="refused"} 1');
  expect(text).toContain('threatgate_deliveries_total{event="other",outcome="ignored"} 1');
  expect(text).toContain('threatgate_intake_seconds_count 3');
  expect(text).not.toContain('made_up');
});
