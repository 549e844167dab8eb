/** Every page in a real browser: both widths, light and dark, with scripts and without, by keyboard and for screen readers. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, BrowserContext } from 'playwright-core';
import { findings, inPage, launchBrowser, overflow, SCREENSHOTS, tabPath, watched } from './browser.ts';
import { ADDRESSES, filledIn, missing, type Address } from './pages-addresses.ts';
import { servePages, type PagesServer } from './pages-server.ts';
import { SAMPLE_ADDRESSES } from './pages2-addresses.ts';
import { NOW as NOW2, sampleView as sampleView2 } from './pages2-sample.ts';

/** Each page, and which of the two samples it is shown on. */
const ALL: readonly (Partial<Address> & { readonly path: string; readonly sample: 0 | 1 })[] = [
  ...ADDRESSES.map((address) => ({ ...address, sample: 0 as const })),
  ...SAMPLE_ADDRESSES.map((path) => ({ path, sample: 1 as const })),
];

/** Each width and each of the two colours once: what overflows has nothing to do with colours, and contrast not with width. */
const VIEWS = [
  [1280, 'light'],
  [390, 'dark'],
] as const;

let servers: readonly [PagesServer, PagesServer];
let browser: Browser;
/** Ends of what was begun: where there is no browser, nothing else was. */
const opened: (() => Promise<void>)[] = [];
/** What is wrong with each page; begun before anybody asks, two at a time, one for each core of a small machine. */
const looks = new Map(ALL.map((page) => [page, Promise.withResolvers<readonly string[]>()]));

beforeAll(async () => {
  browser = await launchBrowser();
  opened.push(() => browser.close());
  servers = [await servePages(), await servePages({ view: sampleView2(), now: NOW2 })];
  opened.push(...servers.map(({ close }) => close));
  const left = [...ALL];
  const work = async (): Promise<void> => {
    const context = await browser.newContext();
    const bare = await browser.newContext({
      javaScriptEnabled: false,
      viewport: { width: 390, height: 900 },
    });
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const { resolve, reject } = looks.get(next) ?? Promise.withResolvers();
      await Promise.all([look(next, context), lookWithoutScripts(next, bare)]).then(
        (found) => resolve(found.flat()),
        reject,
      );
    }
  };
  for (const { promise } of looks.values()) promise.catch(() => undefined);
  void Promise.all([work(), work()]);
});

afterAll(async () => {
  for (const close of opened) await close();
});

type Shown = (typeof ALL)[number];

const urlOf = async ({ path, sample }: Shown): Promise<string> =>
  `${servers[sample].origin}/audit${await filledIn(path)}`;

const fileOf = (path: string, more: string): string =>
  join(SCREENSHOTS, `${`audit${path}`.replaceAll(/[^A-Za-z0-9]+/g, '-').slice(0, 60)}-${more}.png`);

async function look(shown: Shown, context: BrowserContext): Promise<readonly string[]> {
  const wrong: string[] = [];
  const { page, complaints } = await watched(context, servers[shown.sample].origin);
  const answer = await page.goto(await urlOf(shown));
  if (shown.status !== undefined && answer?.status() !== shown.status)
    wrong.push(`It answers ${answer?.status()}.`);
  for (const [width, colorScheme] of VIEWS) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    const wide = await overflow(page);
    if (wide !== '') wrong.push(`At ${width} it is wider than the window: ${wide}`);
    for (const found of await findings(page)) wrong.push(`At ${width}, ${colorScheme}: ${found}`);
    await page.screenshot({ path: fileOf(shown.path, `${width}-${colorScheme}`), fullPage: true });
  }
  await page.close();
  return [...wrong, ...complaints];
}

async function lookWithoutScripts(shown: Shown, context: BrowserContext): Promise<readonly string[]> {
  const { page, complaints } = await watched(context, servers[shown.sample].origin);
  await page.goto(await urlOf(shown));
  const wide = await overflow(page);
  const headings = await page.locator('h1').count();
  const unsendable = `return [...document.forms].filter((f) => !f.querySelector('button[type=submit]')).length;`;
  const forms = await inPage<number>(page, unsendable);
  await page.close();
  return [
    ...complaints,
    ...(wide === '' ? [] : [`Without scripts it is wider than the window: ${wide}`]),
    ...(headings === 1 ? [] : [`It has ${headings} headings of the first level.`]),
    ...(forms === 0 ? [] : ['A form cannot be sent without scripts.']),
  ];
}

test('no page is left out', () => {
  expect(missing(ALL.map(({ path }) => path))).toEqual([]);
});

describe('fits, can be read by everybody, complains about nothing and asks nobody else', () => {
  test.each(ALL.map((page) => [page.path, page] as const))('%p', async (_, page) => {
    expect(await looks.get(page)?.promise).toEqual([]);
  });
});

test('nothing went wrong inside', () => {
  expect(servers.flatMap(({ problems }) => problems)).toEqual([]);
});

describe('by keyboard', () => {
  test.each(['', '/acme/shop', '/acme/shop/pull/101', '/population', '/acme/shop/record/5'])(
    'every control of %p is reached in order, and left again',
    async (path) => {
      const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
      await page.goto(`${servers[0].origin}/audit${path}`);
      const { reached, wanted } = await tabPath(page);
      await page.close();
      expect(reached).toEqual(wanted);
    },
  );

  test('the first stop skips to the content', async () => {
    const page = await browser.newPage();
    await page.goto(`${servers[0].origin}/audit`);
    await page.keyboard.press('Tab');
    expect(await inPage(page, 'return document.activeElement.className;')).toBe('skip');
    await page.keyboard.press('Enter');
    expect(await inPage(page, 'return document.activeElement.id;')).toBe('content');
    await page.close();
  });
});

describe('scripts', () => {
  test('a chosen verdict is shown at once', async () => {
    const page = await browser.newPage();
    await page.goto(`${servers[0].origin}/audit/acme/shop/pull/101`);
    const before = await page.locator('#verdict').textContent();
    await Promise.all([page.waitForURL(/record=/), page.locator('select#record').selectOption({ index: 0 })]);
    expect(await page.locator('#verdict').textContent()).not.toBe(before);
    await page.close();
  });

  test('a digest is copied whole', async () => {
    const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
    const page = await context.newPage();
    await page.goto(`${servers[0].origin}/audit/acme/shop`);
    const digest = await page.locator('.whole').first().textContent();
    await page.getByRole('button', { name: /^Copy/ }).first().click();
    expect(await inPage(page, 'return navigator.clipboard.readText();')).toBe(digest);
    await context.close();
  });
});

test('on paper everything is open, and nothing is there that only a screen can do', async () => {
  const page = await browser.newPage({ viewport: { width: 720, height: 1_000 } });
  await page.goto(`${servers[0].origin}/audit/acme/shop/pull/101`);
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  const seen = await inPage(
    page,
    `dispatchEvent(new Event('beforeprint'));
     const paper = getComputedStyle(document.body);
     return {
       closed: document.querySelectorAll('details:not([open])').length,
       shown: [...document.querySelectorAll('nav.main, .filter, .copy')].filter((e) => e.checkVisibility()).length,
       paper: paper.backgroundColor,
       ink: paper.color,
     };`,
  );
  expect(seen).toEqual({ closed: 0, shown: 0, paper: 'rgb(255, 255, 255)', ink: 'rgb(0, 0, 0)' });
  await page.pdf({ path: join(SCREENSHOTS, 'packet.pdf'), format: 'A4' });
  await page.close();
});
