import { micromark } from 'micromark';
import { gfmTable, gfmTableHtml } from 'micromark-extension-gfm-table';

/** Text of anybody, harmless in HTML. */
export function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

const STYLE = `
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 20%, transparent); }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; } h3 { font-size: 1rem; margin: 0; }
a { color: light-dark(#0550ae, #79b8ff); }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: 13px/1.45 ui-monospace, monospace; margin: .5rem 0; }
article { border: 1px solid var(--line); border-radius: 6px; padding: .75rem 1rem; margin: .75rem 0; }
article article { margin-left: 1rem; }
code { font-family: ui-monospace, monospace; font-size: 13px; }
.code { border-left: 3px solid var(--line); padding-left: .75rem; }
.meta { opacity: .75; font-size: .875rem; }
.badge { border: 1px solid var(--line); border-radius: 1rem; padding: 0 .6rem; font-size: .8rem; }
.success, .APPROVED { color: light-dark(#116329, #56d364); }
.failure, .CHANGES_REQUESTED { color: light-dark(#a40e26, #ff7b72); }
.action_required { color: light-dark(#7d4e00, #e3b341); }
ul, ol { padding-left: 1.25rem; }
table { border-collapse: collapse; font-size: .875rem; } th, td { border: 1px solid var(--line); padding: .25rem .5rem; text-align: left; }
.written { overflow-wrap: anywhere; font-size: .9375rem; }
`;

export function page(title: string, body: readonly string[], status = 200): Response {
  const html = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title><style>${STYLE}</style></head>
<body>
${body.join('\n')}
</body>
</html>
`;
  return new Response(html, {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
    },
  });
}

export const badge = (kind: string, text = kind): string =>
  `<span class="badge ${escape(kind)}">${escape(text)}</span>`;

export const preformatted = (text: string | undefined): string =>
  text === undefined || text === '' ? '' : `<pre>${escape(text)}</pre>`;

/**
 * Markdown as GitHub shows it, roughly: HTML in it stays text, but for the few marks that GitHub lets through and our
 * reports use; boxes are drawn, comments are not shown.
 */
export function written(text: string | undefined): string {
  if (text === undefined || text === '') return '';
  const plain = text
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/<\/?sub>/g, '')
    .replace(/^(\s*[-*] )\[ \]/gm, '$1☐')
    .replace(/^(\s*[-*] )\[x\]/gim, '$1☑');
  const html = micromark(plain, { extensions: [gfmTable()], htmlExtensions: [gfmTableHtml()] });
  return `<div class="written">${html}</div>`;
}
