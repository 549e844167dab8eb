import { BASE } from './paths.ts';

const MOST = 1_000;

/**
 * Where somebody wanted to go before they had to log in: one of our own pages, or the first one. It is read as a browser
 * would read it, and only path and query are kept, so that it cannot lead anywhere else.
 */
export function destinationOf(written: string | null | undefined, origin: string): string {
  if (written === null || written === undefined || written.length > MOST) return BASE;
  // Browsers read a backslash as a slash and leave out line ends: nothing of the kind is in an address of ours.
  if (!/^\/audit(?:[/?][\x21\x23-\x5b\x5d-\x7e]*)?$/.test(written) || !URL.canParse(written, origin))
    return BASE;
  const url = new URL(written, origin);
  const isOurs = url.origin === origin && (url.pathname === BASE || url.pathname.startsWith(`${BASE}/`));
  return isOurs && !SELF.test(url.pathname) ? `${url.pathname}${url.search}` : BASE;
}

/** Going there after a login would log in or out again. */
const SELF = new RegExp(`^${BASE}/(?:login|callback|logout)(?:/|$)`);
