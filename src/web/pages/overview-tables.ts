import { WAYS, type Way } from '../../core/model/audit.ts';
import type { PageContext } from '../context.ts';
import { wayBadge } from '../layout/badge.ts';
import { empty, section } from '../layout/heading.ts';
import { html, type Content, type SafeHtml } from '../layout/html.ts';
import { moment } from '../layout/instant.ts';
import { percent } from '../layout/line-chart.ts';
import { link, pathsFrom } from '../layout/link.ts';
import { total } from '../layout/pager.ts';
import { dataTable } from '../layout/table.ts';
import { grouped } from '../layout/words.ts';
import type { OverviewAsked } from './overview.ts';
import { changesIn } from './overview-figures.ts';
import { changeColumns } from './population-changes.ts';
import { WAY_MEANINGS } from './population-way.ts';
import { repositoryColumns } from './repository-columns.ts';

const NEWEST = 8;
const REPOSITORIES = 10;

export function waysSection(
  { base }: PageContext,
  { query }: OverviewAsked,
  counts: Readonly<Record<Way, number>>,
): SafeHtml {
  const all = changesIn(counts);
  return section(
    'ways',
    'How changes came in',
    dataTable({
      caption: 'Each change has exactly one way',
      hideCaption: true,
      rows: WAYS,
      columns: [
        { title: 'Way', kind: 'row', cell: wayBadge },
        { title: 'What it means', kind: 'wide', cell: (way) => WAY_MEANINGS[way] },
        { title: 'Changes', kind: 'number', cell: (way) => linked(base, query, way, counts[way]) },
        {
          title: 'Share',
          kind: 'number',
          cell: (way) => (all === 0 ? '–' : percent({ part: counts[way], whole: all })),
        },
      ],
    }),
  );
}

const linked = (base: string, query: OverviewAsked['query'], way: Way, count: number): Content =>
  count === 0 ? '0' : link(pathsFrom(base).to('/population', { ...query, way }), grouped(count));

export async function newestSection(
  { view, viewer, base }: PageContext,
  asked: OverviewAsked,
): Promise<SafeHtml> {
  const page = await view.changes(viewer.scope, asked.filter, { after: undefined, most: NEWEST });
  if (page.items.length === 0)
    return section(
      'newest',
      'Newest changes',
      empty(
        'No change is on record in this period.',
        html`That is no evidence that nothing happened: see
        ${link(pathsFrom(base).to('/records', asked.query), 'the records')} of the same time, and whether the
        App was installed then.`,
      ),
    );
  return section(
    'newest',
    'Newest changes',
    dataTable({
      caption: html`${total(page, 'change')} in the period.
      ${link(pathsFrom(base).to('/population', asked.query), 'All of them')}`,
      rows: page.items,
      columns: [{ title: 'When', cell: (c) => moment(c.at) }, ...changeColumns(base)],
    }),
  );
}

/** Where the chains stand: whoever noted an end earlier can compare. */
export async function repositoriesSection({ view, viewer, base }: PageContext): Promise<SafeHtml> {
  const paths = pathsFrom(base);
  const page = await view.repositories(viewer.scope, { after: undefined, most: REPOSITORIES });
  if (page.items.length === 0)
    return section('repositories', 'Repositories', empty('No repository that you may see has records.'));
  return section(
    'repositories',
    'Repositories',
    dataTable({
      caption: html`${total(page, 'repository', 'repositories')}. ${link(paths.repositories, 'All of them')}`,
      rows: page.items,
      columns: repositoryColumns(base),
    }),
  );
}
