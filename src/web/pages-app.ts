import { Hono, type Context } from 'hono';
import type { HttpBindings } from '@hono/node-server';
import type { TrailView } from '../core/model/view.ts';
import type { Log } from '../review/deps.ts';
import { answerOf, bareAnswer, downloadOf, htmlAnswer, redirectTo } from './answers.ts';
import type { Asset, PageAnswer, PageContext, PageRoute, RenderPage, Viewer } from './context.ts';
import type { Admission, Entrance } from './entrance.ts';
import type { Exports } from './exports.ts';
import { readForm } from './form.ts';
import { ASSET_CACHE } from './headers.ts';
import { assetPath, BASE } from './paths.ts';
import { createSlots } from './slots.ts';

export interface PagesDeps {
  readonly pages: readonly PageRoute[];
  readonly render: RenderPage;
  readonly assets: readonly Asset[];
  readonly entrance: Entrance;
  readonly view: TrailView;
  readonly exports: Exports | undefined;
  /** Where people see GitHub. */
  readonly githubUrl: string;
  readonly now: () => string;
  readonly log: Log;
  /** For metrics; `page` is the path of a route, so that there are no more of them than routes. */
  readonly seen: (page: string, status: number) => void;
  /** Longest that a page may take. */
  readonly timeoutMs?: number;
}

type Env = { Bindings: Partial<HttpBindings> };
type Handled = (c: Context<Env>) => Promise<Response>;

const MOST_QUERY = 4_000;
const TIMEOUT_MS = 20_000;
/** Requests that run at the same time, of one viewer and of all. */
const MOST_RUNNING = { each: 8, all: 64 };

/** The pages as one function from request to answer; whoever calls it has the server. */
export function createPagesApp(
  deps: PagesDeps,
): (request: Request, env?: Env['Bindings']) => Promise<Response> {
  const app = new Hono<Env>({ strict: false });
  for (const asset of deps.assets) route(app, deps, assetPath(asset), [['GET', assetHandler(asset)]]);
  for (const { path, method, answer } of deps.entrance.routes)
    route(app, deps, path, [[method, (c) => answer(c.req.raw, addressOf(c))]]);
  const show = pageHandler(deps);
  for (const path of new Set(deps.pages.map((page) => page.path))) {
    const here = deps.pages.filter((page) => page.path === path);
    route(
      app,
      deps,
      path,
      here.map((page) => [page.method ?? 'GET', (c) => show(c, page)]),
    );
  }
  // An address that leads out of here once its dots are read is nowhere, too.
  app.notFound(guarded(deps, 'other', (c) => nowhere(c, deps)));
  return async (request, env = {}) => app.fetch(request, env);
}

const addressOf = (c: Context<Env>): string => c.env.incoming?.socket.remoteAddress ?? '';

/** One path with its methods; any other method is told which ones there are. */
function route(
  app: Hono<Env>,
  deps: PagesDeps,
  path: string,
  handlers: readonly (readonly ['GET' | 'POST', Handled])[],
): void {
  const label = path.startsWith('/assets/') ? '/assets' : path;
  const at = path === '/' ? BASE : BASE + path;
  for (const [method, handle] of handlers) app.on(method, at, guarded(deps, label, handle));
  const allow = handlers.flatMap(([method]) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ');
  app.all(
    at,
    guarded(deps, label, () =>
      bareAnswer(405, { title: 'Not possible here', sentences: [`This address takes ${allow} alone.`] }, [
        ['allow', allow],
      ]),
    ),
  );
}

/** Counts, and answers when something throws: nothing of an error leaves the log. */
function guarded(deps: PagesDeps, label: string, handle: Handled): Handled {
  return async (c) => {
    let answer: Response;
    try {
      answer = await handle(c);
    } catch (error) {
      deps.log.error({ err: error, page: label }, 'a page could not be shown');
      answer = await bareAnswer(500, {
        title: 'Something went wrong',
        sentences: [
          'The page could not be shown. The log of the service says why; load it again in a while.',
        ],
      });
    }
    deps.seen(label, answer.status);
    return answer;
  };
}

const assetHandler =
  ({ text, type }: Asset): Handled =>
  () =>
    Promise.resolve(
      answerOf(200, text, `${type}; charset=utf-8`, [
        ['cache-control', ASSET_CACHE],
        ['vary', 'accept-encoding'],
      ]),
    );

/** Whoever may not look is not told which addresses there are. */
async function nowhere(c: Context<Env>, { entrance }: PagesDeps): Promise<Response> {
  const admission = await entrance.admit(c.req.raw);
  if (admission.kind !== 'viewer') return shutOut(c, admission);
  return bareAnswer(404, {
    title: 'Not found',
    sentences: ['There is no such page.'],
    link: { href: BASE, text: 'Overview' },
  });
}

function shutOut(c: Context<Env>, admission: Exclude<Admission, { kind: 'viewer' }>): Promise<Response> {
  if (admission.kind === 'refused')
    return bareAnswer(admission.status, { title: 'Not here', sentences: [admission.why] });
  const { pathname, search } = new URL(c.req.url);
  const to =
    c.req.method === 'GET' && pathname !== BASE ? `?to=${encodeURIComponent(pathname + search)}` : '';
  return bareAnswer(
    401,
    {
      title: 'Log in',
      sentences: [
        ...(admission.why === undefined ? [] : [admission.why]),
        'You see the audit trail of the repositories that you can read on GitHub, and of those that you are an auditor of.',
      ],
      link: { href: `${BASE}/login${to}`, text: 'Log in with GitHub' },
    },
    admission.more,
  );
}

function pageHandler(deps: PagesDeps): (c: Context<Env>, page: PageRoute) => Promise<Response> {
  const slots = createSlots(MOST_RUNNING);
  return async (c, page) => {
    const { search } = new URL(c.req.url);
    if (search.length > MOST_QUERY)
      return bareAnswer(414, { title: 'Too long', sentences: ['The address of this page is too long.'] });
    const admission = await deps.entrance.admit(c.req.raw);
    if (admission.kind !== 'viewer') return shutOut(c, admission);
    const { viewer } = admission;
    // Its place is taken until it ends, also when nobody waits for it any more.
    const running = slots.run(viewer.id ?? '', () => show(c, page, admission, deps));
    return (await within(deps.timeoutMs ?? TIMEOUT_MS, running)) ?? busy();
  };
}

const busy = (): Promise<Response> =>
  bareAnswer(
    503,
    {
      title: 'Too much at once',
      sentences: [
        'Too many pages are being asked for, or this one takes too long.',
        'Load it again in a while, or ask for a shorter time.',
      ],
    },
    [['retry-after', '5']],
  );

/** Undefined when it takes longer. What it still does is bounded by the database, and looked at by nobody. */
async function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), ms);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}

async function show(
  c: Context<Env>,
  page: PageRoute,
  { viewer, csrf }: { readonly viewer: Viewer; readonly csrf: string },
  deps: PagesDeps,
): Promise<Response> {
  const origin = deps.entrance.originOf(c.req.raw);
  const form =
    page.method === 'POST'
      ? await readForm(c.req.raw, { origin, csrf })
      : ({ kind: 'form', fields: {} } as const);
  if (form.kind === 'refused')
    return bareAnswer(form.status, {
      title: 'Not taken',
      sentences: [form.why, 'Nothing was done. Load the page again and repeat it.'],
    });
  const { pathname, search } = new URL(c.req.url);
  const context: PageContext = {
    view: deps.view,
    viewer,
    now: deps.now,
    freshness: await deps.view.refresh().then(() => deps.view.freshness(viewer.scope)),
    base: BASE,
    url: new URL(pathname + search, origin),
    csrf,
    local: deps.entrance.local,
    params: c.req.param(),
    form: form.fields,
    githubUrl: deps.githubUrl,
    exports: deps.exports,
  };
  return rendered(context, await page.page(context), deps.render);
}

async function rendered(context: PageContext, answer: PageAnswer, render: RenderPage): Promise<Response> {
  switch (answer.kind) {
    case 'page':
      return htmlAnswer(answer.status, await render(context, answer));
    case 'redirect':
      return redirectTo(`${BASE}${answer.to.startsWith('/') ? answer.to : `/${answer.to}`}`);
    case 'download':
      return downloadOf(answer);
  }
}
