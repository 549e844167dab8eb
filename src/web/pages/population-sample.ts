import { rankOf } from '../../core/audit/sample.ts';
import { compare } from '../../core/audit/order.ts';
import type { ChangeEntry } from '../../core/model/audit.ts';
import type { PageContext } from '../context.ts';
import { digest } from '../layout/digest.ts';
import { filterForm } from '../layout/form.ts';
import { details, empty, section } from '../layout/heading.ts';
import { html, type Content, type SafeHtml } from '../layout/html.ts';
import { moment } from '../layout/instant.ts';
import { link } from '../layout/link.ts';
import { dataTable, type Column } from '../layout/table.ts';
import { document, foreign, grouped, many } from '../layout/words.ts';
import { typed, writeQuery } from '../query.ts';
import { MOST_SAMPLE } from '../query-fields.ts';
import { changeColumns } from './population-changes.ts';
import { allInScope, drawCommand, evidenceCommand } from './population-commands.ts';
import {
  POPULATION_CSV_PATH,
  POPULATION_PATH,
  populationFields,
  type PopulationAsked,
} from './population-query.ts';

interface Drawn {
  readonly draw: number;
  readonly rank: string;
  readonly change: ChangeEntry;
}

/** Where changes are drawn, and those that were. */
export async function sampleSection(
  context: PageContext,
  asked: PopulationAsked,
  sum: number,
): Promise<SafeHtml> {
  const { sample } = asked.query;
  const form = formOf(context, asked);
  const about = html`<p>
      Whoever tests names a size and a seed, any line of text. The seed and the name of each change make a
      number that nobody can choose, and the changes with the smallest numbers are drawn: so anybody can draw
      again. Note how many changes there are before you name the seed.
    </p>
    ${form}`;
  if (sample === undefined) return section('sample', 'Draw a sample', about);
  const { repository } = asked.query;
  const repositories = repository === undefined ? await allInScope(context) : [repository];
  const changes = await context.view.sample(context.viewer.scope, asked.filter, sample);
  return section('sample', 'Draw a sample', about, drawnOf(context, asked, changes, { sum, repositories }));
}

function formOf(context: PageContext, { query }: PopulationAsked): SafeHtml {
  const { period, repository, person, category } = query;
  const fields = populationFields(context.now());
  const hidden = Object.fromEntries(
    new URLSearchParams(writeQuery(fields, { period, repository, person, category })),
  );
  const ways = query.ways.length === 1 ? { way: query.ways[0] ?? '' } : {};
  const several = query.ways.length > 1;
  const size = typed(context.url.searchParams, 'size');
  return html`${filterForm({
    action: `${context.base}${POPULATION_PATH}#sample`,
    label: 'Draw a sample',
    hidden: { ...hidden, ...ways },
    fields: [
      {
        name: 'size',
        label: 'How many',
        kind: 'number',
        min: 1,
        max: MOST_SAMPLE,
        value: size === '' ? '25' : size,
      },
      { name: 'seed', label: 'Seed', kind: 'text', value: typed(context.url.searchParams, 'seed') },
    ],
    submit: 'Draw',
  })}${several ? html`<p class="hint">Drawn from all ways: choose none or one of them to draw from what is listed.</p>` : undefined}`;
}

type Sample = NonNullable<PopulationAsked['query']['sample']>;

function drawnOf(
  { base }: PageContext,
  asked: PopulationAsked,
  changes: readonly ChangeEntry[],
  { sum, repositories }: { readonly sum: number; readonly repositories: readonly string[] | undefined },
): Content {
  const { sample, ways } = asked.query;
  if (sample === undefined) return undefined;
  if (changes.length === 0) return empty('There is nothing to draw from: no change matches the filters.');
  const rows: readonly Drawn[] = changes
    .map((change) => ({ change, rank: rankOf(change.id, sample.seed) }))
    .sort((a, b) => compare(a.rank, b.rank))
    .map((each, n) => ({ ...each, draw: n + 1 }));
  const of = ways.length === 0 ? ` of ${grouped(sum)}` : '';
  const csv = asked.at(POPULATION_CSV_PATH, {});
  return html`<p>
      <strong>${many(changes.length, 'change')}${of} drawn</strong> with the seed
      “${foreign(sample.seed, 200)}”. ${link(csv, 'Download the sample as CSV')}
    </p>
    ${dataTable({ caption: 'In the order in which they were drawn: a smaller sample with the same seed is the first ones of these', columns: columnsOf(base), rows })}
    ${commandsOf(asked, sample, repositories)}`;
}

const columnsOf = (base: string): readonly Column<Drawn>[] => [
  { title: 'Draw', kind: 'number', cell: (d) => d.draw },
  ...changeColumns(base).map((column): Column<Drawn> => ({
    ...column,
    cell: ({ change }) => column.cell(change),
  })),
  { title: 'When', cell: (d) => moment(d.change.at) },
  { title: 'Rank', cell: (d) => digest(d.rank) },
];

function commandsOf(
  { query, at }: PopulationAsked,
  sample: Sample,
  repositories: readonly string[] | undefined,
): SafeHtml {
  const { period, person, category, ways } = query;
  const isFiltered = person !== undefined || category !== undefined || ways.length > 0;
  const table = link(at(POPULATION_CSV_PATH, { sample: undefined }), 'downloaded as it is filtered');
  return details(
    'Draw the same again without these pages',
    html`<p>
        From a table of the population, which can be
        ${table}${isFiltered ? undefined : ' or taken from a package'}:
      </p>
      ${document(drawCommand(sample, 'population.csv'), 'Commands that draw the sample')}`,
    isFiltered || repositories === undefined
      ? html`<p class="muted">
          A package has all changes of the period: what is drawn from these filters can be drawn from the
          downloaded table only.
        </p>`
      : html`<p>With a packet for each of them, from the database:</p>
          ${document(evidenceCommand({ period, repositories, sample, output: 'sample' }), 'Command that makes a package with the sample')}`,
  );
}
