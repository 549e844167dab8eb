import { html } from 'hono/html';
import type { HtmlPage, PageContext, PageRoute, RenderPage } from '../../src/web/context.ts';

const page = (title: string, content: HtmlPage['content'], status = 200): HtmlPage => ({
  kind: 'page',
  status,
  title,
  content,
});

const PERIOD = { from: '2000-01-01T00:00:00.000Z', to: '2100-01-01T00:00:00.000Z' };
const FIRST = { after: undefined, most: 500 };

/** Everything that the view says to this viewer. */
async function everything({ view, viewer: { scope }, now }: PageContext): Promise<string> {
  const repositories = await view.repositories(scope, FIRST);
  return JSON.stringify([
    repositories,
    await view.records(scope, {}, FIRST),
    await view.changes(scope, { period: PERIOD }, FIRST),
    await view.counts(scope, { period: PERIOD }),
    await view.exceptions(scope, { period: PERIOD }, now(), FIRST),
    await view.register(scope, {}, now(), FIRST),
    await view.months(scope, { period: PERIOD }, now()),
  ]);
}

/** Pages that show whatever they can get at. */
export const FAKE_PAGES: readonly PageRoute[] = [
  {
    path: '/',
    page: async (c) =>
      page(
        'Everything',
        html`<p>${await everything(c)}</p>
          <p>${c.viewer.role} ${c.viewer.login} ${c.viewer.notices.join(' ')} ${c.viewer.expires}</p>
          <p>csrf=${c.csrf};</p>
          <p>${JSON.stringify(c.freshness)}</p>`,
      ),
  },
  { path: '/records', page: (c) => Promise.resolve(page('Records', html`<p>${c.url.href}</p>`)) },
  { path: '/boom', page: () => Promise.reject(new Error('the password is hunter2')) },
  { path: '/slow', page: () => new Promise(() => undefined) },
  {
    path: '/download',
    page: () => Promise.resolve({ kind: 'download', name: 'a.csv', type: 'text/csv', body: 'a,b\n' }),
  },
  { path: '/exports', page: () => Promise.resolve(page('Exports', html`<p>exports</p>`)) },
  {
    path: '/exports',
    method: 'POST',
    page: (c) =>
      Promise.resolve({
        kind: 'redirect',
        to: `/records?took=${encodeURIComponent(JSON.stringify(c.form))}`,
      }),
  },
  {
    path: '/:owner/:name',
    page: async ({ view, viewer, params }) => {
      const found = await view.repository(viewer.scope, `${params['owner'] ?? ''}/${params['name'] ?? ''}`);
      return found === undefined
        ? page('Not found', html`<p>nothing</p>`, 404)
        : page(found.name, html`<p>${JSON.stringify(found)}</p>`);
    },
  },
];

export const renderPlainly: RenderPage = async (_, { title, content }) => {
  const document = await html`<!doctype html>
    <title>${title}</title>
    ${await content}`;
  return document.toString();
};
