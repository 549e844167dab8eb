import { createHmac, randomUUID } from 'node:crypto';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { sleep } from '../../src/app/clock.ts';
import { createIntake } from '../../src/app/intake.ts';
import { createLog } from '../../src/app/log.ts';
import { createMetrics, type Metrics } from '../../src/app/metrics.ts';
import { listen, type Listening } from '../../src/app/server.ts';
import type { Delivery } from '../../src/review/work.ts';
import { SELF } from './payloads.ts';

export const SECRET = 'correct horse battery staple';

/** Lines of the log as they are written. */
export function captureLog(secrets: readonly string[] = [SECRET]) {
  const lines: string[] = [];
  const log = createLog({ level: 'debug', secrets, stream: { write: (line) => void lines.push(line) } });
  return { log, lines, entries: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

export interface Receiver {
  readonly listening: Listening;
  readonly url: string;
  readonly accepted: Delivery[];
  readonly lines: string[];
  readonly metrics: Metrics;
  readonly woken: () => number;
  readonly close: () => Promise<void>;
}

export interface ReceiverOptions {
  readonly accept?: (delivery: Delivery) => Promise<'new' | 'known'>;
  readonly self?: () => typeof SELF | undefined;
  readonly unready?: () => Promise<string | undefined>;
  readonly roomBytes?: number;
}

/** The real server and intake on a real socket, over a store that remembers what it was given. */
export async function receiver(options: ReceiverOptions = {}): Promise<Receiver> {
  const accepted: Delivery[] = [];
  const { log, lines } = captureLog();
  const metrics = createMetrics();
  let woken = 0;
  const remember = (delivery: Delivery): Promise<'new' | 'known'> => {
    const known = accepted.some((a) => a.guid === delivery.guid);
    if (!known) accepted.push(delivery);
    return Promise.resolve(known ? 'known' : 'new');
  };
  const intake = createIntake({
    store: { accept: (deliveries) => Promise.all(deliveries.map(options.accept ?? remember)) },
    secret: SECRET,
    self: options.self ?? (() => SELF),
    now: () => '2026-02-01T00:00:00.000Z',
    log,
    metrics,
    wake: () => {
      woken++;
    },
    ...(options.roomBytes === undefined ? {} : { roomBytes: options.roomBytes }),
  });
  const unready = options.unready ?? (() => Promise.resolve(undefined));
  const listening = await listen({ intake, metrics, log, sleep, unready }, '127.0.0.1', 0);
  return {
    listening,
    url: listening.url,
    accepted,
    lines,
    metrics,
    woken: () => woken,
    close: () => listening.close(0),
  };
}

export const sign = (body: string | Uint8Array, secret = SECRET): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

export type Headers = Readonly<Record<string, string | undefined>>;

/** The headers that GitHub sends; `undefined` takes one away. */
export function headersFor(
  event: string,
  body: string | Uint8Array,
  more: Headers = {},
): Record<string, string> {
  const all: Headers = {
    'content-type': 'application/json',
    'user-agent': 'GitHub-Hookshot/abcdef0',
    'x-github-delivery': randomUUID(),
    'x-github-event': event,
    'x-github-hook-installation-target-id': String(SELF.appId),
    'x-github-hook-installation-target-type': 'integration',
    'x-hub-signature-256': sign(body),
    ...more,
  };
  return Object.fromEntries(Object.entries(all).flatMap(([k, v]) => (v === undefined ? [] : [[k, v]])));
}

export interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Sends chunks as they are, without a length unless a header tells one; answers with what came back. */
export function post(
  url: string,
  headers: Readonly<Record<string, string>>,
  chunks: Iterable<string | Uint8Array>,
): Promise<Answered> {
  return new Promise((done, fail) => {
    const sending = httpRequest(url, { method: 'POST', headers, agent: false }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => {
        done({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(parts).toString(),
        });
        sending.destroy();
      });
      response.on('error', fail);
    });
    sending.on('error', fail);
    void write(sending, chunks);
  });
}

async function write(
  sending: ReturnType<typeof httpRequest>,
  chunks: Iterable<string | Uint8Array>,
): Promise<void> {
  const closed = new Promise((go) => sending.once('close', go));
  for (const chunk of chunks) {
    if (sending.destroyed) return;
    if (!sending.write(chunk)) await Promise.race([closed, new Promise((go) => sending.once('drain', go))]);
  }
  sending.end();
}

export function deliver(
  at: Receiver,
  event: string,
  payload: unknown,
  more: Headers = {},
): Promise<Answered> {
  const body = typeof payload === 'string' ? payload : JSON.stringify(payload);
  const headers = headersFor(event, body, { 'content-length': String(Buffer.byteLength(body)), ...more });
  return post(`${at.url}/api/github/webhooks`, headers, [body]);
}
