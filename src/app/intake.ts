import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Log } from '../review/deps.ts';
import type { Instant, Store } from '../review/store.ts';
import { json, refuse, send } from './answer.ts';
import { BODY_LIMIT, isSigned, readBody, type Room } from './body.ts';
import { ROUTED, route, type Identity } from './events.ts';
import { describeError } from './log.ts';
import type { Metrics } from './metrics.ts';

export interface IntakeDeps {
  readonly store: Pick<Store, 'accept'>;
  readonly secret: string;
  /** Undefined until GitHub has told who we are: until then nothing can be judged relevant. */
  readonly self: () => Identity | undefined;
  readonly now: () => Instant;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Called when there is something new to do. */
  readonly wake: () => void;
  /** Bytes of all bodies together, at one time. */
  readonly roomBytes?: number;
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Where GitHub sends webhooks to. */
export const WEBHOOK_PATH = '/api/github/webhooks';
const ROOM_BYTES = 64_000_000;

/** What came of a delivery. A refusal is logged with its reason and stores nothing. */
type Result =
  | { readonly status: 202; readonly outcome: 'accepted' | 'known' | 'ignored'; readonly event: string }
  | Refusal;

interface Refusal {
  readonly status: 400 | 401 | 403 | 413 | 415 | 503;
  readonly outcome: 'refused' | 'failed';
  readonly reason: string;
  /** Counted under this name: a name that nobody signed is not repeated. */
  readonly event?: string;
  /** The connection is closed: what still comes on it is not wanted. */
  readonly hangUp?: boolean;
}

/**
 * `POST /api/github/webhooks`: checks the signature over the very bytes, finds out where to look, and answers once that is
 * stored for good. Nothing else happens here: what the event means is found out by the worker.
 */
export function createIntake(deps: IntakeDeps): Handler {
  const room: Room = { limit: deps.roomBytes ?? ROOM_BYTES, taken: 0 };
  return async (request, response) => {
    const seconds = deps.metrics.intake.startTimer();
    const result = await take(request, room, deps);
    deps.metrics.deliveries.inc({ event: result.event ?? 'unverified', outcome: result.outcome });
    if (result.status === 202) send(response, json(202, { status: result.outcome }));
    else {
      logRefusal(deps.log, request, result);
      const answer = json(result.status, { error: result.reason });
      if (result.hangUp === true) refuse(request, response, answer);
      else send(response, answer);
    }
    seconds();
  };
}

const refusal = (
  status: Refusal['status'],
  reason: string,
  more: Omit<Refusal, 'status' | 'reason' | 'outcome'> = {},
): Refusal => ({ status, reason, outcome: status === 503 ? 'failed' : 'refused', ...more });

async function take(request: IncomingMessage, room: Room, deps: IntakeDeps): Promise<Result> {
  const self = deps.self();
  const early = self ? checkHeaders(request, self) : refusal(503, 'not ready yet');
  if (early || !self) return { ...(early ?? refusal(503, 'not ready yet')), hangUp: true };
  const body = await readBody(request, deps.secret, room);
  try {
    switch (body.kind) {
      case 'too-large':
        return refusal(413, `the body has more than ${BODY_LIMIT} bytes`, { hangUp: true });
      case 'no-room':
        return refusal(503, 'too much is being received at this moment', { hangUp: true });
      case 'broken':
        return refusal(400, 'the body ended too early', { hangUp: true });
      case 'complete':
        if (!isSigned(header(request, 'x-hub-signature-256'), body.digest))
          return refusal(401, 'the signature does not belong to this body and our secret');
        return await accept(request, Buffer.concat(body.bytes), self, deps);
    }
  } finally {
    body.done();
  }
}

const header = (request: IncomingMessage, name: string): string => {
  const value = request.headers[name];
  return typeof value === 'string' ? value : '';
};

/** What can be refused before a byte of the body is read. */
function checkHeaders(request: IncomingMessage, self: Identity): Refusal | undefined {
  const type = header(request, 'content-type').split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') return refusal(415, 'the content type is not application/json');
  const length = header(request, 'content-length');
  if (length !== '' && Number(length) > BODY_LIMIT)
    return refusal(413, `the body has more than ${BODY_LIMIT} bytes`);
  if (!/^\w{1,100}$/.test(header(request, 'x-github-event'))) return refusal(400, 'no event is named');
  if (!/^[\w-]{8,100}$/.test(header(request, 'x-github-delivery')))
    return refusal(400, 'the delivery has no id');
  const signature = header(request, 'x-hub-signature-256');
  if (signature === '') return refusal(401, 'the delivery is not signed');
  const target = header(request, 'x-github-hook-installation-target-id');
  return target !== '' && target !== String(self.appId)
    ? refusal(403, 'the delivery is for another app')
    : undefined;
}

async function accept(
  request: IncomingMessage,
  bytes: Buffer,
  self: Identity,
  deps: IntakeDeps,
): Promise<Result> {
  const name = header(request, 'x-github-event');
  const event = ROUTED.has(name) ? name : 'other';
  const payload = parse(bytes);
  if (payload === undefined) return refusal(400, 'the body is not a JSON object', { event });
  const routing = route(name, payload, self);
  if (routing.kind === 'irrelevant') return { status: 202, outcome: 'ignored', event };
  if (routing.kind === 'malformed')
    return refusal(400, `the payload is not as expected: ${routing.what}`, { event });
  const { action, work, signals } = routing;
  const guid = header(request, 'x-github-delivery');
  try {
    const [known] = await deps.store.accept([{ guid, event, action, work, signals }], deps.now());
    if (known !== 'known') deps.wake();
    return { status: 202, outcome: known === 'known' ? 'known' : 'accepted', event };
  } catch (error) {
    deps.metrics.errors.inc({ where: 'intake' });
    deps.log.error({ guid, event, ...kindOf(error) }, 'a delivery could not be stored');
    return refusal(503, 'the delivery could not be stored', { event });
  }
}

/** Undefined when it is no JSON object. */
function parse(bytes: Buffer): object | undefined {
  if (!isUtf8(bytes)) return undefined;
  try {
    const value: unknown = JSON.parse(bytes.toString());
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Messages of databases repeat values; their kind and code say enough here. */
function kindOf(error: unknown): Readonly<Record<string, unknown>> {
  const { type, code } = describeError(error);
  return { type, code };
}

/** Only names that look like names are repeated: headers of strangers can hold anything. */
function logRefusal(log: Log, request: IncomingMessage, { status, reason }: Refusal): void {
  const named = (value: string): string | undefined => (/^[\w-]{1,100}$/.test(value) ? value : undefined);
  const context = {
    guid: named(header(request, 'x-github-delivery')),
    event: named(header(request, 'x-github-event')),
    status,
    reason,
  };
  if (status === 503) log.error(context, 'delivery refused');
  else log.warn(context, 'delivery refused');
}
