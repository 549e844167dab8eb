import { configurationOf, type ConfigurationLine, type Mark } from '../../core/audit/configuration.ts';
import { isWithin } from '../../core/audit/instants.ts';
import type { Period } from '../../core/model/audit.ts';
import type { AuditRecord } from '../../core/model/record.ts';
import type { RecordFilter } from '../../core/model/view.ts';
import type { PageContext } from '../context.ts';
import { badge, type Tone } from '../layout/badge.ts';
import { digest } from '../layout/digest.ts';
import { empty, notice, section } from '../layout/heading.ts';
import { html, type Content, type SafeHtml } from '../layout/html.ts';
import { moment } from '../layout/instant.ts';
import { link, pathsFrom } from '../layout/link.ts';
import { dataTable, type Column } from '../layout/table.ts';
import { foreign, grouped } from '../layout/words.ts';
import { CONFIGURATION_PATH, STATE_KINDS, type ConfigurationQuery } from './configuration-query.ts';

/** Records that are read for the states of a period: all there are before its end, for what began long ago may hold still. */
const MOST_RECORDS = 2_000;
const AT_ONCE = 500;
/** Repositories on a page. */
const MOST_SHOWN = 20;

const SUBJECTS: Readonly<Record<ConfigurationLine['subject'], string>> = {
  app: 'App',
  policy: 'Rules of the gate',
  'branch-rules': 'Branches on GitHub',
  'legal-hold': 'Records',
};

/** What held in the period, each with the records that began and ended it. */
export async function statesSection(
  context: PageContext,
  query: ConfigurationQuery,
  filter: RecordFilter,
): Promise<SafeHtml> {
  const title = 'What held, and for how long';
  const records = await stateRecords(context, query.period, filter);
  if (records === undefined)
    return section(
      'states',
      title,
      notice(
        'warning',
        `More than ${grouped(MOST_RECORDS)} records would have to be read. Choose one repository.`,
      ),
    );
  const lines = configurationOf(records).filter((line) => concerns(line, query.period));
  if (lines.length === 0)
    return section(
      'states',
      title,
      empty(
        'Nothing about the set-up of the gate is on record for this time.',
        'Choose a later period: what happened before the App was installed is on no record.',
      ),
    );
  const byRepository = [...Map.groupBy(lines, ({ repository }) => repository.id).values()];
  const left = byRepository.length - MOST_SHOWN;
  return section(
    'states',
    title,
    ...byRepository.slice(0, MOST_SHOWN).map((own) => repositoryPart(context, own)),
    left > 0
      ? html`<p class="muted">${grouped(left)} more repositories: choose one by its name.</p>`
      : undefined,
  );
}

/** Undefined when there are too many. */
async function stateRecords(
  { view, viewer }: PageContext,
  { to }: Period,
  filter: RecordFilter,
): Promise<readonly AuditRecord[] | undefined> {
  const wanted = { ...filter, period: { from: '2000-01-01T00:00:00.000Z', to }, kinds: STATE_KINDS };
  const found: AuditRecord[] = [];
  let after: string | undefined;
  do {
    const page = await view.records(viewer.scope, wanted, { after, most: AT_ONCE });
    found.push(...page.items);
    if (found.length > MOST_RECORDS) return undefined;
    after = page.next;
  } while (after !== undefined);
  return found;
}

/** Whether it held at any instant of the period. */
const concerns = ({ since, until }: ConfigurationLine, { from, to }: Period): boolean =>
  isWithin({ from: '2000-01-01T00:00:00.000Z', to }, since.at) && (until === undefined || until.at >= from);

function repositoryPart(context: PageContext, lines: readonly ConfigurationLine[]): Content {
  const { repository } = lines[0] ?? {};
  if (!repository) return undefined;
  const columns: readonly Column<ConfigurationLine>[] = [
    { title: 'Of', cell: ({ subject }) => SUBJECTS[subject] },
    { title: 'What held', kind: 'row', cell: (line) => html`${statementOf(line.what)} ${flagOf(line)}` },
    { title: 'Since', cell: ({ since }) => markOf(context, repository.name, since) },
    {
      title: 'Until',
      cell: ({ until }) =>
        until ? markOf(context, repository.name, until) : html`<span class="muted">holds still</span>`,
    },
    { title: 'In full', cell: (line) => documentsOf(context, line) },
  ];
  const name = html`<h3>
    ${link(pathsFrom(context.base).repository(repository.name), foreign(repository.name, 100))}
  </h3>`;
  return html`${name}
  ${dataTable({ caption: html`What held in ${foreign(repository.name, 100)}`, hideCaption: true, columns, rows: lines })}`;
}

/** A digest in full is for the page behind it. */
const statementOf = (what: string): Content =>
  what.split(/(sha256:[0-9a-f]{64})/).map((part, at) => (at % 2 === 1 ? digest(part) : foreign(part, 600)));

/** What an auditor looks for: who gets past the rules without a trace, and a check that anybody may report. */
const FLAGS: readonly (readonly [pattern: RegExp, tone: Tone, words: string])[] = [
  [/ is exempt from it, /, 'bad', 'Leaves no trace'],
  [/ may bypass it /, 'warning', 'May bypass'],
  [/has to pass, reported by anybody /, 'warning', 'Any source'],
  [/GitHub demands nothing\.$/, 'bad', 'Not guarded'],
  [/is not told to the App|not told all of\.$/, 'notice', 'Not known'],
];

function flagOf({ subject, what }: ConfigurationLine): Content {
  if (subject !== 'branch-rules') return undefined;
  const [, tone, words] = FLAGS.find(([pattern]) => pattern.test(what)) ?? [];
  return tone === undefined || words === undefined ? undefined : badge(tone, words);
}

const markOf = ({ base }: PageContext, name: string, { record, at }: Mark): SafeHtml =>
  html`${moment(at)}
    <span class="role">${link(pathsFrom(base).record(name, record), `record ${record}`)}</span>`;

function documentsOf(
  { base }: PageContext,
  { repository, subject, since, document }: ConfigurationLine,
): Content {
  if (document === undefined) return undefined;
  const paths = pathsFrom(base);
  const change = `${base}${CONFIGURATION_PATH}${paths.repository(repository.name).slice(base.length)}/${since.record}`;
  const about = html`<span class="visually-hidden"> of record ${since.record}</span>`;
  return html`${link(paths.document(document), html`Text${about}`)}${subject === 'policy' || subject === 'branch-rules' ? html` · ${link(change, html`Difference${about}`)}` : undefined}`;
}
