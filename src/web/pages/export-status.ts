import type { PageAnswer, PageContext } from '../context.ts';
import type { ExportQuery, ExportStatus } from '../exports.ts';
import { badge } from '../layout/badge.ts';
import { notFound } from '../layout/failure.ts';
import { wholeDigest } from '../layout/digest.ts';
import { notice, pageHeading, section } from '../layout/heading.ts';
import { html, type Content, type SafeHtml } from '../layout/html.ts';
import { moment } from '../layout/instant.ts';
import { link } from '../layout/link.ts';
import { definitions } from '../layout/list.ts';
import { document, foreign, grouped, many } from '../layout/words.ts';
import { shownDay } from '../query-time.ts';
import { commandsSection, verifyCommand } from './export-commands.ts';
import { EXPORTS_PATH } from './export-query.ts';
import { allInScope } from './population-commands.ts';

/** How long to wait before the page is asked for again. */
const REFRESH_SECONDS = 3;

/** How it stands with one package. */
export async function exportPage(context: PageContext): Promise<PageAnswer> {
  const { exports, viewer, params, base } = context;
  const status = await exports?.status(params['id'] ?? '', viewer);
  if (!status) return notFound(base, 'package');
  const isUnderWay = status.state === 'waiting' || status.state === 'running';
  const title = `Package of ${shownDay(status.query.period.from)} to ${shownDay(status.query.period.to)}`;
  const here = `${base}${EXPORTS_PATH}/${encodeURIComponent(status.id)}`;
  return {
    kind: 'page',
    status: 200,
    title,
    section: EXPORTS_PATH,
    ...(isUnderWay ? { refreshSeconds: REFRESH_SECONDS } : {}),
    content: html`${pageHeading({ title, trail: [['Export', `${base}${EXPORTS_PATH}`]] })}
      <div class="panel" data-live>
        ${definitions([
          ['State', html`${stateBadge(status)} ${doingOf(status)}`],
          ['What', queryInWords(status.query)],
          ['Asked for', moment(status.at)],
          ['Kept until', moment(status.until)],
          ...resultOf(status, here),
        ])}
        ${isUnderWay ? html`<p>This page asks again by itself. ${link(here, 'Ask now')}</p>` : undefined}
      </div>
      ${endOf(status)} ${await repeatOf(context, status.query)}`,
  };
}

export function stateBadge(status: ExportStatus): SafeHtml {
  switch (status.state) {
    case 'waiting':
      return badge('calm', 'Waits for its turn');
    case 'running':
      return badge('notice', 'Being made');
    case 'done':
      return badge('good', 'Done');
    case 'failed':
      return badge('bad', 'Not made');
  }
}

/** What a package is made of; the seed is somebody's text. */
export function queryInWords({ period, repositories, sample }: ExportQuery): SafeHtml {
  const of =
    repositories.length === 0 ? 'all repositories' : many(repositories.length, 'repository', 'repositories');
  const drawn = sample
    ? html`, ${many(sample.size, 'change')} drawn with the seed “${foreign(sample.seed, 200)}”`
    : undefined;
  return html`${shownDay(period.from)} to ${shownDay(period.to)} (not included), ${of}${drawn}`;
}

const doingOf = (status: ExportStatus): Content =>
  status.state === 'running' ? html`<span role="status">${foreign(status.doing, 200)}</span>` : undefined;

function resultOf(status: ExportStatus, here: string): readonly (readonly [string, Content])[] {
  if (status.state !== 'done') return [];
  return [
    ['Digest', wholeDigest(status.digest)],
    [
      'Download',
      html`<a class="button" href="${here}/package.zip">Download</a>
        <span class="muted">${sizeOf(status.bytes)}, zip</span>`,
    ],
  ];
}

function sizeOf(bytes: number): string {
  if (bytes < 1_000_000) return `${grouped(Math.ceil(bytes / 1_000))} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

function endOf(status: ExportStatus): Content {
  if (status.state === 'failed')
    return notice(
      'bad',
      html`<p>${foreign(status.problem, 500)}</p>
        <p>${foreign(status.remedy, 500)}</p>`,
    );
  if (status.state !== 'done') return undefined;
  return section(
    'check',
    'Check it',
    html`<p>
        Note the digest now, and keep it elsewhere: it is the name of the package. On your own machine,
        without a network and without us:
      </p>
      ${document(verifyCommand(status.query.period), 'Commands that check the package')}`,
  );
}

/** So many repositories are looked through for those that the package is of. */
const MOST_LOOKED_AT = 500;

async function repeatOf(
  context: PageContext,
  { period, repositories, sample }: ExportQuery,
): Promise<Content> {
  const names = repositories.length === 0 ? await allInScope(context) : await namesOf(context, repositories);
  return names && commandsSection({ period, repositories: names, sample });
}

/** Undefined unless every one of them was found. */
async function namesOf(
  { view, viewer }: PageContext,
  ids: readonly number[],
): Promise<readonly string[] | undefined> {
  const page = await view.repositories(viewer.scope, { after: undefined, most: MOST_LOOKED_AT });
  const names = page.items.filter(({ id }) => ids.includes(id)).map(({ name }) => name);
  return names.length === ids.length ? names : undefined;
}
