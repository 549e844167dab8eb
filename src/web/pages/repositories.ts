import type { HtmlPage, PageAnswer, PageContext, PageRoute } from '../context.ts';
import { filterForm } from '../layout/form.ts';
import { empty, pageHeading } from '../layout/heading.ts';
import { html, type Content, type SafeHtml } from '../layout/html.ts';
import { link, pathsFrom } from '../layout/link.ts';
import { pager, total } from '../layout/pager.ts';
import { dataTable } from '../layout/table.ts';
import { readQuery, type Fields } from '../query.ts';
import { AFTER, SEARCH } from '../query-fields.ts';
import * as form from '../query-form.ts';
import { repositoryColumns } from './repository-columns.ts';

const TITLE = 'Repositories';
const PATH = '/repositories';
const ROWS = 50;

interface Query {
  readonly search: string | undefined;
  readonly after: string | undefined;
}

const FIELDS: Fields<Query> = { search: SEARCH, after: AFTER };

export const REPOSITORIES: PageRoute = form.listPage(PATH, repositoriesPage);

async function repositoriesPage(context: PageContext): Promise<PageAnswer> {
  const { searchParams } = context.url;
  const read = readQuery<Query>(searchParams, FIELDS);
  const asked = formOf(context, form.shownIn(searchParams));
  if (!read.ok) return form.askAgain({ title: TITLE, section: PATH, problems: read.problems, form: asked });
  return {
    kind: 'page',
    status: 200,
    title: TITLE,
    section: PATH,
    content: html`${pageHeading({
      title: TITLE,
      lead: 'Each has a chain of records of its own, which nothing was ever taken out of or put into if its end is what it was said to be.',
    })}
      ${asked}
      <div class="panel">${await tableOf(context, read.value)}</div>`,
  } satisfies HtmlPage;
}

const formOf = ({ base }: PageContext, shown: form.Shown): SafeHtml =>
  filterForm({
    action: `${base}${PATH}`,
    label: 'Search repositories',
    fields: [
      {
        name: 'search',
        label: 'Name',
        kind: 'search',
        value: shown('search'),
        hint: 'A part of owner or name',
      },
    ],
    submit: 'Search',
    reset: `${base}${PATH}`,
  });

async function tableOf(context: PageContext, { search, after }: Query): Promise<Content> {
  const { view, viewer, base } = context;
  const page = await view.repositories(viewer.scope, { after, most: ROWS }, search);
  if (page.items.length === 0)
    return empty(
      search === undefined
        ? 'No repository that you may see has records.'
        : 'No repository that you may see has such a name.',
      'Repositories are here from the moment that the App was installed on them.',
    );
  const paths = pathsFrom(base);
  const at = (query: Partial<Query>): string => form.addressOf(context, PATH, FIELDS, { search, ...query });
  return [
    dataTable({
      caption: total(page, 'repository', 'repositories'),
      rows: page.items,
      columns: [
        ...repositoryColumns(context.base),
        {
          title: 'Changes',
          cell: (r) =>
            link(
              paths.to('/population', { repository: r.name }),
              html`Population<span class="visually-hidden"> of ${r.name}</span>`,
            ),
        },
      ],
    }),
    pager({
      next: page.next === undefined ? undefined : at({ after: page.next }),
      first: after === undefined ? undefined : at({}),
    }),
  ];
}
