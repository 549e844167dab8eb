import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { sleep } from '../../src/app/clock.ts';
import { createMetrics, type Metrics } from '../../src/app/metrics.ts';
import { listen } from '../../src/app/server.ts';
import { viewOfRecords } from '../../src/core/audit/view-of-records.ts';
import { digestOf } from '../../src/core/digest.ts';
import type { AuditRecord } from '../../src/core/model/record.ts';
import { createUserLogin } from '../../src/github/user-login.ts';
import type { Store } from '../../src/review/store.ts';
import { openAccess, type AccessStore } from '../../src/store/open-access.ts';
import type { PageRoute, RenderPage } from '../../src/web/context.ts';
import { cookiesOf } from '../../src/web/cookies.ts';
import { createPages } from '../../src/web/create-pages.ts';
import type { Entrance } from '../../src/web/entrance.ts';
import { ASSETS } from '../../src/web/layout/assets.ts';
import { loginEntrance } from '../../src/web/login-entrance.ts';
import { createPolicyAuditors } from '../../src/web/policy-auditors.ts';
import { createViewers } from '../../src/web/scope.ts';
import { createSessions } from '../../src/web/sessions.ts';
import { captureLog } from '../app/receiver.ts';
import { chain } from '../audit-core/records.ts';
import { createGitHubDouble, type GitHubDouble } from '../double/double.ts';
import { createGitStore } from '../double/git/store.ts';
import { keyPair } from '../double/key-pair.ts';
import type { App } from '../double/state/nouns.ts';
import { temporaryFolder } from '../local/temporary-repository.ts';
import { FAKE_PAGES, renderPlainly } from './shell-pages.ts';

export const SESSION_SECRET = 'a text that is long enough and that nobody has guessed so far';

export interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Sending {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** One request as it is written: nothing is added, nothing is followed. */
export function send(url: string, { method = 'GET', headers = {}, body }: Sending = {}): Promise<Answered> {
  return new Promise((done, fail) => {
    const { origin } = new URL(url);
    const sending = httpRequest(
      origin,
      { method, path: url.slice(origin.length) || '/', headers: { ...headers }, agent: false },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', fail).on('end', () =>
          done({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(parts).toString(),
          }),
        );
      },
    );
    sending.on('error', fail).end(body);
  });
}

/** What a browser does with cookies, and what it says of where a form comes from. */
export class Browser {
  readonly cookies = new Map<string, string>();
  readonly #origin: string;

  constructor(origin: string) {
    this.#origin = origin;
  }

  async send(path: string, sending: Sending = {}): Promise<Answered> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...(cookie === '' ? {} : { cookie }), ...sending.headers };
    const answer = await send(new URL(path, this.#origin).href, { ...sending, headers });
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/max-age=0/i.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return answer;
  }

  get(path: string): Promise<Answered> {
    return this.send(path);
  }

  post(
    path: string,
    fields: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answered> {
    const own = { origin: this.#origin, 'sec-fetch-site': 'same-origin' };
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    return this.send(path, {
      method: 'POST',
      headers: { ...type, ...own, ...headers },
      body: new URLSearchParams(fields).toString(),
    });
  }
}

export interface Shell {
  readonly url: string;
  readonly gh: GitHubDouble;
  readonly app: App;
  readonly access: AccessStore;
  readonly lines: string[];
  readonly metrics: Metrics;
  readonly clock: { at: number };
  readonly browser: () => Browser;
  /** From the page for logging in through GitHub's to where the person wanted to go. */
  readonly logIn: (as: string, options?: { browser?: Browser; to?: string }) => Promise<Browser>;
  readonly idOf: (name: string) => number;
  /** Takes the place of the records. */
  readonly setRecords: (records: readonly AuditRecord[]) => void;
  readonly setPolicies: (policies: Readonly<Record<string, string>>) => void;
  close(): Promise<void>;
}

export interface ShellOptions {
  readonly pages?: readonly PageRoute[];
  readonly render?: RenderPage;
  readonly entrance?: Entrance;
  readonly timeoutMs?: number;
}

/** The real server, sessions in a real database, people who log in at a GitHub of our own; pages as they are given. */
export async function openShell(options: ShellOptions = {}): Promise<Shell> {
  const clock = { at: Date.parse('2026-11-02T10:00:00Z') };
  const now = (): string => new Date(clock.at).toISOString();
  const git = createGitStore();
  const gh = createGitHubDouble({ now: () => new Date(clock.at), git });
  const { log, lines } = captureLog([SESSION_SECRET]);
  const metrics = createMetrics();
  const access = await openAccess({ file: join(temporaryFolder(), 'threatgate.sqlite') });
  const late: { handle?: ReturnType<typeof createPages> } = {};
  const listening = await listen(
    {
      intake: () => Promise.resolve(),
      pages: async (request, response) => late.handle?.(request, response),
      ...{ metrics, log, sleep },
      unready: () => Promise.resolve(undefined),
    },
    '127.0.0.1',
    0,
  );
  const app = foundApp(gh, `${listening.url}/audit/callback`);
  const trail = changeableTrail();
  const entrance =
    options.entrance ?? entranceOf({ gh, app, access, trail, now, log, origin: listening.url });
  late.handle = createPages({
    pages: options.pages ?? FAKE_PAGES,
    render: options.render ?? renderPlainly,
    assets: ASSETS,
    entrance,
    view: trail.view,
    exports: undefined,
    githubUrl: 'https://github.com',
    ...{ now, log },
    seen: (page, status) => metrics.pages.inc({ page, status: String(status) }),
    ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
  });
  const browser = (): Browser => new Browser(listening.url);
  return {
    url: listening.url,
    ...{ gh, app, access, lines, metrics, clock, browser },
    logIn: (as, how = {}) => logIn(gh, as, how.browser ?? browser(), how.to),
    idOf: (name) => gh.world.repository(name).id,
    setRecords: trail.setRecords,
    setPolicies: (policies) => trail.setPolicies(gh, policies),
    close: async () => {
      await listening.close(0);
      await access.close();
      git.remove();
    },
  };
}

function foundApp(gh: GitHubDouble, callback: string): App {
  const { control } = gh;
  for (const login of ['ada', 'bob', 'eve', 'jane']) control.createUser({ login });
  control.createOrganisation({ login: 'acme', owners: ['ada'], members: ['bob'] });
  for (const name of ['shop', 'vault']) control.createRepository({ owner: 'acme', name, private: true });
  const app = control.createApp({
    name: 'Threatgate',
    owner: 'acme',
    publicKey: keyPair().publicKey,
    permissions: { contents: 'read' },
    events: [],
    callbackUrls: [callback],
  });
  control.install({ app, on: 'acme' });
  return app;
}

type Trail = ReturnType<typeof changeableTrail>;

/** Records and policies that a test replaces while everything runs. */
function changeableTrail() {
  let current = viewOfRecords([]);
  let rows: Awaited<ReturnType<Store['repositories']>> = [];
  let documents = new Map<string, string>();
  const view = new Proxy(current, { get: (_, name) => Reflect.get(current, name) as unknown });
  return {
    view,
    store: {
      repositories: () => Promise.resolve(rows),
      document: (digest: string) => {
        const text = documents.get(digest);
        return Promise.resolve(text === undefined ? undefined : { digest, kind: 'policy' as const, text });
      },
    },
    setRecords: (records: readonly AuditRecord[]) => {
      current = viewOfRecords(records);
    },
    setPolicies: (gh: GitHubDouble, policies: Readonly<Record<string, string>>) => {
      documents = new Map();
      rows = Object.entries(policies).map(([name, text]) => {
        const document = JSON.stringify({ organisation: '', repository: text });
        const policy = digestOf(document);
        documents.set(policy, document);
        const repository = { id: gh.world.repository(name).id, name };
        return { repository, installation: 1, active: true, protectedBranches: '[]', tips: '{}', policy };
      });
    },
  };
}

function entranceOf(parts: {
  readonly gh: GitHubDouble;
  readonly app: App;
  readonly access: AccessStore;
  readonly trail: Trail;
  readonly now: () => string;
  readonly log: ReturnType<typeof captureLog>['log'];
  readonly origin: string;
}): Entrance {
  const { gh, app, access, trail, now, log, origin } = parts;
  const github = createUserLogin({
    appId: app.id,
    clientId: app.clientId,
    clientSecret: app.clientSecret,
    webUrl: 'https://github.com',
    fetch: gh.fetch,
    now: () => new Date(now()),
    log,
  });
  return loginEntrance({
    ...{ github, access, origin, now, log },
    sessions: createSessions(access, SESSION_SECRET),
    viewerOf: createViewers({ github, access, auditors: createPolicyAuditors(trail.store), now, log }),
    jar: cookiesOf(origin),
    secret: SESSION_SECRET,
  });
}

async function logIn(gh: GitHubDouble, as: string, browser: Browser, to?: string): Promise<Browser> {
  const query = to === undefined ? '' : `?to=${encodeURIComponent(to)}`;
  const away = await browser.get(`/audit/login${query}`);
  const back = gh.control.authorise({ login: as, url: away.headers.location ?? '' });
  await browser.get(back);
  return browser;
}

/** A chain of records of each repository. */
export const recordsOf = (
  repositories: readonly { readonly id: number; readonly name: string }[],
): readonly AuditRecord[] =>
  chain(
    ...repositories.flatMap((repository) => [
      { kind: 'installed', repository } as const,
      { kind: 'gate-outage', repository, details: { note: `of ${repository.name}` } } as const,
    ]),
  );
