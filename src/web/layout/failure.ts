import type { HtmlPage } from '../context.ts';
import type { Problem } from '../query.ts';
import { html, type Content } from './html.ts';
import { pageHeading } from './heading.ts';
import { foreign } from './words.ts';

/** A page that says what went wrong, and what to do. */
export function failure(
  status: number,
  title: string,
  what: Content,
  ...instead: readonly Content[]
): HtmlPage {
  return {
    kind: 'page',
    status,
    title,
    content: html`${pageHeading({ title })}
      <div class="failure">${[what, ...instead].map((text) => html`<div>${text}</div> `)}</div>`,
  };
}

/** Whether it does not exist, or is none of the viewer's business, is the same answer. */
export function notFound(base: string, what = 'page'): HtmlPage {
  return failure(
    404,
    'Not found',
    html`There is no such ${what} here, or you may not see it.`,
    html`You see the repositories that you can read on GitHub, and those that you were invited to.
      <a href="${base}/repositories">These are yours.</a>`,
  );
}

/** The address asks for something that cannot be asked for. */
export function badRequest(problems: readonly Problem[], back: string): HtmlPage {
  return failure(
    400,
    'This cannot be shown',
    'The address of this page asks for something that cannot be read:',
    html`<ul>
      ${problems.map(({ message }) => html`<li>${foreign(message, 600)}</li>`)}
    </ul>`,
    html`<a href="${back}">Begin again without it.</a>`,
  );
}
