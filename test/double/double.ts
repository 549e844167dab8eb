/** A GitHub of one's own: see README.md. */
import { apps } from './control/apps.ts';
import { conversation } from './control/conversation.ts';
import { development } from './control/development.ts';
import { founding } from './control/founding.ts';
import { issues } from './control/issues.ts';
import { observation } from './control/observation.ts';
import { workflows } from './control/workflows.ts';
import { createGitStore, type GitStore } from './git/store.ts';
import { createPipeline, type RequestRecord } from './http/pipeline.ts';
import { listen, type Listening } from './http/server.ts';
import { servePage } from './pages/pages.ts';
import type { Faults } from './state/faults.ts';
import { GITHUB_LIMITS, type Limits } from './state/options.ts';
import { World } from './state/world.ts';
import type { Delivery, DeliveryOutcome } from './webhooks/delivery.ts';
import { due, fetchTransport, send, type Transport } from './webhooks/transport.ts';

export interface DoubleOptions {
  /** The clock; the real one unless given. */
  readonly now?: () => Date;
  /** Objects to share with other doubles; else a store of its own, in a temporary folder. */
  readonly git?: GitStore;
  /** How webhooks are sent; `fetch` unless given. */
  readonly deliver?: Transport;
  readonly limits?: Partial<Limits>;
  /** Check requests and answers against GitHub's description. On unless a simulation needs the time. */
  readonly validate?: boolean;
  readonly faults?: Faults;
}

export interface ListenOptions {
  readonly port?: number;
  /** Send webhooks as they fall due, instead of waiting for `deliverPending`. */
  readonly autoDeliver?: boolean;
}

export type Control = ReturnType<typeof founding> &
  ReturnType<typeof apps> &
  ReturnType<typeof development> &
  ReturnType<typeof conversation> &
  ReturnType<typeof issues> &
  ReturnType<typeof workflows>;

export interface GitHubDouble {
  readonly handle: (request: Request) => Promise<Response>;
  /** To be given to a client instead of `fetch`; whatever the host, this double answers. */
  readonly fetch: typeof fetch;
  readonly listen: (options?: ListenOptions) => Promise<Listening>;
  readonly control: Control;
  readonly observe: ReturnType<typeof observation>;
  /** Replace or change at any time. */
  faults: Faults;
  /** Every request answered so far. */
  readonly requests: RequestRecord[];
  readonly deliveries: readonly Delivery[];
  /** Deliveries not sent yet, due or not. */
  readonly pending: () => readonly Delivery[];
  /** Sends one delivery, due or not. */
  readonly deliver: (delivery: Delivery) => Promise<DeliveryOutcome>;
  /** Sends what is due, in turn, until nothing is; `order` puts each round in another order. Returns how many. */
  readonly deliverPending: (options?: {
    readonly order?: (due: readonly Delivery[]) => readonly Delivery[];
    readonly rounds?: number;
  }) => Promise<number>;
  readonly world: World;
  /** Removes the store when it is the double's own. */
  readonly dispose: () => void;
}

export function createGitHubDouble(options: DoubleOptions = {}): GitHubDouble {
  const git = options.git ?? createGitStore();
  const world = new World({
    clock: options.now ?? (() => new Date()),
    git,
    limits: { ...GITHUB_LIMITS, ...options.limits },
    apiUrl: 'https://api.github.com',
    htmlUrl: 'https://github.com',
  });
  world.faults = options.faults ?? {};
  const { handle: api, requests } = createPipeline(world, { validate: options.validate ?? true });
  const transport = options.deliver ?? fetchTransport;
  const handle = async (request: Request): Promise<Response> =>
    (await servePage(world, request)) ?? (await api(request));

  async function deliverPending(how: Parameters<GitHubDouble['deliverPending']>[0] = {}): Promise<number> {
    let count = 0;
    for (let round = 0; round < (how.rounds ?? Infinity); round++) {
      const ready = due(world);
      if (ready.length === 0) break;
      for (const delivery of how.order?.(ready) ?? ready) {
        await send(world, delivery, transport);
        count++;
      }
    }
    return count;
  }

  return {
    handle,
    fetch: async (input, init) => handle(new Request(input, init)),
    listen: (how = {}) => serve(world, handle, how, deliverPending),
    control: {
      ...founding(world),
      ...apps(world),
      ...development(world),
      ...conversation(world),
      ...issues(world),
      ...workflows(world),
    },
    observe: observation(world),
    get faults() {
      return world.faults;
    },
    set faults(faults: Faults) {
      world.faults = faults;
    },
    requests,
    deliveries: world.deliveries,
    pending: () => world.deliveries.filter((delivery) => delivery.state === 'pending'),
    deliver: (delivery) => send(world, delivery, transport),
    deliverPending,
    world,
    dispose: () => {
      if (!options.git) git.remove();
    },
  };
}

/** Over sockets the double names itself by its own address, as GitHub Enterprise does. */
async function serve(
  world: World,
  handle: (request: Request) => Promise<Response>,
  how: ListenOptions,
  deliverPending: () => Promise<number>,
): Promise<Listening> {
  const listening = await listen(handle, how.port);
  world.htmlUrl = listening.url;
  world.apiUrl = `${listening.url}/api/v3`;
  if (!how.autoDeliver) return listening;
  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    void deliverPending().finally(() => (busy = false));
  }, 50);
  timer.unref();
  return {
    url: listening.url,
    close: async () => {
      clearInterval(timer);
      await listening.close();
    },
  };
}

export { createGitStore, type GitStore } from './git/store.ts';
export type { Faults, RequestFault, DeliveryFault, RequestInfo } from './state/faults.ts';
export type { RequestRecord } from './http/pipeline.ts';
export type { Delivery } from './webhooks/delivery.ts';
export { Refusal } from './state/refusal.ts';
