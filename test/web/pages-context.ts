/** Pages over the sample ledger, without a server: what somebody sees who may see this much. */
import type { Scope } from '../../src/core/model/view.ts';
import type { PageContext } from '../../src/web/context.ts';
import { renderPage } from '../../src/web/layout/layout.ts';
import { NOW } from './pages-ledger.ts';
import { sampleView } from './pages-server.ts';
import { ask, contextOf } from './pages2-context.ts';

export const EVERYTHING: Scope = { kind: 'all' };

const view = await sampleView();

const ours = (scope: Scope): Partial<PageContext> => ({
  view,
  now: () => NOW,
  viewer: { login: 'olga', id: '77', role: 'auditor', scope, notices: [] },
});

export interface Seen {
  readonly status: number;
  readonly title: string;
  /** The whole document. */
  readonly html: string;
  /** Without marks, entities read, as a person reads it. */
  readonly text: string;
}

export async function see(
  address: string,
  scope: Scope = EVERYTHING,
  more: Partial<PageContext> = {},
): Promise<Seen> {
  const context = { ...ours(scope), ...more };
  const answer = await ask(address, context);
  if (answer.kind !== 'page') throw new Error(`${address} is no page but a ${answer.kind}.`);
  const html = await renderPage(
    { ...contextOf(new URL(`https://gate.example/audit${address}`)), ...context },
    answer,
  );
  return { status: answer.status, title: answer.title, html, text: textOf(html) };
}

const textOf = (html: string): string =>
  html
    .replace(/<[^>]*>/g, ' ')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replace(/\s+/g, ' ');
