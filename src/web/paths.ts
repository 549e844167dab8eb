import { createHash } from 'node:crypto';
import type { Asset } from './context.ts';

/** Where the pages are. */
export const BASE = '/audit';

/** Behind `base`. Its name changes with its content, so that it may be kept for ever. */
export function assetPath({ name, text }: Asset): string {
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 16);
  const dot = name.lastIndexOf('.');
  return `/assets/${name.slice(0, dot)}.${digest}${name.slice(dot)}`;
}

/** Where GitHub sends the browser back to after a login. */
export const CALLBACK_PATH = `${BASE}/callback`;
