import { cutChars } from '../../core/report/bytes.ts';
import { attributes, html, lines, type Content, type SafeHtml } from './html.ts';

/** More of one text than this helps nobody on a page; the record has all of it. */
const MOST = 2_000;

/** What somebody else wrote: escaped, bounded, and its direction of writing kept to itself. */
export const foreign = (text: string, most = MOST): SafeHtml =>
  html`<bdi>${cutChars(text, most)}</bdi>${leftOut(text, most)}`;

/** One of our sentences, which may hold texts of others; names in backticks become code. */
export function prose(text: string, most = MOST): SafeHtml {
  const pieces = cutChars(text, most)
    .split(/(`[^`]+`)/)
    .map((piece): Content => (/^`[^`]+`$/.test(piece) ? html`<code>${piece.slice(1, -1)}</code>` : piece));
  return html`<bdi>${pieces}</bdi>${leftOut(text, most)}`;
}

/** A name of the code world: address, path, branch, id. */
export const code = (text: string, most = MOST): SafeHtml =>
  html`<code>${cutChars(text, most)}</code>${leftOut(text, most)}`;

/** A whole document, line by line. What is too wide or too long scrolls inside of it, by keyboard as well. */
export function document(text: string, label: string, most = 400_000): SafeHtml {
  const more =
    text.length > most
      ? html`<p class="muted">Only the first ${grouped(most)} characters are shown.</p>`
      : undefined;
  const frame = attributes({ class: 'document', tabindex: 0, role: 'region', 'aria-label': label });
  return html`<pre${frame}>${lines(cutChars(text, most))}</pre>${more}`;
}

function leftOut(text: string, most: number): SafeHtml | undefined {
  const left = text.length - most;
  return left > 0 ? html` <span class="muted">(${grouped(left)} more characters)</span>` : undefined;
}

/** `1 record`, `2 records`, `1,234 records`. */
export const many = (n: number, one: string, more = `${one}s`): string =>
  `${grouped(n)} ${n === 1 ? one : more}`;

/** Thousands with a comma, whatever the machine's language. */
export const grouped = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ',');
