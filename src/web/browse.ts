import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { openToRead } from '../audit/read-ledger.ts';
import type { TrailView } from '../core/model/view.ts';
import { webUrlOf } from '../github/web-address.ts';
import type { Log } from '../review/deps.ts';
import { UserError } from '../review/errors.ts';
import { shownPlace, type Place } from '../store/place.ts';
import { openView } from '../store/open-view.ts';
import { PackageExports } from './create-exports.ts';
import { createPages } from './create-pages.ts';
import { ASSETS } from './layout/assets.ts';
import { renderPage } from './layout/layout.ts';
import { keepFresh } from './keep-fresh.ts';
import { localEntrance } from './local-entrance.ts';
import { PAGES } from './pages/index.ts';
import { BASE } from './paths.ts';

export interface BrowseOptions {
  readonly place: Place;
  /** 0 for a free one. */
  readonly port: number;
  readonly apiUrl: string;
  readonly now: () => string;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly stop: AbortSignal;
}

const TIMEOUTS = { requestTimeout: 30_000, headersTimeout: 10_000, keepAliveTimeout: 10_000 } as const;

/** Shows the pages on this machine, until it is told to stop. */
export async function browse(options: BrowseOptions): Promise<void> {
  const { place, port, now, out, stop } = options;
  const log = logOf(options);
  const view = await openWritable(place);
  const exports = new PackageExports({ place, base: tmpdir(), view, now, log });
  const handle = createPages({
    pages: PAGES,
    render: renderPage,
    assets: ASSETS,
    entrance: localEntrance(),
    view,
    exports,
    githubUrl: webUrlOf(options.apiUrl),
    now,
    log,
    seen: () => undefined,
  });
  const keeping = keepFresh(view, log);
  try {
    const server = await listen(handle, port);
    const { port: taken } = server.address() as AddressInfo;
    out(
      `The audit trail in ${shownPlace(place)} is shown to this machine alone:\n  http://127.0.0.1:${taken}${BASE}\nEnd it with Ctrl-C.\n`,
    );
    await untilAborted(stop);
    server.close();
    server.closeAllConnections();
  } finally {
    await keeping.stop();
    await exports.close();
    await view.close();
  }
}

function listen(handle: ReturnType<typeof createPages>, port: number): Promise<Server> {
  const server = createServer(TIMEOUTS, (request, response) => {
    if (isOurs(request)) void handle(request, response);
    else elsewhere(response);
  });
  return new Promise((done, fail) => {
    server
      .once('error', (cause) =>
        fail(
          new UserError(
            `Port ${port} of this machine cannot be listened on.`,
            'Name another one with --port.',
            {
              cause,
            },
          ),
        ),
      )
      .listen(port, '127.0.0.1', () => done(server));
  });
}

function isOurs({ url = '' }: IncomingMessage): boolean {
  const path = url.split('?', 1)[0] ?? '';
  return path === BASE || path.startsWith(`${BASE}/`);
}

/** There is nothing else here. */
function elsewhere(response: ServerResponse): void {
  response.writeHead(303, { location: BASE, 'cache-control': 'no-store' }).end();
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) done();
    else signal.addEventListener('abort', () => done(), { once: true });
  });
}

/** Of somebody who looks at their own screen only what went wrong is of interest. */
function logOf({ err }: BrowseOptions): Log {
  const tell = ({ err: error }: Readonly<Record<string, unknown>>, message: string): void =>
    err(`${message}${error instanceof Error ? `: ${error.message}` : ''}\n`);
  return { info: () => undefined, warn: tell, error: tell };
}

/** Codes with which SQLite, file systems and PostgreSQL say that something may only be read. */
const READ_ONLY: ReadonlySet<unknown> = new Set(['EACCES', 'EPERM', 'EROFS', '25006', '42501']);

async function openWritable(place: Place): Promise<TrailView> {
  await (await openToRead(place)).close();
  let view: TrailView | undefined;
  try {
    view = await openView(place);
    await view.refresh();
    return view;
  } catch (cause) {
    await view?.close();
    const { code, message } = cause as { readonly code?: unknown; readonly message?: unknown };
    if (!READ_ONLY.has(code) && !/read-?only|unable to open/i.test(String(message))) throw cause;
    throw new UserError(
      `${shownPlace(place, 'The')} may only be read, and the pages keep tables of their own beside the records.`,
      'file' in place
        ? 'Copy the database into a folder that you may write to, with `.backup` of sqlite3 where the service runs, and name the copy with --database.'
        : 'Restore a dump into a database of your own, and name that one with --database.',
      { cause },
    );
  }
}
