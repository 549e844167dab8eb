import { html, type Content, type SafeHtml } from './html.ts';

/** Where a page is, what it is about, and what can be done from there. */
export function pageHeading(options: {
  readonly title: Content;
  /** The way there, from the overview on: names and addresses. */
  readonly trail?: readonly (readonly [name: Content, href: string])[];
  /** One sentence. */
  readonly lead?: Content;
  readonly actions?: readonly Content[];
}): SafeHtml {
  const { title, trail = [], lead, actions = [] } = options;
  return html`${trail.length > 0 ? trailOf(trail) : undefined}
    <div class="heading">
      <h1>${title}</h1>
      ${
        actions.length > 0
          ? html`<ul class="actions">
              ${actions.map((a) => html`<li>${a}</li>`)}
            </ul>`
          : undefined
      }
    </div>
    ${lead === undefined ? undefined : html`<p class="lead">${lead}</p>`}`;
}

const trailOf = (trail: readonly (readonly [Content, string])[]): SafeHtml =>
  html`<nav class="trail" aria-label="Where this is">
    <ol>
      ${trail.map(([name, href]) => html`<li><a href="${href}">${name}</a></li>`)}
    </ol>
  </nav>`;

/** A part of a page under a heading of its own. `id` is for links to it. */
export const section = (id: string, title: Content, ...content: readonly Content[]): SafeHtml =>
  html`<section aria-labelledby="${id}">
    <h2 id="${id}">${title}</h2>
    ${content}
  </section> `;

/** What is closed until somebody wants it. */
export const details = (summary: Content, ...content: readonly Content[]): SafeHtml =>
  html`<details>
    <summary>${summary}</summary>
    ${content}
  </details>`;

/** Why there is nothing to see, and what to do to see something. */
export const empty = (what: Content, instead?: Content): SafeHtml =>
  html`<div class="empty">
    <p>${what}</p>
    ${instead === undefined ? undefined : html`<p>${instead}</p>`}
  </div>`;

export const notice = (tone: 'notice' | 'warning' | 'bad', content: Content): SafeHtml =>
  html`<div class="banner ${tone}" role="note">${content}</div>`;
