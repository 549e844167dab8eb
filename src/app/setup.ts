import { randomBytes, timingSafeEqual } from 'node:crypto';
import { closeSync, fsyncSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UserError } from '../review/errors.ts';
import { refuse, send, type Answer } from './answer.ts';
import { isOrigin } from './address.ts';
import { convert, manifestFor, settingsOf } from './manifest.ts';
import { donePage, failedPage, page, sendPage, startPage } from './setup-pages.ts';

export interface SetupOptions {
  readonly host: string;
  readonly port: number;
  readonly apiUrl: string;
  /** Where people see GitHub. */
  readonly webUrl: string;
  /** Organisation that the App is to belong to; of the person who registers it when absent. */
  readonly organisation?: string;
  /** File that the settings are written to; it must not exist. */
  readonly file: string;
  readonly say: (text: string) => void;
  readonly stop: AbortSignal;
}

const CALLBACK = '/setup/callback';

/** Guides through the registration of the App, in the browser; returns once the settings are written or `stop` is given. */
export async function setUp(options: SetupOptions): Promise<'written' | 'stopped'> {
  const settings = reserve(options.file);
  const state = randomBytes(32).toString('base64url');
  const service = { url: '' };
  const ended = Promise.withResolvers<'written' | 'stopped'>();
  const server = createServer({ requestTimeout: 10_000 }, (request, response) => {
    answer(request, urlOf(server, options.host), { ...options, state, settings, service }).then(
      ({ page, isDone }) => {
        if (isDone) response.once('finish', () => ended.resolve('written'));
        send(response, page, isDone);
      },
      () => refuse(request, response, page(500, failedPage('Something went wrong.'))),
    );
  });
  options.stop.addEventListener('abort', () => ended.resolve('stopped'), { once: true });
  server.once('error', ended.reject).listen(options.port, options.host, () => {
    options.say(`Open ${urlOf(server, options.host)} in a browser on this machine to register the App.\n`);
  });
  try {
    return await ended.promise;
  } finally {
    settings.release();
    server.close();
    server.closeAllConnections();
  }
}

interface Settings {
  /** Writes them for good. */
  write(text: string): void;
  /** Removes the file if nothing was written. */
  release(): void;
}

/** The file is made before the App is, so that its only key cannot be lost to a folder that is not writable. */
function reserve(file: string): Settings {
  let fd: number | undefined;
  try {
    fd = openSync(file, 'wx', 0o600);
  } catch (cause) {
    throw new UserError(
      `The settings cannot be written to ${file}.`,
      'Take away the file if it is there, or name another with --env.',
      { cause },
    );
  }
  const close = (): void => {
    if (fd !== undefined) closeSync(fd);
    fd = undefined;
  };
  return {
    write: (text) => {
      if (fd === undefined) return;
      writeSync(fd, text);
      fsyncSync(fd);
      close();
    },
    release: () => {
      if (fd === undefined) return;
      close();
      unlinkSync(file);
    },
  };
}

interface Setup extends SetupOptions {
  readonly state: string;
  readonly settings: Settings;
  /** What was said last, before the browser went to GitHub. */
  readonly service: { url: string };
}

interface Answered {
  readonly page: Answer;
  readonly isDone: boolean;
}

const shown = (page: Answer): Answered => ({ page, isDone: false });

async function answer(request: IncomingMessage, here: string, setup: Setup): Promise<Answered> {
  // A page elsewhere could give its own name our address, and would then be let in by the browser.
  if (!isHere(request.headers.host ?? '', here))
    return shown(page(403, failedPage('Open the page by its address.')));
  if (request.method !== 'GET') return shown(page(405, failedPage('There is nothing to send here.')));
  const url = new URL(request.url ?? '', here);
  if (url.pathname === CALLBACK) return callback(url.searchParams, setup);
  if (url.pathname !== '/') return shown(page(404, failedPage('There is no such page.')));
  const service = serviceUrl(url.searchParams.get('service') ?? '');
  if (service === undefined) return shown(page(200, startPage(url.searchParams.has('service'))));
  setup.service.url = service;
  const manifest = manifestFor(service, here + CALLBACK);
  const action = `${setup.webUrl}${setup.organisation === undefined ? '' : `/organizations/${encodeURIComponent(setup.organisation)}`}/settings/apps/new?state=${setup.state}`;
  return shown(page(200, sendPage(action, manifest), new URL(setup.webUrl).origin));
}

async function callback(parameters: URLSearchParams, setup: Setup): Promise<Answered> {
  const code = parameters.get('code') ?? '';
  if (!isSame(parameters.get('state') ?? '', setup.state) || !/^[\w-]{1,200}$/.test(code))
    return shown(page(400, failedPage('This answer does not belong to a registration that began here.')));
  try {
    const app = await convert(code, setup.apiUrl);
    setup.settings.write(settingsOf(app, setup.service.url, randomBytes(32).toString('base64url')));
    setup.say(`The App is registered. Its settings are in ${setup.file}.\n`);
    if (!isOrigin(setup.service.url))
      setup.say('The pages for auditors are not set up: they need an https address without a path.\n');
    setup.say(`Start the service: threatgate serve --env ${setup.file}\n`);
    return { page: page(200, donePage(app.html_url, setup.file)), isDone: true };
  } catch (error) {
    setup.say(`The App could not be registered: ${error instanceof Error ? error.name : 'unknown error'}.\n`);
    return shown(
      page(502, failedPage('GitHub did not give the key of the App. Delete the App there and begin again.')),
    );
  }
}

const isHere = (host: string, here: string): boolean => {
  const { port } = new URL(here);
  return [new URL(here).host, `localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`].includes(host);
};

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Address that GitHub will reach the service at, without a slash at the end; undefined when it is none. */
function serviceUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, host, pathname, username } = new URL(text);
  const isWeb = protocol === 'https:' || protocol === 'http:';
  return isWeb && username === '' ? `${protocol}//${host}${pathname.replace(/\/+$/, '')}` : undefined;
}

function urlOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
