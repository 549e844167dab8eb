/**
 * What every answer carries. Nothing of ours is to be framed, sniffed or cached; everything that a page loads is ours. The
 * referrer stays on this origin: with `no-referrer` browsers would send `Origin: null` with our own forms, which could
 * then not be told from others.
 */
export const PAGE_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-robots-tag': 'noindex',
  vary: 'cookie',
} as const;

/** Its name holds its digest: it never changes. */
export const ASSET_CACHE = 'public, max-age=31536000, immutable';
