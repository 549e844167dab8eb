import { KINDS_OF_EVIDENCE, titleOfEvidence } from '../../core/audit/evidence-kinds.ts';
import { EVIDENCE, type EvidenceItem } from '../../core/audit/evidence.ts';
import { FRAMEWORKS, type Checked, type Fit, type FrameworkEntry } from '../../core/audit/frameworks.ts';
import { instantOf } from '../../core/audit/instants.ts';
import type { Period } from '../../core/model/audit.ts';
import type { PageAnswer, PageContext, PageRoute } from '../context.ts';
import { badge, type Tone } from '../layout/badge.ts';
import { filterForm } from '../layout/form.ts';
import { pageHeading, section } from '../layout/heading.ts';
import { html, joined, type Content, type SafeHtml } from '../layout/html.ts';
import { link, pathsFrom, type Query } from '../layout/link.ts';
import { dataTable, type Column } from '../layout/table.ts';
import { many } from '../layout/words.ts';
import { filesFor } from '../package-tables.ts';
import { readQuery, type Fields } from '../query.ts';
import { choice } from '../query-fields.ts';
import * as form from '../query-form.ts';
import { periodField, shownDay, shownEnd } from '../query-time.ts';
import { SOURCES, type Source } from './controls-sources.ts';

interface ControlsQuery {
  readonly period: Period;
  readonly framework: string | undefined;
}

const CONTROLS_PATH = '/controls';
const TITLE = 'Controls';

const NAMES: readonly string[] = [...new Set(FRAMEWORKS.map(({ framework }) => framework))];
/** Stands for every one of them. */
const ALL = 'all';

const controlsFields = (now: string): Fields<ControlsQuery> => ({
  period: periodField(now),
  framework: choice('framework', 'framework of the map', [...NAMES, ALL]),
});

export const CONTROLS: readonly PageRoute[] = [
  { path: CONTROLS_PATH, page: (context) => Promise.resolve(controlsPage(context)) },
];

function controlsPage(context: PageContext): PageAnswer {
  const fields = controlsFields(context.now());
  const { searchParams } = context.url;
  const read = readQuery<ControlsQuery>(searchParams, fields);
  if (!read.ok)
    return form.askAgain({
      title: TITLE,
      section: CONTROLS_PATH,
      problems: read.problems,
      form: formOf(context, form.shownIn(searchParams), NAMES[0] ?? ''),
    });
  const { period, framework = NAMES[0] ?? '' } = read.value;
  const chosen = framework === ALL ? NAMES : [framework];
  return {
    kind: 'page',
    status: 200,
    title: TITLE,
    section: CONTROLS_PATH,
    content: html`${pageHeading({ title: TITLE, lead: 'Which controls of frameworks these pages are evidence for, and where to look. Titles are in our own words. Whether a control holds is for whoever tests it to say.' })}
    ${formOf(context, form.shownIn(searchParams, fields.period.write(period)), framework)}
    ${chosen.flatMap((name) => frameworkSections(context, name, period))} ${itemSection(context, period)}`,
  };
}

/** One section for each version of a framework. */
function frameworkSections(context: PageContext, name: string, period: Period): readonly Content[] {
  const controls = FRAMEWORKS.filter(({ framework }) => framework === name);
  return [...Map.groupBy(controls, ({ version }) => version)].map(([version, own]) =>
    section(
      `framework-${NAMES.indexOf(name)}-${version.replace(/[^\w]+/g, '-')}`,
      html`${name}
        <span class="muted"
          >${version === 'not pinned' ? 'no edition was looked at' : version},
          ${many(own.length, 'control')}</span
        >`,
      dataTable({
        caption: html`Controls of ${name}`,
        hideCaption: true,
        columns: controlColumns(context, period),
        rows: own,
      }),
    ),
  );
}

const FITS: Readonly<Record<Fit, readonly [Tone, string]>> = {
  strong: ['good', 'Strong'],
  supporting: ['notice', 'Supporting'],
  weak: ['calm', 'Weak'],
};

const CHECKED: Readonly<Record<Checked, string>> = {
  read: 'text read',
  secondary: 'only read about',
  unverified: 'not verified',
};

function controlColumns({ base }: PageContext, period: Period): readonly Column<FrameworkEntry>[] {
  const { to } = pathsFrom(base);
  return [
    { title: 'Control', kind: 'row', cell: ({ control }) => control },
    { title: 'In our words', kind: 'wide', cell: ({ title }) => title },
    { title: 'Fit', cell: ({ fit }) => badge(...FITS[fit]) },
    { title: 'Framework', cell: ({ checked }) => html`<span class="muted">${CHECKED[checked]}</span>` },
    { title: 'Evidence', cell: ({ evidence }) => itemLinks(evidence) },
    {
      title: 'Records',
      cell: ({ control }) =>
        link(
          to('/records', { ...periodQuery(period), criterion: control }),
          html`Records<span class="visually-hidden"> that are evidence for ${control}</span>`,
        ),
    },
  ];
}

const itemLinks = (items: readonly string[]): Content =>
  items.length === EVIDENCE.length
    ? link('#items', 'all items')
    : joined(
        items.map((id) => html`<a href="#item-${id}" title="${titleOfEvidence(id)}">${id}</a>`),
        ' ',
      );

/** What each item is, and where it is looked at: on pages, in records, in a package. */
function itemSection(context: PageContext, period: Period): SafeHtml {
  const columns: readonly Column<EvidenceItem>[] = [
    { title: 'Item', kind: 'row', cell: ({ id }) => id },
    { title: 'What it is', kind: 'wide', cell: ({ title }) => title },
    { title: 'Pages', cell: ({ id }) => joined(pagesOf(context, id, period), ', ') },
    { title: 'Records', cell: ({ id }) => recordsOf(context, id, period) },
    {
      title: 'Files of a package',
      cell: ({ id }) =>
        joined(
          filesFor(id).map((file) => html`<code>${file}</code>`),
          ', ',
        ),
    },
  ];
  return section(
    'items',
    'Evidence items',
    html`<p>
      What a package is evidence for depends on what is in it: <code>controls.csv</code> of each package names
      only what it holds something for.
    </p>`,
    dataTable({
      caption: 'Evidence items, and where each is found',
      hideCaption: true,
      columns,
      rows: EVIDENCE,
      idOf: ({ id }) => `item-${id}`,
    }),
  );
}

function pagesOf({ base }: PageContext, id: string, period: Period): readonly SafeHtml[] {
  const { to } = pathsFrom(base);
  return (SOURCES[id] ?? []).map(({ path, name, asks, query, place = '' }) =>
    link(`${to(path, { ...query, ...timeQuery(asks, period) })}${place}`, name),
  );
}

function recordsOf({ base }: PageContext, id: string, period: Period): SafeHtml {
  const kinds = KINDS_OF_EVIDENCE[id] ?? [];
  const about = html`<span class="visually-hidden"> of ${id}</span>`;
  return link(
    pathsFrom(base).to('/records', { ...periodQuery(period), kind: kinds }),
    html`${many(kinds.length, 'kind')}${about}`,
  );
}

const periodQuery = ({ from, to }: Period): Query => ({ from: shownDay(from), to: shownDay(to) });

function timeQuery(asks: Source['asks'], period: Period): Query {
  if (asks === 'period') return periodQuery(period);
  // The last instant that belongs to the period.
  return { at: shownEnd(new Date(instantOf(period.to) - 1).toISOString()) };
}

function formOf(context: PageContext, shown: form.Shown, framework: string): SafeHtml {
  return filterForm({
    action: `${context.base}${CONTROLS_PATH}`,
    label: 'Choose a framework',
    fields: [
      {
        name: 'framework',
        label: 'Framework',
        kind: 'select',
        value: framework,
        options: [...NAMES.map((name) => [name, name] as const), [ALL, 'All of them']],
        eager: true,
      },
      ...form.periodFields(shown),
    ],
  });
}
