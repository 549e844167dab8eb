import { z } from 'zod';
import { Unavailable } from '../review/hosting-errors.ts';
import type { PastDelivery } from '../review/hosting.ts';
import { botLogin } from './accounts.ts';
import type { Client, Parameters } from './client.ts';
import type { Self } from './discussion.ts';
import type { Headers } from './errors.ts';
import { allPages } from './pages.ts';
import { hugeId, id, instant } from './shapes.ts';

/** Pages of a hundred. */
const MOST = { installations: 100, deliveries: 50 };

/** An App can be renamed, and its bot with it. */
const SELF_MS = 3_600_000;

const app = z.object({ slug: z.string().min(1) });

/** Who we are in discussions, asked for once an hour. */
export function selfOf(client: Client, now: () => Date): () => Promise<Self> {
  let known: { readonly self: Promise<Self>; readonly until: number } | undefined;
  const ask = async () => ({ login: botLogin((await client.rest(app, 'GET /app')).value.slug) });
  return () => {
    if (known && known.until > now().getTime()) return known.self;
    const asked = { self: ask(), until: now().getTime() + SELF_MS };
    known = asked;
    asked.self.catch(() => {
      if (known === asked) known = undefined;
    });
    return asked.self;
  };
}

const installations = z.array(z.object({ id, suspended_at: z.string().nullable() }));

export async function listInstallations(
  client: Client,
): Promise<readonly { readonly id: number; readonly suspended: boolean }[]> {
  const { items, complete } = await allPages(client, installations, (answer) => answer, {
    route: 'GET /app/installations',
    most: MOST.installations,
  });
  if (!complete) throw new Unavailable('There are more installations than can be listed.');
  return items.map((each) => ({ id: each.id, suspended: each.suspended_at !== null }));
}

const deliveries = z.array(
  z.object({ id: hugeId, guid: z.string(), event: z.string(), delivered_at: instant }),
);

/** Newest first, back to `since`. */
export async function failedDeliveries(client: Client, since: string): Promise<readonly PastDelivery[]> {
  const found: PastDelivery[] = [];
  let parameters: Parameters = { status: 'failure', per_page: 100 };
  for (let page = 0; page < MOST.deliveries; page++) {
    const { value, headers } = await client.rest(deliveries, 'GET /app/hook/deliveries', parameters);
    for (const each of value) {
      if (Date.parse(each.delivered_at) < Date.parse(since)) return found;
      found.push({ id: each.id, guid: each.guid, event: each.event, at: each.delivered_at });
    }
    const cursor = nextCursor(headers);
    if (cursor === undefined) return found;
    parameters = { ...parameters, cursor };
  }
  return found;
}

function nextCursor(headers: Headers): string | undefined {
  const [, address] = /<([^>]+)>;\s*rel="next"/.exec(String(headers['link'] ?? '')) ?? [];
  return address === undefined ? undefined : (new URL(address).searchParams.get('cursor') ?? undefined);
}

export async function redeliver(client: Client, delivery: string): Promise<void> {
  const route = 'POST /app/hook/deliveries/{delivery_id}/attempts';
  await client.rest(z.unknown(), route, { delivery_id: delivery });
}
