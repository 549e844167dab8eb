import type { Page, RepositorySummary } from '../../core/model/view.ts';
import type { HtmlPage, PageAnswer, PageContext, PageRoute } from '../context.ts';
import type { Exports, ExportStatus } from '../exports.ts';
import { failure, notFound } from '../layout/failure.ts';
import { fieldOf } from '../layout/form.ts';
import { empty, pageHeading, section } from '../layout/heading.ts';
import { html, type Content, type SafeHtml } from '../layout/html.ts';
import { moment } from '../layout/instant.ts';
import { link } from '../layout/link.ts';
import { dataTable } from '../layout/table.ts';
import { many } from '../layout/words.ts';
import { readQuery } from '../query.ts';
import { MOST_SAMPLE } from '../query-fields.ts';
import * as form from '../query-form.ts';
import { commandsSection } from './export-commands.ts';
import { EXPORTS_PATH, packageFields, type AskedPackage } from './export-query.ts';
import { allInScope } from './population-commands.ts';
import { exportPage, queryInWords, stateBadge } from './export-status.ts';

const TITLE = 'Export';
/** Names that are offered; any other one in scope can be written. */
const MOST_NAMES = 50;

export const EXPORTS: readonly PageRoute[] = [
  { path: EXPORTS_PATH, page: askPage },
  { path: EXPORTS_PATH, method: 'POST', page: startExport },
  { path: `${EXPORTS_PATH}/:id`, page: exportPage },
  { path: `${EXPORTS_PATH}/:id/package.zip`, page: downloadExport },
];

/** The form, which an address may fill in. */
async function askPage(context: PageContext): Promise<PageAnswer> {
  const { searchParams } = context.url;
  const fields = packageFields(context.now());
  const read = readQuery<AskedPackage>(searchParams, fields);
  const shown = form.shownIn(searchParams, read.ok ? fields.period.write(read.value.period) : []);
  const content = await contentOf(context, shown, read.ok ? read.value : undefined);
  if (!read.ok)
    return form.askAgain({ title: TITLE, section: EXPORTS_PATH, problems: read.problems, form: content });
  return {
    kind: 'page',
    status: 200,
    title: TITLE,
    section: EXPORTS_PATH,
    content: html`${pageHeading({
      title: TITLE,
      lead: 'Everything of a period in one package that is checked without us: all records, every change and how it came in, exceptions, the register, models, configuration, figures, and a drawn sample. Its files are tied together by digests.',
    })}
    ${content}`,
  };
}

async function contentOf(
  context: PageContext,
  shown: form.Shown,
  asked: AskedPackage | undefined,
): Promise<Content> {
  const { exports, viewer } = context;
  return html`${section('ask', 'Make a package', exports ? await formOf(context, shown) : noExports())}
  ${exports ? listSection(context, await exports.list(viewer)) : undefined}
  ${asked ? await repeatOf(context, asked) : undefined}`;
}

async function repeatOf(context: PageContext, asked: AskedPackage): Promise<Content> {
  const repositories = asked.repositories.length === 0 ? await allInScope(context) : asked.repositories;
  return repositories && commandsSection({ ...asked, repositories });
}

const noExports = (): SafeHtml =>
  empty(
    'No package can be made from here.',
    'Whoever runs the service can make one with the commands below, from the database or a copy of it.',
  );

async function formOf(context: PageContext, shown: form.Shown): Promise<SafeHtml> {
  const { view, viewer, base, csrf } = context;
  const page = await view.repositories(viewer.scope, { after: undefined, most: MOST_NAMES });
  const fields = [
    ...form.periodFields(shown),
    { ...form.textField('repositories', 'Repositories', shown), hint: hintOf(page) },
    {
      name: 'size',
      label: 'Sample',
      kind: 'number',
      value: shown('size'),
      min: 1,
      max: MOST_SAMPLE,
      hint: 'Empty: nothing is drawn.',
    },
    { ...form.textField('seed', 'Seed', shown), hint: 'A line of text of whoever tests.' },
  ] as const;
  return html`<form class="filter" method="post" action="${base}${EXPORTS_PATH}" aria-label="Make a package">
      <input type="hidden" name="csrf" value="${csrf}" />
      ${fields.map(fieldOf)}
      <div class="buttons"><button type="submit">Make the package</button></div>
    </form>
    <p class="muted">
      It is made while you wait or do something else, and is kept for an hour. It holds only what you may see.
    </p>`;
}

function hintOf({ items, next }: Page<RepositorySummary>): string {
  const example = items.slice(0, 2).map(({ name }) => name.slice(0, 60));
  const all =
    next === undefined ? `all ${many(items.length, 'repository', 'repositories')}` : 'all you may see';
  return `Empty: ${all}. Else like ${example.length > 0 ? example.join(', ') : 'acme/shop, acme/till'}.`;
}

/** Started, or why not: the form is shown again as it was filled in. */
async function startExport(context: PageContext): Promise<PageAnswer> {
  const { exports, viewer, view } = context;
  if (!exports)
    return failure(
      404,
      'No package can be made here',
      'This service makes no packages.',
      link(`${context.base}${EXPORTS_PATH}`, 'How to make one elsewhere'),
    );
  const sent = new URLSearchParams(Object.entries(context.form));
  const read = readQuery<AskedPackage>(sent, packageFields(context.now()));
  if (!read.ok) return again(context, sent, read.problems);
  const { period, repositories, sample } = read.value;
  const ids: number[] = [];
  for (const name of repositories) {
    const repository = await view.repository(viewer.scope, name);
    if (!repository)
      return again(context, sent, [
        {
          name: 'repositories',
          message: `There is no repository ${JSON.stringify(name.slice(0, 140))} here, or you may not see it. The page of repositories lists yours.`,
        },
      ]);
    ids.push(repository.id);
  }
  const empty = await emptyPeriod(context, read.value, ids);
  if (empty !== undefined) return again(context, sent, [{ name: 'from', message: empty }]);
  return started(context, sent, await exports.start({ period, repositories: ids, sample }, viewer));
}

/** A package without a record is none: told at once rather than after it was made. */
async function emptyPeriod(
  { view, viewer }: PageContext,
  { period }: AskedPackage,
  ids: readonly number[],
): Promise<string | undefined> {
  const scopes = ids.length === 0 ? [undefined] : ids;
  for (const repository of scopes) {
    const filter = { period, ...(repository === undefined ? {} : { repository }) };
    const page = await view.records(viewer.scope, filter, { after: undefined, most: 1 });
    if (page.items.length > 0) return undefined;
  }
  return 'Nothing is on record in this period, and a package without a record would be evidence for nothing. Choose another period, or other repositories.';
}

async function started(
  context: PageContext,
  sent: URLSearchParams,
  answer: Awaited<ReturnType<Exports['start']>>,
): Promise<PageAnswer> {
  if (answer.kind === 'refused')
    return again(context, sent, [{ name: 'from', message: `${answer.problem} ${answer.remedy}` }]);
  return { kind: 'redirect', to: `${EXPORTS_PATH}/${answer.id}` };
}

async function again(
  context: PageContext,
  sent: URLSearchParams,
  problems: readonly { readonly name: string; readonly message: string }[],
): Promise<HtmlPage> {
  const content = await contentOf(context, form.shownIn(sent), undefined);
  return form.askAgain({ title: TITLE, section: EXPORTS_PATH, problems, form: content });
}

function listSection({ base }: PageContext, all: readonly ExportStatus[]): SafeHtml {
  if (all.length === 0)
    return section('yours', 'Your packages', empty('You have made no package in the last hour.'));
  return section(
    'yours',
    'Your packages',
    dataTable({
      caption: 'Newest first; each is removed after an hour',
      columns: [
        {
          title: 'Asked for',
          kind: 'row',
          cell: (one: ExportStatus) =>
            link(`${base}${EXPORTS_PATH}/${encodeURIComponent(one.id)}`, moment(one.at)),
        },
        { title: 'What', kind: 'wide', cell: (one: ExportStatus) => queryInWords(one.query) },
        { title: 'State', cell: stateBadge },
        { title: 'Kept until', cell: ({ until }: ExportStatus) => moment(until) },
      ],
      rows: all,
    }),
  );
}

async function downloadExport({ exports, viewer, params, base }: PageContext): Promise<PageAnswer> {
  const file = await exports?.file(params['id'] ?? '', viewer);
  return file
    ? { kind: 'download', name: file.name, type: 'application/zip', body: file.bytes }
    : notFound(base, 'package');
}
