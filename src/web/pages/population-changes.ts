import { WAYS, type ChangeEntry, type Way } from '../../core/model/audit.ts';
import type { PageContext } from '../context.ts';
import { badge, wayBadge } from '../layout/badge.ts';
import { empty, section } from '../layout/heading.ts';
import { html, type Content, type SafeHtml } from '../layout/html.ts';
import { moment } from '../layout/instant.ts';
import { link, pathsFrom } from '../layout/link.ts';
import { pager, total } from '../layout/pager.ts';
import { person } from '../layout/person.ts';
import { dataTable, type Column } from '../layout/table.ts';
import { foreign, grouped, prose } from '../layout/words.ts';
import { POPULATION_PATH, type PopulationAsked } from './population-query.ts';
import { WAY_MEANINGS } from './population-way.ts';

const ROWS = 50;

/** How the changes came in: every way, those that nothing came in by included, and their sum. */
export function countsSection(
  { query, at }: PopulationAsked,
  counts: Readonly<Record<Way, number>>,
): SafeHtml {
  const sum = WAYS.reduce((all, way) => all + counts[way], 0);
  const rows: readonly (Way | undefined)[] = [...WAYS, undefined];
  const countOf = (way: Way | undefined): number => (way === undefined ? sum : counts[way]);
  const columns: readonly Column<Way | undefined>[] = [
    {
      title: 'Way',
      kind: 'row',
      cell: (way) =>
        way === undefined
          ? html`<strong>All changes</strong>`
          : html`${wayBadge(way)}${query.ways.includes(way) ? html` <span class="muted">listed below</span>` : undefined}`,
    },
    {
      title: 'What it means',
      kind: 'wide',
      cell: (way) =>
        way === undefined ? 'The sum of the ways: each change has exactly one.' : WAY_MEANINGS[way],
    },
    {
      title: 'Changes',
      kind: 'number',
      cell: (way) => {
        const n = grouped(countOf(way));
        if (way !== undefined && counts[way] === 0) return n;
        return link(
          `${at(POPULATION_PATH, { ways: way === undefined ? [] : [way], sample: undefined })}#changes`,
          n,
        );
      },
    },
    { title: 'Share', kind: 'number', cell: (way) => shareOf(countOf(way), sum) },
  ];
  return section(
    'ways',
    'How they came in',
    dataTable({ caption: 'Changes by way', hideCaption: true, columns, rows }),
  );
}

/** Never rounded to nothing or to everything: one of ten thousand is not none. */
function shareOf(part: number, whole: number): string {
  if (whole === 0 || part === 0) return '–';
  if (part === whole) return '100 %';
  const share = (part / whole) * 100;
  return share < 0.1 ? '< 0.1 %' : share > 99.9 ? '> 99.9 %' : `${share.toFixed(1)} %`;
}

export async function changesSection(
  { view, viewer, base }: PageContext,
  asked: PopulationAsked,
): Promise<SafeHtml> {
  const { query, filter, at } = asked;
  const page = await view.changes(viewer.scope, filter, { after: query.after, most: ROWS });
  const title = html`Changes <span class="muted">${total(page, 'change')}</span>`;
  if (page.items.length === 0)
    return section(
      'changes',
      'Changes',
      empty(
        'No change on record matches.',
        'Nothing on record is no proof that nothing happened: look at whether the gate was there in that time.',
      ),
    );
  const next =
    page.next === undefined
      ? undefined
      : `${at(POPULATION_PATH, { after: page.next, sample: undefined })}#changes`;
  const first =
    query.after === undefined ? undefined : `${at(POPULATION_PATH, { sample: undefined })}#changes`;
  return section(
    'changes',
    title,
    dataTable({
      caption: 'Newest first',
      columns: [{ title: 'When', cell: (c) => moment(c.at) }, ...changeColumns(base)],
      rows: page.items,
    }),
    pager({ next, first }),
  );
}

/** What a change is, whose, and how it came in. */
export const changeColumns = (base: string): readonly Column<ChangeEntry>[] => [
  { title: 'Change', kind: 'row', cell: (change) => packetLink(base, change) },
  { title: 'Author', cell: (c) => person(c.author) },
  { title: 'Merged or pushed by', cell: (c) => person(c.by) },
  { title: 'Way', cell: (c) => wayBadge(c.way) },
  { title: 'Why', kind: 'wide', cell: (c) => html`${prose(c.why, 400)}${categoriesOf(c)}` },
];

/** To all that is on record about it. */
function packetLink(base: string, { id, repository, pullRequest, records }: ChangeEntry): SafeHtml {
  const paths = pathsFrom(base);
  const href =
    pullRequest === undefined
      ? paths.push(repository.name, records[0] ?? 0)
      : paths.pullRequest(repository.name, pullRequest);
  return link(href, foreign(shortened(id), 160));
}

/** Whole commits fill a column, and the page behind has them. */
export const shortened = (id: string): string => id.replace(/([@:][0-9a-f]{10})[0-9a-f]{30,}$/, '$1');

function categoriesOf({ verdict }: ChangeEntry): Content {
  return verdict?.categories.map((category) => html` ${badge('notice', category)}`);
}
