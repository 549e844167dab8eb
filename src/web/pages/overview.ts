import type { Period } from '../../core/model/audit.ts';
import type { RepositorySummary } from '../../core/model/view.ts';
import type { HtmlPage, PageAnswer, PageContext, PageRoute } from '../context.ts';
import { notFound } from '../layout/failure.ts';
import { filterForm } from '../layout/form.ts';
import { pageHeading } from '../layout/heading.ts';
import { html, type Content, type SafeHtml } from '../layout/html.ts';
import { link, pathsFrom } from '../layout/link.ts';
import { readQuery, type Fields } from '../query.ts';
import { REPOSITORY } from '../query-fields.ts';
import * as form from '../query-form.ts';
import { periodField, shownDay } from '../query-time.ts';
import { chartsOf } from './overview-charts.ts';
import { exceptionsSection, overdueSection } from './overview-exceptions.ts';
import { figuresOf } from './overview-figures.ts';
import { newestSection, repositoriesSection, waysSection } from './overview-tables.ts';

const TITLE = 'Overview';
const PATH = '/';

interface Query {
  readonly period: Period;
  readonly repository: string | undefined;
}

/** What the parts of the overview are about. */
export interface OverviewAsked {
  readonly period: Period;
  readonly repository: RepositorySummary | undefined;
  /** Of the period and the repository: for the view. */
  readonly filter: { readonly period: Period; readonly repository?: number };
  /** The same for links to other pages. */
  readonly query: { readonly from: string; readonly to: string; readonly repository: string | undefined };
}

export const OVERVIEW: PageRoute = { path: PATH, page: overviewPage };

const fieldsOf = (now: string): Fields<Query> => ({ period: periodField(now), repository: REPOSITORY });

async function overviewPage(context: PageContext): Promise<PageAnswer> {
  const fields = fieldsOf(context.now());
  const { searchParams } = context.url;
  const read = readQuery<Query>(searchParams, fields);
  if (!read.ok) {
    const asked = await formOf(context, form.shownIn(searchParams));
    return form.askAgain({ title: TITLE, section: PATH, problems: read.problems, form: asked });
  }
  const repository = await form.chosenRepository(context, read.value.repository);
  if (repository === 'unknown') return notFound(context.base, 'repository');
  const { period } = read.value;
  return answer(context, {
    period,
    repository,
    filter: repository === undefined ? { period } : { period, repository: repository.id },
    query: { from: shownDay(period.from), to: shownDay(period.to), repository: repository?.name },
  });
}

async function answer(context: PageContext, asked: OverviewAsked): Promise<HtmlPage> {
  const { view, viewer } = context;
  const { filter, period, repository } = asked;
  const now = context.now();
  const [months, counts] = [
    await view.months(viewer.scope, filter, now),
    await view.counts(viewer.scope, filter),
  ];
  const shown = form.shownIn(context.url.searchParams, periodField(now).write(period));
  return {
    kind: 'page',
    status: 200,
    title: TITLE,
    section: PATH,
    content: html`${pageHeading({ title: TITLE, lead: leadOf(context, repository) })}
    ${await formOf(context, shown)}${form.usualLinks(now, (other) => form.addressOf(context, '', fieldsOf(now), { period: other, repository: repository?.name }))}
    ${figuresOf(context, asked, counts, months)} ${await overdueSection(context, asked)}
    ${chartsOf(period, months)} ${waysSection(context, asked, counts)}
    ${await exceptionsSection(context, asked)} ${await newestSection(context, asked)}
    ${repository === undefined ? await repositoriesSection(context) : undefined}`,
  };
}

function leadOf({ base, viewer }: PageContext, repository: RepositorySummary | undefined): Content {
  if (repository !== undefined)
    return html`Changes to ${link(pathsFrom(base).repository(repository.name), repository.name)} in the
    period, and how the gate dealt with them.`;
  const all =
    viewer.scope.kind === 'all' ? 'all repositories on record' : 'the repositories that you may see';
  return html`Changes to ${all} in the period, and how the gate dealt with them.`;
}

async function formOf(context: PageContext, shown: form.Shown): Promise<SafeHtml> {
  return filterForm({
    action: context.base,
    label: 'Period and repository',
    fields: [...form.periodFields(shown), await form.repositoryField(context, shown)],
    reset: context.base,
  });
}
