import { html } from 'hono/html';
import { STYLES } from './layout/assets.ts';
import { assetPath, BASE } from './paths.ts';

export interface BarePage {
  readonly title: string;
  readonly sentences: readonly string[];
  readonly link?: { readonly href: string; readonly text: string };
}

/** A page for whoever has not logged in, and for when nothing else can be shown. */
export async function barePage({ title, sentences, link }: BarePage): Promise<string> {
  const page = await html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>${title} · Threatgate</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="${BASE}${assetPath(STYLES)}" />
      </head>
      <body>
        <header class="top">
          <div class="bar">
            <span class="product">Threatgate <span>audit trail</span></span>
          </div>
        </header>
        <main id="content">
          <h1>${title}</h1>
          ${sentences.map((sentence) => html`<p>${sentence}</p>`)}
          ${link === undefined ? '' : html`<p><a href="${link.href}">${link.text}</a></p>`}
        </main>
      </body>
    </html> `;
  return page.toString();
}
