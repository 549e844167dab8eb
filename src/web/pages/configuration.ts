import type { RecordFilter } from '../../core/model/view.ts';
import type { PageAnswer, PageContext, PageRoute } from '../context.ts';
import { notFound } from '../layout/failure.ts';
import { filterForm } from '../layout/form.ts';
import { empty, pageHeading, section } from '../layout/heading.ts';
import { html, type Content, type SafeHtml } from '../layout/html.ts';
import { pager, total } from '../layout/pager.ts';
import { readQuery } from '../query.ts';
import * as form from '../query-form.ts';
import { configurationChange } from './configuration-change.ts';
import {
  CONFIGURATION_PATH,
  configurationFields,
  EVENT_KINDS,
  type ConfigurationQuery,
} from './configuration-query.ts';
import { statesSection } from './configuration-states.ts';
import { recordTable } from './records-table.ts';

const TITLE = 'Configuration';
const ROWS = 50;

export const CONFIGURATION: readonly PageRoute[] = [
  form.listPage(CONFIGURATION_PATH, configurationPage),
  { path: `${CONFIGURATION_PATH}/:owner/:name/:record`, page: configurationChange },
];

async function configurationPage(context: PageContext): Promise<PageAnswer> {
  const fields = configurationFields(context.now());
  const { searchParams } = context.url;
  const read = readQuery<ConfigurationQuery>(searchParams, fields);
  if (!read.ok) {
    const filters = await formOf(context, form.shownIn(searchParams));
    return form.askAgain({
      title: TITLE,
      section: CONFIGURATION_PATH,
      problems: read.problems,
      form: filters,
    });
  }
  const query = read.value;
  const repository = await form.chosenRepository(context, query.repository);
  if (repository === 'unknown') return notFound(context.base, 'repository');
  const at = (other: Partial<ConfigurationQuery>): string =>
    form.addressOf(context, CONFIGURATION_PATH, fields, { ...query, after: undefined, ...other });
  const filter = repository ? { repository: repository.id } : {};
  const lead =
    'How the gate was set up over time: when it was there, by which rules it judged, what GitHub demanded of the branches and who could bypass that, and what happened to the records themselves.';
  return {
    kind: 'page',
    status: 200,
    title: TITLE,
    section: CONFIGURATION_PATH,
    content: html`${pageHeading({ title: TITLE, lead })}
    ${await formOf(context, form.shownIn(searchParams, fields.period.write(query.period)))}${form.usualLinks(context.now(), (period) => at({ period }))}
    ${await statesSection(context, query, filter)} ${await eventsSection(context, query, filter, at)}`,
  };
}

async function eventsSection(
  context: PageContext,
  { period, after }: ConfigurationQuery,
  filter: RecordFilter,
  at: (other: Partial<ConfigurationQuery>) => string,
): Promise<Content> {
  const { view, viewer } = context;
  const wanted = { ...filter, period, kinds: EVENT_KINDS };
  const page = await view.records(viewer.scope, wanted, { after, most: ROWS });
  if (page.items.length === 0)
    return section(
      'events',
      'What happened',
      empty('Nothing happened to the gate in this time, as far as it is on record.'),
    );
  return section(
    'events',
    html`What happened <span class="muted">${total(page, 'record')}</span>`,
    recordTable(context, page.items, 'Installation, rules, outages, holds and comparisons, newest first'),
    pager({
      next: page.next === undefined ? undefined : `${at({ after: page.next })}#events`,
      first: after === undefined ? undefined : `${at({})}#events`,
    }),
  );
}

async function formOf(context: PageContext, shown: form.Shown): Promise<SafeHtml> {
  return filterForm({
    action: `${context.base}${CONFIGURATION_PATH}`,
    label: 'Filter configuration',
    fields: [...form.periodFields(shown), await form.repositoryField(context, shown)],
    reset: `${context.base}${CONFIGURATION_PATH}`,
  });
}
