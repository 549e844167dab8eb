import { html, type Content, type SafeHtml } from './html.ts';

/** Terms and what they are. A term without anything is left out. */
export function definitions(
  entries: readonly (readonly [term: string, content: Content])[],
  kind: 'wide' | 'narrow' = 'wide',
): SafeHtml {
  const shown = entries.filter(([, content]) => content !== undefined);
  return html`<dl class="definitions ${kind}">
    ${shown.map(
      ([term, content]) =>
        html`<div>
          <dt>${term}</dt>
          <dd>${content}</dd>
        </div> `,
    )}
  </dl>`;
}

/** A figure with what it is, and what it is made of: `12 of 40`. */
export interface Figure {
  readonly title: string;
  readonly value: Content;
  readonly note?: Content;
  /** Where its parts are listed. */
  readonly href?: string;
}

export const figures = (all: readonly Figure[]): SafeHtml =>
  html`<ul class="figures">
    ${all.map(({ title, value, note, href }) => {
      const name = href === undefined ? title : html`<a href="${href}">${title}</a>`;
      return html`<li>
        <span class="figure-title">${name}</span> <strong class="figure-value">${value}</strong>
        <span class="muted">${note}</span>
      </li> `;
    })}
  </ul>`;

export const bullets = (items: readonly Content[]): SafeHtml =>
  html`<ul>
    ${items.map((item) => html`<li>${item}</li> `)}
  </ul>`;
