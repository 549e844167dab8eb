/** One Chromium for a file of tests, and what is looked at on every page. */
import { existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axe from 'axe-core';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

/** Kept for whoever wants to look. */
export const SCREENSHOTS = join(tmpdir(), 'threatgate-screenshots');

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export async function launchBrowser(): Promise<Browser> {
  const executablePath = [process.env['CHROMIUM'] ?? [], PLACES].flat().find((place) => existsSync(place));
  if (executablePath === undefined)
    throw new Error(
      'Chromium is not on this machine. Install it (Debian: apt-get install chromium), or say where it is with CHROMIUM.',
    );
  mkdirSync(SCREENSHOTS, { recursive: true });
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
}

/** A page of ours with everything that it complains about, and every request that leaves its origin. */
export interface Watched {
  readonly page: Page;
  readonly complaints: string[];
}

export async function watched(context: BrowserContext, origin: string): Promise<Watched> {
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    // That an address answers with 400 or 404 is told there as well, and is looked at elsewhere.
    const isStatus = /^Failed to load resource: the server responded with a status of 40[04]/.test(
      message.text(),
    );
    if (['error', 'warning'].includes(message.type()) && !isStatus) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    if (!request.url().startsWith(`${origin}/`)) complaints.push(`A request left: ${request.url()}`);
  });
  return { page, complaints };
}

/**
 * What runs inside of the page is written as text: the project is compiled without the types of browsers, so that nothing
 * else can lean on them.
 */
export async function inPage<T>(page: Page, code: string): Promise<T> {
  const text = `(() => { ${code} })()`;
  try {
    return await page.evaluate<T>(text);
  } catch (error) {
    // A page that waits for something loads itself again, perhaps just now; the one that comes is the same one.
    if (!/Execution context was destroyed/.test(String(error))) throw error;
    await page.waitForLoadState();
    return page.evaluate<T>(text);
  }
}

/** What makes the page wider than the window; empty when nothing does. */
export const overflow = (page: Page): Promise<string> =>
  inPage(
    page,
    `const room = document.documentElement.clientWidth;
     if (document.documentElement.scrollWidth <= room) return '';
     const wide = [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > room + 1);
     return wide.slice(0, 5).map((e) => e.tagName + '.' + e.className).join(' ') || 'something';`,
  );

interface Finding {
  readonly id: string;
  readonly impact?: string | null | undefined;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string | undefined }[];
}

/** Serious and critical findings, each with the first places. */
export async function findings(page: Page): Promise<readonly string[]> {
  // Through the debugger, because the page itself lets no foreign script in.
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axe.source);
  const found = await page.evaluate<readonly Finding[]>(
    `axe.run(document, { resultTypes: ['violations'] }).then((r) => r.violations)`,
  );
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes
          .slice(0, 3)
          .map((n) => `${n.html.slice(0, 200)} ${n.failureSummary ?? ''}`)
          .join(' | ')}`,
    );
}

/** Everything that Tab reaches, in order, until it leaves the page; and everything that it should reach. */
export async function tabPath(
  page: Page,
): Promise<{ readonly reached: readonly string[]; readonly wanted: readonly string[] }> {
  const wanted = await inPage<readonly string[]>(
    page,
    `const can = 'a[href], button, input:not([type="hidden"]), select, textarea, summary, [tabindex="0"]';
     const all = [...document.querySelectorAll(can)].filter((e) => e.checkVisibility({ contentVisibilityAuto: true }));
     for (const [i, e] of all.entries()) e.dataset.tab = i + ' ' + e.tagName;
     return all.map((e) => e.dataset.tab);`,
  );
  const reached: string[] = [];
  // Some fields have several stops: a day has one for each of its parts.
  for (let i = 0; i < wanted.length + 40; i++) {
    await page.keyboard.press('Tab');
    const at = await inPage<string | undefined>(page, 'return document.activeElement?.dataset.tab;');
    if (at === undefined && reached.length > 0) break;
    if (at !== undefined && reached.at(-1) !== at) reached.push(at);
  }
  return { reached, wanted };
}
