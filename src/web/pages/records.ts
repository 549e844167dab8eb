import { controlOf, kindsFor } from '../../core/audit/evidence-kinds.ts';
import { FRAMEWORKS, type FrameworkEntry } from '../../core/audit/frameworks.ts';
import type { Period } from '../../core/model/audit.ts';
import { CATEGORIES, type Category } from '../../core/model/fact.ts';
import { RECORD_KINDS, type AuditRecord, type RecordKind } from '../../core/model/record.ts';
import type { Page, RecordFilter } from '../../core/model/view.ts';
import type { PageAnswer, PageContext, PageRoute } from '../context.ts';
import { notFound } from '../layout/failure.ts';
import { filterForm } from '../layout/form.ts';
import { empty, notice, pageHeading, section } from '../layout/heading.ts';
import { html, joined, type Content, type SafeHtml } from '../layout/html.ts';
import { link } from '../layout/link.ts';
import { pager, total } from '../layout/pager.ts';
import { readQuery, type Fields } from '../query.ts';
import * as fields from '../query-fields.ts';
import * as form from '../query-form.ts';
import { periodField } from '../query-time.ts';
import { KIND_WORDS } from './records-kinds.ts';
import { recordTable } from './records-table.ts';

interface RecordsQuery {
  readonly period: Period;
  readonly repository: string | undefined;
  readonly person: string | undefined;
  readonly kinds: readonly RecordKind[];
  readonly category: Category | undefined;
  readonly criterion: string | undefined;
  readonly conclusion: (typeof fields.CONCLUSIONS)[number] | undefined;
  readonly pullRequest: number | undefined;
  readonly after: string | undefined;
}

const RECORDS_PATH = '/records';
const TITLE = 'Records';
const CONTROLS = FRAMEWORKS.map(({ control }) => control);
const ROWS = 50;

const recordsFields = (now: string): Fields<RecordsQuery> => ({
  period: periodField(now),
  repository: fields.REPOSITORY,
  person: fields.PERSON,
  kinds: fields.KIND,
  category: fields.CATEGORY,
  criterion: fields.CRITERION,
  conclusion: fields.CONCLUSION,
  pullRequest: fields.PULL_REQUEST,
  after: fields.AFTER,
});

export const RECORDS: readonly PageRoute[] = [form.listPage(RECORDS_PATH, recordsPage)];

async function recordsPage(context: PageContext): Promise<PageAnswer> {
  const all = recordsFields(context.now());
  const { searchParams } = context.url;
  const read = readQuery<RecordsQuery>(searchParams, all);
  if (!read.ok) {
    const filters = await formOf(context, form.shownIn(searchParams), []);
    return form.askAgain({ title: TITLE, section: RECORDS_PATH, problems: read.problems, form: filters });
  }
  const query = read.value;
  const repository = await form.chosenRepository(context, query.repository);
  if (repository === 'unknown') return notFound(context.base, 'repository');
  const control = query.criterion === undefined ? undefined : controlOf(query.criterion);
  const at = (other: Partial<RecordsQuery>): string =>
    form.addressOf(context, RECORDS_PATH, all, { ...query, after: undefined, ...other });
  const page = await find(context, filterOf(query, repository?.id, control), query.after);
  const shown = form.shownIn(searchParams, all.period.write(query.period));
  return {
    kind: 'page',
    status: 200,
    title: TITLE,
    section: RECORDS_PATH,
    content: html`${pageHeading({ title: TITLE, lead: 'Everything that happened, as it was written down when it happened. A record is never altered, and carries the hash of the one before it.' })}
    ${await formOf(context, shown, query.kinds)}${form.usualLinks(context.now(), (period) => at({ period }))}
    ${control === undefined ? undefined : aboutControl(control, at({ criterion: undefined }))}
    ${listOf(context, page, query, at)}`,
  };
}

function filterOf(
  { period, person, kinds, category, conclusion, pullRequest }: RecordsQuery,
  repository: number | undefined,
  control: FrameworkEntry | undefined,
): RecordFilter {
  const ofControl = control && kindsFor(control);
  const both = ofControl && kinds.length > 0 ? kinds.filter((kind) => ofControl.includes(kind)) : ofControl;
  const chosen = both ?? (kinds.length > 0 ? kinds : undefined);
  return {
    period,
    ...(repository === undefined ? {} : { repository }),
    ...(person === undefined ? {} : { person }),
    ...(chosen ? { kinds: chosen } : {}),
    ...(category === undefined ? {} : { category }),
    ...(conclusion === undefined ? {} : { conclusion }),
    ...(pullRequest === undefined ? {} : { pullRequest }),
  };
}

async function find(
  { view, viewer }: PageContext,
  filter: RecordFilter,
  after: string | undefined,
): Promise<Page<AuditRecord>> {
  // No kind is both chosen and evidence for the control: no record can match.
  if (filter.kinds?.length === 0) return { items: [], next: undefined, total: { count: 0, more: false } };
  return view.records(viewer.scope, filter, { after, most: ROWS });
}

function aboutControl(control: FrameworkEntry, without: string): SafeHtml {
  const kinds = joined(
    kindsFor(control).map((kind) => KIND_WORDS[kind][1]),
    ', ',
  );
  return notice(
    'notice',
    html`Only records that are evidence for
      <strong>${control.framework} ${control.control}</strong> (${control.title}): ${kinds}. Whether the
      control holds is for whoever tests it to say. ${link(without, 'Show all kinds')}`,
  );
}

function listOf(
  context: PageContext,
  page: Page<AuditRecord>,
  query: RecordsQuery,
  at: (other: Partial<RecordsQuery>) => string,
): Content {
  if (page.items.length === 0)
    return section(
      'list',
      'Records',
      empty('No record matches.', 'Ask for a longer period, or leave a filter out.'),
    );
  return section(
    'list',
    html`Records <span class="muted">${total(page, 'record')}</span>`,
    recordTable(context, page.items, 'Newest first'),
    pager({
      next: page.next === undefined ? undefined : at({ after: page.next }),
      first: query.after === undefined ? undefined : at({}),
    }),
  );
}

async function formOf(
  context: PageContext,
  shown: form.Shown,
  kinds: readonly RecordKind[],
): Promise<SafeHtml> {
  return filterForm({
    action: `${context.base}${RECORDS_PATH}`,
    label: 'Search records',
    fields: [
      ...form.periodFields(shown),
      await form.repositoryField(context, shown),
      form.textField('pull', 'Pull request', shown),
      form.textField('person', 'Person', shown),
      form.chosenField(
        'category',
        'Category',
        shown,
        CATEGORIES.map((c) => [c, c]),
      ),
      form.chosenField(
        'conclusion',
        'Outcome',
        shown,
        fields.CONCLUSIONS.map((c) => [c, c]),
      ),
      form.textField('criterion', 'Evidence for control', shown, CONTROLS),
      // Several are chosen by address only: as many boxes as there are kinds would hide everything else.
      kinds.length > 1
        ? {
            name: 'kind',
            label: 'Kinds',
            kind: 'several',
            values: kinds,
            options: RECORD_KINDS.map((kind) => [kind, KIND_WORDS[kind][1]]),
          }
        : form.chosenField(
            'kind',
            'Kind',
            shown,
            RECORD_KINDS.map((kind) => [kind, KIND_WORDS[kind][1]]),
          ),
    ],
    submit: 'Search',
    reset: `${context.base}${RECORDS_PATH}`,
  });
}
