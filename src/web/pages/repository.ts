import type { Period } from '../../core/model/audit.ts';
import type { RepositorySummary } from '../../core/model/view.ts';
import type { PageAnswer, PageContext, PageRoute } from '../context.ts';
import { notFound } from '../layout/failure.ts';
import { filterForm } from '../layout/form.ts';
import { pageHeading } from '../layout/heading.ts';
import { html, type SafeHtml } from '../layout/html.ts';
import { githubFrom, link, pathsFrom } from '../layout/link.ts';
import { foreign } from '../layout/words.ts';
import { readQuery, type Fields } from '../query.ts';
import * as form from '../query-form.ts';
import { periodField, shownDay } from '../query-time.ts';
import { repositoryIn } from './address.ts';
import type { OverviewAsked } from './overview.ts';
import { newestSection, waysSection } from './overview-tables.ts';
import { chainSection, gateSection, inForceSection } from './repository-parts.ts';

const SECTION = '/repositories';

interface Query {
  readonly period: Period;
}

export const REPOSITORY_PAGE: PageRoute = { path: '/:owner/:name', page: repositoryPage };

async function repositoryPage(context: PageContext): Promise<PageAnswer> {
  const repository = await repositoryIn(context);
  if (repository === undefined) return notFound(context.base, 'repository');
  const now = context.now();
  const { searchParams } = context.url;
  const read = readQuery<Query>(searchParams, { period: periodField(now) } satisfies Fields<Query>);
  const title = repository.name;
  if (!read.ok) {
    const asked = formOf(context, title, form.shownIn(searchParams));
    return form.askAgain({ title, section: SECTION, problems: read.problems, form: asked });
  }
  return {
    kind: 'page',
    status: 200,
    title,
    section: SECTION,
    content: await contentOf(context, repository, read.value.period),
  };
}

async function contentOf(
  context: PageContext,
  repository: RepositorySummary,
  period: Period,
): Promise<SafeHtml> {
  const { view, viewer } = context;
  const now = context.now();
  const asked: OverviewAsked = {
    period,
    repository,
    filter: { period, repository: repository.id },
    query: { from: shownDay(period.from), to: shownDay(period.to), repository: repository.name },
  };
  const counts = await view.counts(viewer.scope, asked.filter);
  const shown = form.shownIn(context.url.searchParams, periodField(now).write(period));
  const self = pathsFrom(context.base).repository(repository.name);
  return html`${headingOf(context, repository)} ${chainSection(context, repository)}
  ${await inForceSection(context, repository)}
  ${formOf(context, repository.name, shown)}${form.usualLinks(now, ({ from, to }) => `${self}?from=${shownDay(from)}&to=${shownDay(to)}`)}
  ${waysSection(context, asked, counts)} ${await newestSection(context, asked)}
  ${await gateSection(context, repository)}`;
}

function headingOf({ base, githubUrl }: PageContext, { name }: RepositorySummary): SafeHtml {
  const { to, repositories } = pathsFrom(base);
  return pageHeading({
    title: foreign(name, 160),
    trail: [['Repositories', repositories]],
    actions: [
      link(to('/records', { repository: name }), 'Records'),
      link(to('/exceptions', { repository: name }), 'Exceptions'),
      link(to('/register', { repository: name }), 'Register'),
      link(to('/configuration', { repository: name }), 'Configuration'),
      link(to('', { repository: name }), 'Charts'),
      githubFrom(githubUrl).repository(name),
    ],
  });
}

const formOf = ({ base }: PageContext, name: string, shown: form.Shown): SafeHtml =>
  filterForm({
    action: pathsFrom(base).repository(name),
    label: 'Period',
    fields: form.periodFields(shown),
    reset: pathsFrom(base).repository(name),
  });
