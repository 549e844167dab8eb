/** One address of each page, on the sample ledger of `pages-ledger.ts`. */
import type { AuditRecord } from '../../src/core/model/record.ts';
import { PAGES } from '../../src/web/pages/index.ts';
import { EXPORTS } from './pages-exports.ts';
import { EDGE, sampleLedger } from './pages-ledger.ts';

function sequenceOf(records: readonly AuditRecord[], kind: string, pullRequest: number | undefined): number {
  const found = records.find(
    (r) => r.kind === kind && r.repository.name === 'acme/shop' && r.pullRequest === pullRequest,
  );
  if (found === undefined) throw new Error(`There is no record ${kind} ${pullRequest ?? ''}.`);
  return found.sequence;
}

export interface Address {
  /** `{answered 101}` stands for the number of the first such record of acme/shop, `{policy}` for a document of that kind. */
  readonly path: string;
  readonly status: number;
}

const GOOD = [
  '',
  '?from=2026-10-01&to=2026-11-01&repository=acme/shop',
  '/repositories',
  '/acme/shop',
  '/acme/shop/pull/101',
  '/acme/shop/pull/101?record={evaluated 101}',
  '/acme/shop/pull/102',
  '/acme/shop/pull/107',
  '/acme/shop/pull/110',
  `/${EDGE.name}/pull/666`,
  '/acme/shop/push/{direct-push}',
  '/acme/shop/record/{answered 101}',
  '/document/{verdict}',
  '/document/{policy}',
  ...EXPORTS.map(({ id }) => `/exports/${id}`),
];
const BAD = ['?from=2026-10-01&to=2026-01-01', '/acme/shop/pull/101?record=1'];

export const ADDRESSES: readonly Address[] = [
  ...GOOD.map((path) => ({ path, status: 200 })),
  ...BAD.map((path) => ({ path, status: 400 })),
  { path: '/acme/nothing', status: 404 },
];

/** With numbers and digests for what stands for them. */
export async function filledIn(path: string): Promise<string> {
  const { records, documents } = await sampleLedger();
  return path.replace(/{([a-z-]+) ?(\d*)}$/, (_, word: string, pull: string) =>
    documents.some(({ kind }) => kind === word)
      ? (documents.find(({ kind }) => kind === word)?.digest ?? '')
      : String(sequenceOf(records, word, pull === '' ? undefined : Number(pull))),
  );
}

/** Paths of pages that no address of these is one of. */
export function missing(paths: readonly string[]): readonly string[] {
  const given = paths.map((path) => (path.split(/[?#]/)[0] ?? '').replace(/{.*}/, '1') || '/');
  return PAGES.filter(({ path, method }) => method !== 'POST' && !/\.(?:csv|zip)$/.test(path))
    .map(({ path }) => path)
    .filter((path) => !given.some((each) => patternOf(path).test(decodeURIComponent(each))));
}

const patternOf = (path: string): RegExp => new RegExp(`^${path.replaceAll(/:[a-z]+/g, '[^/]+')}$`);
