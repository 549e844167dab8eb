/** The pages as the service shows them, over the sample ledger, on a port of their own. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { viewOfRecords } from '../../src/core/audit/view-of-records.ts';
import type { TrailView } from '../../src/core/model/view.ts';
import { createPages } from '../../src/web/create-pages.ts';
import type { Entrance } from '../../src/web/entrance.ts';
import { ASSETS } from '../../src/web/layout/assets.ts';
import { renderPage } from '../../src/web/layout/layout.ts';
import { localEntrance } from '../../src/web/local-entrance.ts';
import { PAGES } from '../../src/web/pages/index.ts';
import { sampleExports } from './pages-exports.ts';
import { NOW, sampleLedger } from './pages-ledger.ts';

export interface PagesServer {
  readonly origin: string;
  /** What went wrong inside, which no answer tells. */
  readonly problems: readonly string[];
  readonly close: () => Promise<void>;
}

export async function sampleView(): Promise<TrailView> {
  const { records, documents } = await sampleLedger();
  return viewOfRecords(records, documents);
}

export async function servePages(
  over: { readonly view?: TrailView; readonly entrance?: Entrance; readonly now?: string } = {},
): Promise<PagesServer> {
  const { view = await sampleView(), entrance = localEntrance(), now = NOW } = over;
  const problems: string[] = [];
  const log = {
    info: () => undefined,
    warn: () => undefined,
    error: (context: object, message: string) =>
      void problems.push(`${message}: ${'err' in context ? String(context.err) : ''}`),
  };
  const handle = createPages({
    pages: PAGES,
    render: renderPage,
    assets: ASSETS,
    entrance,
    view,
    exports: sampleExports,
    githubUrl: 'https://github.com',
    now: () => now,
    log,
    seen: () => undefined,
  });
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    problems,
    close: () => new Promise((done) => void server.close(() => done())),
  };
}
