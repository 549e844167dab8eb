/** One address of each kind of page of the second half, on the sample of `pages2-sample.ts`. */
export const SAMPLE_ADDRESSES: readonly string[] = [
  '/population?from=2026-07-01&to=2027-01-01&size=5&seed=drawn-by-us#sample',
  '/population?from=2026-01-01&to=2026-01-02',
  '/population?from=2027-01-01&to=2026-01-01',
  '/records?from=2026-09-15&to=2026-12-01&criterion=CC8.1&repository=acme/shop',
  '/exceptions?from=2026-01-01&to=2027-01-01',
  '/register?at=2026-11-15&since=2026-06-30',
  '/models',
  '/configuration?from=2026-01-01&to=2027-01-01',
  '/configuration/acme/shop/18',
  '/configuration/acme/shop/38',
  '/controls',
  '/exports',
];
