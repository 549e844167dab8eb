import { WAYS, type Way } from '../../core/model/audit.ts';
import { CATEGORIES } from '../../core/model/fact.ts';
import type { HtmlPage, PageAnswer, PageContext, PageRoute } from '../context.ts';
import { WAY_WORDS } from '../layout/badge.ts';
import { notFound } from '../layout/failure.ts';
import { filterForm } from '../layout/form.ts';
import { pageHeading } from '../layout/heading.ts';
import { html, type SafeHtml } from '../layout/html.ts';
import { link } from '../layout/link.ts';
import { many } from '../layout/words.ts';
import { readQuery } from '../query.ts';
import * as form from '../query-form.ts';
import { periodField } from '../query-time.ts';
import { changesSection, countsSection } from './population-changes.ts';
import { csvOfPopulation } from './population-csv.ts';
import {
  narrowed,
  POPULATION_CSV_PATH,
  POPULATION_PATH,
  populationFields,
  type PopulationAsked,
  type PopulationQuery,
} from './population-query.ts';
import { sampleSection } from './population-sample.ts';

const TITLE = 'Population';

export const POPULATION: readonly PageRoute[] = [
  form.listPage(POPULATION_PATH, (context) => answer(context, populationPage)),
  { path: POPULATION_CSV_PATH, page: (context) => answer(context, csvOfPopulation) },
];

async function answer(
  context: PageContext,
  give: (context: PageContext, asked: PopulationAsked) => Promise<PageAnswer>,
): Promise<PageAnswer> {
  const fields = populationFields(context.now());
  const read = readQuery<PopulationQuery>(context.url.searchParams, fields);
  if (!read.ok) {
    const filters = await formOf(context, form.shownIn(context.url.searchParams), []);
    return form.askAgain({ title: TITLE, section: POPULATION_PATH, problems: read.problems, form: filters });
  }
  const repository = await form.chosenRepository(context, read.value.repository);
  if (repository === 'unknown') return notFound(context.base, 'repository');
  const { period, person, ways, category } = read.value;
  const ofAllWays = {
    period,
    ...(repository ? { repository: repository.id } : {}),
    ...(person === undefined ? {} : { person }),
    ...(category === undefined ? {} : { category }),
  };
  return give(context, {
    query: read.value,
    filter: ways.length === 0 ? ofAllWays : { ...ofAllWays, ways },
    ofAllWays,
    at: (path, other) => form.addressOf(context, path, fields, { ...read.value, after: undefined, ...other }),
  });
}

async function populationPage(context: PageContext, asked: PopulationAsked): Promise<HtmlPage> {
  const { query, ofAllWays, at } = asked;
  const counts = await context.view.counts(context.viewer.scope, ofAllWays);
  const sum = WAYS.reduce((all, way) => all + counts[way], 0);
  const shown = form.shownIn(context.url.searchParams, periodField(context.now()).write(query.period));
  const lead = html`Every change that came to a protected branch in the period, and how it came in.
  ${many(sum, 'change')} ${narrowed(query) ? 'match the filters' : 'are on record'}.`;
  return {
    kind: 'page',
    status: 200,
    title: TITLE,
    section: POPULATION_PATH,
    content: html`${pageHeading({
      title: TITLE,
      lead,
      actions: sum === 0 ? [] : [link(at(POPULATION_CSV_PATH, { sample: undefined }), 'Download as CSV')],
    })}
    ${await formOf(context, shown, query.ways)}${form.usualLinks(context.now(), (period) => at(POPULATION_PATH, { period }))}
    ${countsSection(asked, counts)} ${await sampleSection(context, asked, sum)}
    ${await changesSection(context, asked)}`,
  };
}

async function formOf(context: PageContext, shown: form.Shown, ways: readonly Way[]): Promise<SafeHtml> {
  return filterForm({
    action: `${context.base}${POPULATION_PATH}`,
    label: 'Filter changes',
    fields: [
      ...form.periodFields(shown),
      await form.repositoryField(context, shown),
      form.textField('person', 'Person', shown),
      form.chosenField(
        'category',
        'Category',
        shown,
        CATEGORIES.map((c) => [c, c]),
      ),
      {
        name: 'way',
        label: 'Ways',
        kind: 'several',
        values: ways,
        options: WAYS.map((way) => [way, WAY_WORDS[way][1]]),
      },
    ],
    reset: `${context.base}${POPULATION_PATH}`,
  });
}
