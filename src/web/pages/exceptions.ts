import type { ExceptionFilter, ExceptionRow, Page } from '../../core/model/view.ts';
import type { PageAnswer, PageContext, PageRoute } from '../context.ts';
import { notFound } from '../layout/failure.ts';
import { filterForm } from '../layout/form.ts';
import { empty, pageHeading, section } from '../layout/heading.ts';
import { html, type Content, type SafeHtml } from '../layout/html.ts';
import { moment } from '../layout/instant.ts';
import { link } from '../layout/link.ts';
import { pager, total } from '../layout/pager.ts';
import { readQuery } from '../query.ts';
import { EXCEPTION_KINDS } from '../query-fields.ts';
import * as form from '../query-form.ts';
import { EXCEPTIONS_PATH, exceptionsFields, type ExceptionsQuery } from './exceptions-query.ts';
import { reviewsSection } from './exceptions-reviews.ts';
import { exceptionTable } from './exceptions-table.ts';
import { EXCEPTION_WORDS } from './exceptions-words.ts';

const TITLE = 'Exceptions';
const ROWS = 50;
/** Of what is overdue above the list; all of it is a link away. */
const FIRST_ROWS = 20;

export const EXCEPTIONS: readonly PageRoute[] = [form.listPage(EXCEPTIONS_PATH, exceptionsPage)];

/** An address of the same question with something else in it. */
type At = (other: Partial<ExceptionsQuery>) => string;

async function exceptionsPage(context: PageContext): Promise<PageAnswer> {
  const fields = exceptionsFields(context.now());
  const { searchParams } = context.url;
  const read = readQuery<ExceptionsQuery>(searchParams, fields);
  if (!read.ok) {
    const filters = await formOf(context, form.shownIn(searchParams), { kinds: [], overdue: false });
    return form.askAgain({ title: TITLE, section: EXCEPTIONS_PATH, problems: read.problems, form: filters });
  }
  const query = read.value;
  const repository = await form.chosenRepository(context, query.repository);
  if (repository === 'unknown') return notFound(context.base, 'repository');
  const filter: ExceptionFilter = {
    period: query.period,
    ...(repository ? { repository: repository.id } : {}),
    ...(query.kinds.length > 0 ? { kinds: query.kinds } : {}),
  };
  const { at: asOf, ...others } = query;
  // Without a day in it, an address means whenever it is opened.
  const asked = form.shownIn(searchParams)('at') === '' ? others : { ...others, at: asOf };
  const at: At = (other) =>
    form.addressOf(context, EXCEPTIONS_PATH, fields, { ...asked, after: undefined, ...other });
  const shown = form.shownIn(searchParams, fields.period.write(query.period));
  const lead = html`What did not go the ordinary way, as of ${moment(query.at)}: who let it through, why, what
  was done about it, and what is still open.`;
  return {
    kind: 'page',
    status: 200,
    title: TITLE,
    section: EXCEPTIONS_PATH,
    content: html`${pageHeading({ title: TITLE, lead })}
    ${await formOf(context, shown, query)}${form.usualLinks(context.now(), (period) => at({ period }))}
    ${query.overdue || query.after !== undefined ? undefined : await urgentSections(context, query, filter, at)}
    ${await listSection(context, query, filter, at)}`,
  };
}

/** What has to be done, before the list of what was. */
async function urgentSections(
  context: PageContext,
  query: ExceptionsQuery,
  filter: ExceptionFilter,
  at: At,
): Promise<Content> {
  const { repository } = filter;
  return [
    await overdueSection(context, query, filter, at),
    await reviewsSection(context, query, repository === undefined ? {} : { repository }),
  ];
}

async function overdueSection(
  context: PageContext,
  { at: asOf }: ExceptionsQuery,
  filter: ExceptionFilter,
  at: At,
): Promise<Content> {
  const { view, viewer } = context;
  const first = { after: undefined, most: FIRST_ROWS };
  const page = await view.exceptions(viewer.scope, { ...filter, overdue: true }, asOf, first);
  if (page.items.length === 0)
    return section('overdue', 'Overdue', empty(html`Nothing is overdue as of ${moment(asOf)}.`));
  return section(
    'overdue',
    html`Overdue <span class="muted">${total(page, 'review')}</span>`,
    exceptionTable(context, page.items, 'Due, and done by nobody'),
    page.next === undefined ? undefined : html`<p>${link(at({ overdue: true }), 'All that are overdue')}</p>`,
  );
}

async function listSection(
  context: PageContext,
  query: ExceptionsQuery,
  filter: ExceptionFilter,
  at: At,
): Promise<SafeHtml> {
  const { view, viewer } = context;
  const whole = query.overdue ? { ...filter, overdue: true } : filter;
  const page = await view.exceptions(viewer.scope, whole, query.at, { after: query.after, most: ROWS });
  const title = query.overdue ? 'Overdue exceptions' : 'All exceptions';
  if (page.items.length === 0) return section('all', title, nothing(query));
  return section(
    'all',
    html`${title} <span class="muted">${total(page, 'exception')}</span>`,
    exceptionTable(context, page.items, 'Newest first'),
    pagerOf(page, query, at),
  );
}

const pagerOf = (page: Page<ExceptionRow>, query: ExceptionsQuery, at: At): Content =>
  pager({
    next: page.next === undefined ? undefined : at({ after: page.next }),
    first: query.after === undefined ? undefined : at({}),
  });

const nothing = ({ overdue }: ExceptionsQuery): SafeHtml =>
  empty(
    overdue ? 'Nothing that matches is overdue.' : 'No exception matches.',
    'That none is on record says nothing about a time when the gate was not there: the page of configuration shows when it was.',
  );

async function formOf(
  context: PageContext,
  shown: form.Shown,
  { kinds, overdue }: Pick<ExceptionsQuery, 'kinds' | 'overdue'>,
): Promise<SafeHtml> {
  return filterForm({
    action: `${context.base}${EXCEPTIONS_PATH}`,
    label: 'Filter exceptions',
    fields: [
      ...form.periodFields(shown),
      form.dayField('at', 'As of the end of', shown),
      await form.repositoryField(context, shown),
      {
        name: 'kind',
        label: 'Kinds',
        kind: 'several',
        values: kinds,
        options: EXCEPTION_KINDS.map((kind) => [kind, EXCEPTION_WORDS[kind][1]]),
      },
      {
        name: 'overdue',
        label: 'State',
        kind: 'several',
        values: overdue ? ['yes'] : [],
        options: [['yes', 'Only what is overdue']],
      },
    ],
    reset: `${context.base}${EXCEPTIONS_PATH}`,
  });
}
