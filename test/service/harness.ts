/**
 * The service in one process against the GitHub double, without sockets: a delivery is routed and stored as the intake
 * does it, looks are made by the worker's own loop, and time is the test's.
 */
import type { Analysis } from '../../src/core/assess.ts';
import { canonicalJson, digestOf } from '../../src/core/digest.ts';
import { createAnalysisCache } from '../../src/app/analysis-cache.ts';
import { route, type Identity } from '../../src/app/events.ts';
import { renewal } from '../../src/app/lease.ts';
import { createMetrics } from '../../src/app/metrics.ts';
import { makeRound, RECONCILER } from '../../src/app/reconcile.ts';
import { createRedelivery } from '../../src/app/redelivery.ts';
import { runDue } from '../../src/app/worker.ts';
import { createGitHub } from '../../src/github/github.ts';
import type { RequestInfo } from '../../src/github/client.ts';
import { analyseInput, type AnalysisInput } from '../../src/review/analysis-input.ts';
import type { Log, LookDeps } from '../../src/review/deps.ts';
import type { AppHosting } from '../../src/review/hosting.ts';
import { lookAt } from '../../src/review/look.ts';
import type { Store } from '../../src/review/store.ts';
import { keyOf } from '../../src/review/work.ts';
import { loadParsers } from '../../src/runtime/load-parsers.ts';
import { openStore } from '../../src/store/open-store.ts';
import { createGitHubDouble, type DoubleOptions, type GitHubDouble } from '../double/double.ts';
import { keyPair } from '../double/key-pair.ts';
import type { App, Installation, Permissions } from '../double/state/nouns.ts';
import { SHOP } from './shop.ts';

export const PERMISSIONS = {
  checks: 'write',
  pull_requests: 'write',
  contents: 'read',
  issues: 'read',
  merge_queues: 'read',
  members: 'read',
} as const;

export const SECRET = 'a secret of the tests, long enough';
export const START = Date.parse('2026-11-02T09:00:00.000Z');
const BOUND_MS = 10 * 60_000;

export interface Logged {
  readonly level: string;
  readonly message: string;
  readonly context: Readonly<Record<string, unknown>>;
}

export interface Setting {
  readonly gh: GitHubDouble;
  readonly app: App;
  readonly installation: Installation;
  readonly clock: { at: number };
}

export interface ServiceUnderTest extends Setting {
  readonly store: Store;
  readonly hosting: AppHosting;
  readonly requests: RequestInfo[];
  readonly logged: Logged[];
  readonly now: () => string;
  readonly pass: (ms: number) => void;
  /** Delivers everything and works until nothing is due within `patienceMs`. */
  readonly settle: (patienceMs?: number) => Promise<void>;
  /** One round of the reconciler. */
  readonly reconcile: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** The cast: Bob writes the change, Alice and the security team may approve, Eve is nobody. */
export function setTheScene(
  options: DoubleOptions & { clock: { at: number }; permissions?: Permissions },
): Setting {
  const { clock } = options;
  const gh = createGitHubDouble({ ...options, now: () => new Date(clock.at) });
  const { control } = gh;
  for (const login of ['ada', 'alice', 'bob', 'carol', 'eve'])
    control.createUser({ login, email: `${login}@example.org` });
  control.createOrganisation({ login: 'acme', owners: ['ada'], members: ['alice', 'bob', 'carol'] });
  control.createTeam({ organisation: 'acme', slug: 'security', members: ['carol'] });
  control.createRepository({
    owner: 'acme',
    name: 'shop',
    files: SHOP,
    collaborators: { alice: 'write', bob: 'write', carol: 'write' },
  });
  const app = control.createApp({
    name: 'Threatgate',
    owner: 'acme',
    publicKey: keyPair().publicKey,
    permissions: { ...PERMISSIONS, ...options.permissions },
    events: [
      'pull_request',
      'pull_request_review',
      'pull_request_review_comment',
      'issue_comment',
      'issues',
      'merge_group',
      'push',
      'repository',
    ],
    webhook: { url: 'http://app.test/api/github/webhooks', secret: SECRET },
  });
  return { gh, app, installation: control.install({ app, on: 'acme' }), clock };
}

/** The double's answers, with time passing at every request, so that no two things happen in the same instant. */
export function fetchOf({ gh, clock }: Setting): typeof fetch {
  return (input, init) => {
    clock.at += 30;
    return gh.fetch(input, init);
  };
}

/** What an analysis comes to depends on its input alone, so that every test of a process can share it. */
const analysed = new Map<string, Analysis>();

export async function analyseOnce(input: AnalysisInput): Promise<Analysis> {
  await loadParsers();
  const key = digestOf(canonicalJson(input));
  const known = analysed.get(key) ?? analyseInput(input);
  analysed.set(key, known);
  return known;
}

/** What a running service is made of; a simulation puts faults around each. */
export interface Pieces {
  readonly setting: Setting;
  readonly store: Store;
  readonly hosting: AppHosting;
  readonly log: Log;
}

export const identityOf = (app: App): Identity => ({ appId: app.id, botLogin: `${app.slug}[bot]` });

/** Stores a delivery as the intake does, and answers as it does. */
export async function receive(request: Request, app: App, store: Store, now: string): Promise<Response> {
  const event = request.headers.get('x-github-event') ?? '';
  const guid = request.headers.get('x-github-delivery') ?? '';
  const routing = route(event, await request.json(), identityOf(app));
  if (routing.kind === 'malformed') return new Response(routing.what, { status: 400 });
  if (routing.kind === 'irrelevant') return new Response('ignored', { status: 202 });
  const { action, work, signals } = routing;
  await store.accept([{ guid, event, action, work, signals }], now);
  return new Response('accepted', { status: 202 });
}

export function lookDepsOf({ setting, store, hosting, log }: Pieces): LookDeps {
  const now = (): string => new Date(setting.clock.at).toISOString();
  return {
    store,
    app: hosting,
    now,
    log,
    analyse: analyseOnce,
    analyses: createAnalysisCache(50),
    renew: renewal(store.queue, now, 60_000),
    checkName: 'Threatgate',
    pagesUrl: 'https://gate.example.com/audit',
    outageAfterMs: BOUND_MS,
  };
}

/** A worker over these pieces: looks at everything that is due now. */
export function workerOf(pieces: Pieces, name: string): () => Promise<number> {
  const { setting, store, hosting, log } = pieces;
  const deps = lookDepsOf(pieces);
  const metrics = createMetrics();
  const round = {
    store,
    hosting,
    now: deps.now,
    log,
    metrics,
    redelivery: createRedelivery(),
    intervalMs: BOUND_MS,
  };
  let runs = 0;
  return () =>
    runDue({
      store,
      look: (lease) => {
        setting.clock.at += 20;
        return lease.key === keyOf(RECONCILER) ? makeRound(lease, round) : lookAt(lease, deps);
      },
      now: deps.now,
      log,
      metrics,
      name: `${name}/${++runs}`,
      leaseMs: 60_000,
    });
}

export async function serviceUnderTest(
  options: Omit<DoubleOptions, 'now'> & { permissions?: Permissions } = {},
): Promise<ServiceUnderTest> {
  const clock = { at: START };
  const store = await openStore({ file: ':memory:' });
  const now = (): string => new Date(clock.at).toISOString();
  const setting: Setting = setTheScene({
    ...options,
    clock,
    deliver: (request) => receive(request, setting.app, store, now()),
  });
  const requests: RequestInfo[] = [];
  const logged: Logged[] = [];
  const write =
    (level: string) =>
    (context: Readonly<Record<string, unknown>>, message: string): void =>
      void logged.push({ level, message, context });
  const log = { info: write('info'), warn: write('warn'), error: write('error') };
  const hosting = createGitHub({
    appId: setting.app.id,
    privateKey: keyPair().privateKey,
    fetch: fetchOf(setting),
    now: () => new Date(clock.at),
    log,
    onRequest: (info) => void requests.push(info),
  });
  const work = workerOf({ setting, store, hosting, log }, 'worker');
  const settle = async (patienceMs = 0): Promise<void> => {
    const until = clock.at + patienceMs;
    for (;;) {
      const delivered = await setting.gh.deliverPending();
      const worked = await work();
      if (delivered + worked > 0) continue;
      const due = await store.queue.nextDue();
      if (due === undefined || Date.parse(due) > until) return;
      clock.at = Math.max(clock.at, Date.parse(due));
    }
  };
  return {
    ...setting,
    store,
    hosting,
    requests,
    logged,
    now,
    pass: (ms) => void (clock.at += ms),
    settle,
    reconcile: async () => {
      clock.at += BOUND_MS;
      await store.queue.want([RECONCILER], now());
      await settle(BOUND_MS);
    },
    close: () => store.close(),
  };
}
