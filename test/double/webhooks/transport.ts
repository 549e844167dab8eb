/** Carrying queued deliveries to the apps. */
import { createHmac } from 'node:crypto';
import type { World } from '../state/world.ts';
import type { Delivery, DeliveryOutcome } from './delivery.ts';

/** Sends one webhook; `fetch` unless a test wants no sockets. */
export type Transport = (request: Request) => Promise<Response>;

/** GitHub waits this long for an answer. */
const PATIENCE = 10_000;

export const signature = (secret: string, body: string): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

export function webhookRequest(delivery: Delivery): Request {
  const webhook = delivery.app.webhook ?? { url: 'http://nowhere.invalid/', secret: '' };
  return new Request(webhook.url, {
    method: 'POST',
    body: delivery.payload,
    headers: {
      accept: '*/*',
      'content-type': 'application/json',
      'user-agent': 'GitHub-Hookshot/double',
      'x-github-delivery': delivery.guid,
      'x-github-event': delivery.event,
      'x-github-hook-id': String(delivery.app.id),
      'x-github-hook-installation-target-id': String(delivery.app.id),
      'x-github-hook-installation-target-type': 'integration',
      'x-hub-signature-256': signature(webhook.secret, delivery.payload),
    },
  });
}

/** What is due, in the order it would be sent. */
export function due(world: World): Delivery[] {
  return world.deliveries
    .filter((delivery) => delivery.state === 'pending' && delivery.dueAt <= world.now)
    .sort((a, b) => a.dueAt - b.dueAt || a.id - b.id);
}

/** One attempt, logged as GitHub logs it. Never throws: a failure is the log's matter. */
export async function send(world: World, delivery: Delivery, transport: Transport): Promise<DeliveryOutcome> {
  delivery.state = 'sending';
  const started = world.now;
  const logged = (status: string, statusCode: number, body?: string): DeliveryOutcome => {
    delivery.state = 'done';
    const duration = (world.now - started) / 1000;
    return (delivery.outcome = { at: world.now, status, statusCode, duration, body });
  };
  try {
    const response = await transport(webhookRequest(delivery));
    const body = await response.text();
    return logged(response.ok ? 'OK' : `Invalid HTTP Response: ${response.status}`, response.status, body);
  } catch (error) {
    const timedOut = error instanceof Error && error.name === 'TimeoutError';
    return timedOut ? logged('timed out', 504) : logged('failed to connect to host', 502);
  }
}

export const fetchTransport: Transport = (request) =>
  fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
