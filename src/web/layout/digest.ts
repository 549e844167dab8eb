import { html, type SafeHtml } from './html.ts';

/** `sha256:93a6d749b5` of a digest, the first ten characters of a commit. */
export function shortDigest(digest: string): string {
  const found = /^(sha256:)?([0-9a-f]{10})[0-9a-f]{30,}$/.exec(digest);
  return found ? `${found[1] ?? ''}${found[2] ?? ''}` : digest.slice(0, 80);
}

/** Shortened to be read, whole to be copied and in the tooltip; on paper it is whole as well. */
export const digest = (value: string): SafeHtml =>
  html`<code class="digest" title="${value.slice(0, 200)}" data-copy="${value.slice(0, 200)}"
    >${shortDigest(value)}</code
  >`;

/** In full, for the page whose subject it is. */
export const wholeDigest = (value: string): SafeHtml =>
  html`<code class="digest whole" data-copy="${value.slice(0, 200)}">${value.slice(0, 200)}</code>`;
