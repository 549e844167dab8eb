import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { VERSION } from '../core/version.generated.ts';
import type { Log } from '../review/deps.ts';
import { json, refuse, send, type Answer } from './answer.ts';
import type { Sleep } from './clock.ts';
import { BASE } from '../web/paths.ts';
import { WEBHOOK_PATH, type Handler } from './intake.ts';
import type { Metrics } from './metrics.ts';

export interface ServerDeps {
  readonly intake: Handler;
  /** Undefined where they are not set up. */
  readonly pages?: Handler | undefined;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly sleep: Sleep;
  /** Why no work can be taken at this moment; undefined when everything is well. */
  readonly unready: () => Promise<string | undefined>;
}

export interface Listening {
  readonly url: string;
  /** Takes no new connections, lets running requests end, and cuts those that do not. */
  close(graceMs: number): Promise<void>;
}

/** GitHub gives up after 10 seconds; nobody else has much to say. */
const TIMEOUTS = {
  requestTimeout: 30_000,
  headersTimeout: 10_000,
  keepAliveTimeout: 10_000,
  connectionsCheckingInterval: 5_000,
} as const;
/** A question of readiness is answered within this time, whatever the store does. */
const READY_MS = 3_000;

type Page = (deps: ServerDeps) => Promise<Answer>;

const PAGES: ReadonlyMap<string, Page> = new Map<string, Page>([
  ['/', () => Promise.resolve(about)],
  ['/health', () => Promise.resolve(json(200, { status: 'alive', version: VERSION }))],
  ['/ready', ready],
  ['/metrics', metrics],
]);

const about: Answer = {
  status: 200,
  type: 'text/plain; charset=utf-8',
  body: [
    `Threatgate ${VERSION}: keeps a system's threat model in step with the system.`,
    '',
    `GitHub sends webhooks to ${WEBHOOK_PATH}. For auditors: ${BASE}. For operators: /health, /ready, /metrics.`,
    '',
  ].join('\n'),
};

/** Where the pages would be. */
const notSetUp: Answer = {
  status: 404,
  type: 'text/plain; charset=utf-8',
  body: [
    'The pages of the audit trail are not set up here.',
    '',
    'Set PUBLIC_URL, CLIENT_ID, CLIENT_SECRET and SESSION_SECRET, and start the service again: see "Pages for auditors"',
    'in docs/guides/admin.md. On a machine that has the database, `threatgate browse` shows them without any of it.',
    '',
  ].join('\n'),
};

async function ready({ unready, sleep }: ServerDeps): Promise<Answer> {
  const patience = new AbortController();
  const late = sleep(READY_MS, patience.signal).then(() => 'the store does not answer in time');
  const why = await Promise.race([unready(), late]);
  patience.abort();
  return why === undefined ? json(200, { status: 'ready' }) : json(503, { status: 'not ready', why });
}

async function metrics({ metrics: { registry } }: ServerDeps): Promise<Answer> {
  return { status: 200, type: registry.contentType, body: await registry.metrics() };
}

export async function listen(deps: ServerDeps, host: string, port: number): Promise<Listening> {
  let closing = false;
  const server = createServer(TIMEOUTS, (request, response) => {
    if (closing) response.setHeader('connection', 'close');
    respond(request, response, deps).catch((error: unknown) => {
      deps.metrics.errors.inc({ where: 'server' });
      deps.log.error({ err: error }, 'a request could not be answered');
      refuse(request, response, json(500, { error: 'internal error' }));
    });
  });
  await new Promise<void>((done, fail) => {
    server.once('error', fail).listen(port, host, () => {
      server.off('error', fail);
      done();
    });
  });
  return {
    url: urlOf(server),
    close: (graceMs) => {
      closing = true;
      return closeServer(server, graceMs, deps.sleep);
    },
  };
}

async function respond(request: IncomingMessage, response: ServerResponse, deps: ServerDeps): Promise<void> {
  const path = request.url?.split('?', 1)[0] ?? '';
  const method = request.method ?? '';
  const page = PAGES.get(path);
  if (path === WEBHOOK_PATH) {
    if (method === 'POST') await deps.intake(request, response);
    else refuse(request, response, wrongMethod('POST'));
  } else if (path === BASE || path.startsWith(`${BASE}/`)) {
    if (deps.pages) await deps.pages(request, response);
    else refuse(request, response, notSetUp);
  } else if (!page) refuse(request, response, json(404, { error: 'there is no such page' }));
  else if (method !== 'GET' && method !== 'HEAD') refuse(request, response, wrongMethod('GET, HEAD'));
  else send(response, await page(deps));
}

const wrongMethod = (allow: string): Answer => ({
  ...json(405, { error: `the method is not one of ${allow}` }),
  headers: { allow },
});

function urlOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

async function closeServer(server: Server, graceMs: number, sleep: Sleep): Promise<void> {
  const patience = new AbortController();
  const closed = new Promise<void>((done) => server.close(() => done()));
  server.closeIdleConnections();
  await Promise.race([closed, sleep(graceMs, patience.signal)]);
  patience.abort();
  server.closeAllConnections();
  await closed;
}
