import { assetPath } from '../paths.ts';
import type { HtmlPage, PageContext } from '../context.ts';
import { SCRIPT, STYLES } from './assets.ts';
import { notice } from './heading.ts';
import { attributes, html, trusted, type Content, type SafeHtml } from './html.ts';
import { moment } from './instant.ts';
import { NAVIGATION } from './navigation.ts';
import { foreign, many } from './words.ts';

/** The whole document around the content of a page. */
export async function renderPage(context: PageContext, answer: HtmlPage): Promise<string> {
  const { base } = context;
  const content = trusted(String(await answer.content));
  const { refreshSeconds: refresh } = answer;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>${answer.title.slice(0, 200)} · Threatgate</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="${base}${assetPath(STYLES)}" />
        <script src="${base}${assetPath(SCRIPT)}" defer></script>
        ${refresh === undefined ? undefined : html`<noscript><meta http-equiv="refresh" content="${refresh}" /></noscript>`}
      </head>
      <body>
        <a class="skip" href="#content">Skip to content</a>
        <header class="top">
          <div class="bar">
            <a class="product" href="${base}">Threatgate <span>audit trail</span></a
            >${whoLooks(context)}
          </div>
          ${navigation(base, answer.section)}
        </header>
        ${banners(context)}
        <main id="content" tabindex="-1" ${attributes({ 'data-refresh': refresh })}>${content}</main>
        <footer>
          <p>
            All times are UTC, and days begin in UTC. Shown
            ${moment(context.now())}${context.freshness.until === undefined ? undefined : html`, with records up to ${moment(context.freshness.until)}`}.
          </p>
          <p>
            Read-only: nothing that is done here alters a record. What is shown is evidence for how changes
            were handled.
          </p>
        </footer>
      </body>
    </html> `.toString();
}

const ROLES: Readonly<Record<PageContext['viewer']['role'], string>> = {
  reader: 'reader: repositories that GitHub shows you',
  auditor: 'auditor: repositories named for you',
  local: 'local',
};

function whoLooks({ viewer, base, csrf, local }: PageContext): SafeHtml {
  if (local) return html`<p class="viewer">Local mode</p>`;
  const until = viewer.expires === undefined ? undefined : html`, until ${moment(viewer.expires)}`;
  return html`<div class="viewer">
    <p>@${foreign(viewer.login, 100)} <span class="role">${ROLES[viewer.role]}${until}</span></p>
    <form method="post" action="${base}/logout">
      <input type="hidden" name="csrf" value="${csrf}" /><button type="submit" class="quiet">Log out</button>
    </form>
  </div>`;
}

function navigation(base: string, section: string | undefined): SafeHtml {
  return html`<nav class="main" aria-label="Pages">
    <ul>
      ${NAVIGATION.map(([path, name]) => {
        const href = path === '/' ? base : `${base}${path}`;
        return html`<li><a${attributes({ href, 'aria-current': path === section ? 'page' : undefined })}>${name}</a></li>`;
      })}
    </ul>
  </nav>`;
}

/** What is true of every page and must not be overlooked. */
function banners({ local, viewer, freshness }: PageContext): Content {
  const behind = freshness.shown < freshness.recorded;
  const all = [
    ...freshness.problems.slice(0, 5).map(broken),
    local
      ? notice(
          'notice',
          'Local mode: nobody has logged in, and everything in this database is shown. Only programs on this machine can see it.',
        )
      : undefined,
    behind
      ? notice(
          'warning',
          `These pages show ${many(freshness.shown, 'record')} of ${many(freshness.recorded, 'record')}: the others are being taken in, and are neither shown nor counted yet. Load the page again in a while.`,
        )
      : undefined,
    ...viewer.notices.map((text) => notice('warning', foreign(text, 500))),
  ].filter((banner) => banner !== undefined);
  return all.length === 0 ? undefined : html`<aside class="banners" aria-label="Notices">${all}</aside> `;
}

/** Whoever looks has to know it wherever they look. */
const broken = ({ repository, record, why }: PageContext['freshness']['problems'][number]): SafeHtml =>
  notice(
    'bad',
    html`The chain of ${foreign(repository.name, 160)} breaks at record ${record}: ${foreign(why, 300)}. What
    is shown from there on is not what was written.`,
  );
