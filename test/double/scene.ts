/** The cast that the double's own tests share: one organisation, one shop, three people and an app. */
import { installationToken } from './actions/tokens.ts';
import type { App, Installation, Permissions } from './state/nouns.ts';
import { createGitHubDouble, type DoubleOptions, type GitHubDouble } from './double.ts';
import { appJwt, keyPair } from './key-pair.ts';
import { git } from './shared-git.ts';

export const PERMISSIONS: Permissions = {
  checks: 'write',
  pull_requests: 'write',
  contents: 'read',
  issues: 'read',
  merge_queues: 'read',
  members: 'read',
};

export const EVENTS = [
  'pull_request',
  'pull_request_review',
  'pull_request_review_comment',
  'issue_comment',
  'merge_group',
  'push',
];

export const FILES = {
  'README.md': 'Shop\n',
  'main.tf': Array.from({ length: 30 }, (_, line) => `line ${line + 1}\n`).join(''),
};

export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Headers;
}

export interface Received {
  readonly event: string;
  readonly guid: string;
  readonly payload: unknown;
  readonly request: Request;
  readonly text: string;
}

export interface Scene {
  readonly gh: GitHubDouble;
  readonly app: App;
  readonly installation: Installation;
  readonly token: string;
  readonly clock: { at: number };
  /** What the app's webhook received, and what it answers. */
  readonly inbox: { received: Received[]; status: number; refuse: boolean };
  readonly api: (method: string, path: string, body?: unknown, token?: string) => Promise<ApiAnswer>;
  readonly graphql: (query: string, variables?: object) => Promise<ApiAnswer>;
  readonly jwt: () => string;
}

export const START = Date.parse('2026-11-02T09:00:00Z');

export function scene(options: DoubleOptions & { permissions?: Permissions } = {}): Scene {
  const clock = { at: START };
  const inbox: Scene['inbox'] = { received: [], status: 202, refuse: false };
  const gh = createGitHubDouble({
    now: () => new Date(clock.at),
    git,
    deliver: async (request) => {
      if (inbox.refuse) throw new TypeError('fetch failed');
      const text = await request.text();
      inbox.received.push({
        event: request.headers.get('x-github-event') ?? '',
        guid: request.headers.get('x-github-delivery') ?? '',
        payload: JSON.parse(text) as unknown,
        request,
        text,
      });
      return new Response('', { status: inbox.status });
    },
    ...options,
  });
  const { app, installation } = cast(gh, options.permissions ?? PERMISSIONS);
  const jwt = () => appJwt(app.id, new Date(clock.at));
  const token = installationToken(gh.world, installation, {}).value;
  const api: Scene['api'] = async (method, path, body, bearer = token) => {
    const response = await gh.fetch(`https://api.github.com${path}`, {
      method,
      headers: { authorization: `Bearer ${bearer}`, accept: 'application/vnd.github+json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? undefined : (JSON.parse(text) as unknown),
    };
  };
  return {
    gh,
    app,
    installation,
    token,
    clock,
    inbox,
    api,
    jwt,
    graphql: (query, variables) => api('POST', '/graphql', { query, variables }),
  };
}

function cast(gh: GitHubDouble, permissions: Permissions): { app: App; installation: Installation } {
  const { control } = gh;
  control.createUser({ login: 'ada', email: 'ada@example.org' });
  control.createUser({ login: 'bob', email: 'bob@example.org' });
  control.createUser({ login: 'eve', email: 'eve@example.org' });
  control.createOrganisation({ login: 'acme', owners: ['ada'], members: ['bob'] });
  control.createRepository({ owner: 'acme', name: 'shop', files: FILES, collaborators: { bob: 'write' } });
  const app = control.createApp({
    name: 'Threatgate',
    owner: 'acme',
    publicKey: keyPair().publicKey,
    permissions,
    events: EVENTS.filter((event) => event !== 'merge_group' || 'merge_queues' in permissions),
    webhook: { url: 'http://app.test/api/github/webhooks', secret: 'a secret of the tests' },
  });
  return { app, installation: control.install({ app, on: 'acme' }) };
}

/** A branch of Bob's with line 10 changed and a file added, and a pull request for it. */
export function openedPull(gh: GitHubDouble, branch = 'feature') {
  gh.control.pushCommit({
    by: 'bob',
    repo: 'acme/shop',
    branch,
    files: { 'main.tf': FILES['main.tf'].replace('line 10\n', 'line ten\n'), 'added.txt': 'one\ntwo\n' },
  });
  return gh.control.openPullRequest({
    by: 'bob',
    repo: 'acme/shop',
    head: branch,
    title: 'Ten',
    body: 'Why',
  });
}

/** What is at a path of some JSON. */
export function read(json: unknown, ...path: readonly (string | number)[]): unknown {
  let at = json;
  for (const key of path) at = (at as Readonly<Record<string | number, unknown>> | null | undefined)?.[key];
  return at;
}

export const idOf = (answer: ApiAnswer): number => Number(read(answer.body, 'id'));

/** The same field of every entry of a list. */
export function pluck(list: unknown, ...path: readonly (string | number)[]): unknown[] {
  if (!Array.isArray(list)) throw new Error(`This is no list: ${JSON.stringify(list)}`);
  return list.map((each) => read(each, ...path));
}

/** `pull_request.opened`, `push`: what was received, in order. */
export const namesOf = (received: readonly Received[]): string[] =>
  received.map(({ event, payload }) => {
    const action = read(payload, 'action');
    return typeof action === 'string' ? `${event}.${action}` : event;
  });
