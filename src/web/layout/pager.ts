import type { Page } from '../../core/model/view.ts';
import { html, type SafeHtml } from './html.ts';
import { many } from './words.ts';

/** `1,000 or more records`, `12 records`: counting ends at a bound. */
export function total({ total }: Pick<Page<unknown>, 'total'>, one: string, more = `${one}s`): string {
  return total.more ? `at least ${many(total.count, one, more)}` : many(total.count, one, more);
}

/** To the next page, and back to the first one: pages are found by where the last one ended, so there are no numbers. */
export function pager(options: {
  readonly next: string | undefined;
  readonly first: string | undefined;
}): SafeHtml | undefined {
  const { next, first } = options;
  if (next === undefined && first === undefined) return undefined;
  return html`<nav class="pager" aria-label="Pages of the list">
    ${first === undefined ? undefined : html`<a href="${first}">First page</a>`}${next === undefined ? html`<span class="muted">End of the list</span>` : html`<a href="${next}" rel="next">Next page</a>`}
  </nav>`;
}
