import type { Scope } from '../../src/core/model/view.ts';
import type { PageAnswer, PageContext } from '../../src/web/context.ts';
import { PAGES } from '../../src/web/pages/index.ts';
import { BANK, SHOP } from '../audit-core/records.ts';
import { NOW, sampleView } from './pages2-sample.ts';

export const OURS: Scope = { kind: 'some', repositories: new Set([SHOP.id, BANK.id]) };

const view = sampleView();

/** What the page of an address answers, as a viewer of two of three repositories sees it. */
export async function ask(
  address: string,
  more: Partial<PageContext> & { readonly method?: 'GET' | 'POST' } = {},
): Promise<PageAnswer> {
  const { method = 'GET', ...others } = more;
  const url = new URL(`https://gate.example/audit${address}`);
  const path = url.pathname.slice('/audit'.length) || '/';
  for (const route of PAGES) {
    if ((route.method ?? 'GET') !== method) continue;
    const params = paramsOf(route.path, path);
    if (params) return route.page({ ...contextOf(url, params), ...others });
  }
  throw new Error(`No page for ${address}`);
}

export const contextOf = (url: URL, params: Readonly<Record<string, string>> = {}): PageContext => ({
  view,
  viewer: { login: 'olga', id: '77', role: 'auditor', scope: OURS, notices: [] },
  now: () => NOW,
  freshness: { shown: 1, recorded: 1, until: NOW, problems: [] },
  base: '/audit',
  url,
  csrf: 'token',
  local: false,
  params,
  form: {},
  githubUrl: 'https://github.com',
  exports: undefined,
});

/** The whole text of a page, whatever lines its templates are broken into; fails for everything else. */
export async function textOf(address: string, more: Partial<PageContext> = {}): Promise<string> {
  const answer = await ask(address, more);
  if (answer.kind !== 'page') throw new Error(`${address} is no page but a ${answer.kind}`);
  return String(await answer.content).replace(/\n\s*/g, ' ');
}

function paramsOf(pattern: string, path: string): Record<string, string> | undefined {
  const [wanted, given] = [pattern.split('/'), path.split('/')];
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [i, part] of wanted.entries()) {
    const value = decodeURIComponent(given[i] ?? '');
    if (part.startsWith(':')) params[part.slice(1)] = value;
    else if (part !== value) return undefined;
  }
  return params;
}
