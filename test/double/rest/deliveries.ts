import { numberOf, ok, type Answer, type Call, type Route } from '../http/call.ts';
import type { Shape } from '../shapes/account.ts';
import { notFound } from '../state/refusal.ts';
import type { Delivery, DeliveryOutcome } from '../webhooks/delivery.ts';
import { enqueueDelivery } from '../webhooks/emission.ts';
import { webhookRequest } from '../webhooks/transport.ts';

type Attempted = Delivery & { readonly outcome: DeliveryOutcome };

const wasAttempted = (delivery: Delivery): delivery is Attempted => delivery.outcome !== undefined;

/** What GitHub still remembers having tried, newest first. */
function attempts(call: Call): Attempted[] {
  const { world, caller } = call;
  if (caller.kind !== 'app') throw notFound();
  const since = world.now - world.limits.deliveryRetention;
  return world.deliveries
    .filter((delivery) => delivery.app === caller.app)
    .filter(wasAttempted)
    .filter((delivery) => delivery.outcome.at >= since && delivery.outcome.at <= call.at)
    .sort((a, b) => b.id - a.id);
}

const succeeded = ({ outcome }: Attempted) => outcome.statusCode >= 200 && outcome.statusCode < 400;

function itemShape(delivery: Attempted): Shape {
  const { outcome } = delivery;
  return {
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: new Date(outcome.at).toISOString(),
    redelivery: delivery.redelivery,
    duration: outcome.duration,
    status: outcome.status,
    status_code: outcome.statusCode,
    event: delivery.event,
    action: delivery.action ?? null,
    installation_id: delivery.installationId ?? null,
    repository_id: delivery.repositoryId ?? null,
    throttled_at: null,
  };
}

function list(call: Call): Answer {
  const { status, cursor } = call.query;
  const size = Math.min(Math.max(Number(call.query['per_page'] ?? 30) || 30, 1), 100);
  const all = attempts(call).filter(
    (each) => status === undefined || succeeded(each) === (status === 'success'),
  );
  const before = cursor === undefined ? Infinity : Number(cursor.replace('v1_', ''));
  const rest = all.filter((each) => each.id < before);
  const shown = rest.slice(0, size);
  const next = new URL(call.url);
  next.searchParams.set('cursor', `v1_${shown.at(-1)?.id ?? 0}`);
  return {
    status: 200,
    body: shown.map(itemShape),
    ...(rest.length > shown.length ? { headers: { link: `<${next.href}>; rel="next"` } } : {}),
  };
}

function one(call: Call): Attempted {
  const found = attempts(call).find((each) => each.id === numberOf(call, 'delivery_id'));
  if (!found) throw notFound();
  return found;
}

function show(call: Call): Answer {
  const delivery = one(call);
  return ok({
    ...itemShape(delivery),
    url: delivery.app.webhook?.url ?? '',
    request: {
      headers: Object.fromEntries(webhookRequest(delivery).headers),
      payload: JSON.parse(delivery.payload) as unknown,
    },
    response: { headers: {}, payload: delivery.outcome.body ?? null },
  });
}

/** The same GUID again, as a new attempt. */
function attempt(call: Call): Answer {
  const { guid, app, event, action, installationId, repositoryId, payload } = one(call);
  enqueueDelivery(call.world, {
    guid,
    app,
    event,
    action,
    installationId,
    repositoryId,
    payload,
    redelivery: true,
  });
  return { status: 202, body: {} };
}

export const DELIVERY_ROUTES: readonly Route[] = [
  { method: 'GET', template: '/app/hook/deliveries', access: 'app', run: list },
  { method: 'GET', template: '/app/hook/deliveries/{delivery_id}', access: 'app', run: show },
  { method: 'POST', template: '/app/hook/deliveries/{delivery_id}/attempts', access: 'app', run: attempt },
];
