import type { Account, App, Installation, Permissions, Repository } from '../state/nouns.ts';
import type { World } from '../state/world.ts';

/** Who asks, as their token says. */
export type Caller =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'app'; readonly app: App }
  | {
      readonly kind: 'installation';
      readonly app: App;
      readonly installation: Installation;
      readonly permissions: Permissions;
      readonly repositories: ReadonlySet<number> | undefined;
    }
  | {
      readonly kind: 'actions';
      readonly app: App;
      readonly permissions: Permissions;
      readonly repositories: ReadonlySet<number> | undefined;
    }
  | { readonly kind: 'user'; readonly user: Account; readonly app?: App };

/** One request on its way through a route. */
export interface Call {
  readonly world: World;
  readonly caller: Caller;
  readonly url: URL;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly accept: string;
  /** The moment that reads look at: now, or earlier while the double lags. */
  readonly at: number;
}

export interface RepositoryCall extends Call {
  readonly repository: Repository;
}

export interface Answer {
  readonly status: number;
  /** JSON unless `raw` is given. */
  readonly body?: unknown;
  readonly raw?: Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** `undefined`: whoever has a token may. `app`: only with the app's own JWT. */
export type Access = 'app' | readonly [permission: string, level: 'read' | 'write'] | undefined;

export interface Route {
  readonly method: string;
  /** As in GitHub's description: `/repos/{owner}/{repo}/pulls/{pull_number}`. */
  readonly template: string;
  readonly access: Access;
  /** Creates something that people are told about: counts for the secondary limit. */
  readonly content?: true;
  readonly run: (call: Call) => Answer;
}

const REPOSITORY = '/repos/{owner}/{repo}';

/** A route below a repository; that the caller may see the repository is checked before it runs. */
export function inRepository(
  method: string,
  path: string,
  access: Access,
  run: (call: RepositoryCall) => Answer,
  more: { content?: true } = {},
): Route {
  return {
    method,
    template: `${REPOSITORY}${path}`,
    access,
    ...more,
    run: (call) => {
      const name = `${call.params['owner'] ?? ''}/${call.params['repo'] ?? ''}`;
      return run({ ...call, repository: call.world.repository(name) });
    },
  };
}

export const ok = (body: unknown): Answer => ({ status: 200, body });
export const created = (body: unknown): Answer => ({ status: 201, body });

/** In whose name the caller acts. */
export function actor(caller: Caller): Account | undefined {
  if (caller.kind === 'user') return caller.user;
  return caller.kind === 'anonymous' ? undefined : caller.app.bot;
}

export const numberOf = (call: Call, name: string): number => Number(call.params[name]);

/** One page of a list, with GitHub's `Link` header. */
export function page<T>(
  call: Call,
  items: readonly T[],
  shape: (item: T) => unknown,
  wrap?: (items: unknown[]) => unknown,
): Answer {
  const size = Math.min(Math.max(Number(call.query['per_page'] ?? 30) || 30, 1), 100);
  const current = Math.max(Number(call.query['page'] ?? 1) || 1, 1);
  const last = Math.max(Math.ceil(items.length / size), 1);
  const shown = items.slice((current - 1) * size, current * size).map(shape);
  const link = pageLinks(call.url, current, last);
  return {
    status: 200,
    body: wrap ? wrap(shown) : shown,
    ...(link === '' ? {} : { headers: { link } }),
  };
}

export function pageLinks(url: URL, current: number, last: number): string {
  const to = (number: number) => {
    const target = new URL(url);
    target.searchParams.set('page', String(number));
    return target.href;
  };
  return [
    ...(current > 1 ? [`<${to(current - 1)}>; rel="prev"`] : []),
    ...(current < last ? [`<${to(current + 1)}>; rel="next"`, `<${to(last)}>; rel="last"`] : []),
    ...(current > 1 ? [`<${to(1)}>; rel="first"`] : []),
  ].join(', ');
}
