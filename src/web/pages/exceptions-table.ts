import { NOT_ON_RECORD, numbers, text, textIn } from '../../core/audit/details.ts';
import type { Json } from '../../core/model/record.ts';
import type { ExceptionRow } from '../../core/model/view.ts';
import type { PageContext } from '../context.ts';
import { badge } from '../layout/badge.ts';
import { html, joined, type Content, type SafeHtml } from '../layout/html.ts';
import { day, moment } from '../layout/instant.ts';
import { link, pathsFrom } from '../layout/link.ts';
import { bullets } from '../layout/list.ts';
import { dataTable, type Column } from '../layout/table.ts';
import { foreign } from '../layout/words.ts';
import { shortened } from './population-changes.ts';
import { EXCEPTION_WORDS, STATE_WORDS } from './exceptions-words.ts';

export function exceptionTable(
  { base }: Pick<PageContext, 'base'>,
  rows: readonly ExceptionRow[],
  caption: string,
): SafeHtml {
  const columns: readonly Column<ExceptionRow>[] = [
    { title: 'When', cell: ({ at }) => moment(at) },
    { title: 'What', cell: (row) => html`${badge(...EXCEPTION_WORDS[row.kind])} ${stateOf(row)}` },
    { title: 'Where', kind: 'row', cell: (row) => whereOf(base, row) },
    { title: 'By', cell: ({ details, kind }) => (kind === 'outage' ? undefined : byOf(details['by'])) },
    { title: 'Why, and what became of it', kind: 'wide', cell: (row) => aboutOf(base, row) },
  ];
  return dataTable({ caption, columns, rows });
}

function stateOf({ state }: ExceptionRow): Content {
  if (state === '') return undefined;
  const [tone, words] = STATE_WORDS.get(state) ?? (['notice', state] as const);
  return badge(tone, words);
}

function whereOf(base: string, { repository, change, pullRequest, record }: ExceptionRow): SafeHtml {
  const paths = pathsFrom(base);
  const of = link(paths.record(repository.name, record), `record ${record}`);
  if (change === undefined && pullRequest === undefined)
    return html`${link(paths.repository(repository.name), foreign(repository.name, 100))}
      <span class="role">${of}</span>`;
  const href =
    pullRequest === undefined
      ? paths.push(repository.name, record)
      : paths.pullRequest(repository.name, pullRequest);
  const name = change ?? `${repository.name}#${pullRequest ?? ''}`;
  return html`${link(href, foreign(shortened(name), 160))} <span class="role">${of}</span>`;
}

/** People stand in details as data: what is missing of them is said, not guessed. */
function byOf(value: Json | undefined): SafeHtml {
  const login = textIn(value, 'login');
  if (login === undefined) return html`<span class="muted">nobody on record</span>`;
  const role = textIn(value, 'role');
  return html`<span class="person" title="account ${(textIn(value, 'id') ?? '').slice(0, 40)}"
      >@${foreign(login, 100)}</span
    >${role === undefined ? undefined : html` <span class="role">${foreign(role, 200)}</span>`}`;
}

/** All that is known of it; what should be there and is not, is named. */
function aboutOf(base: string, row: ExceptionRow): SafeHtml {
  const { details } = row;
  const reason = text(details['reason']);
  const said = (key: string): Content => {
    const value = text(details[key]);
    return value === undefined ? undefined : foreign(value, 300);
  };
  const known: readonly (readonly [string, Content])[] = [
    ['Incident', row.kind === 'emergency' ? (said('incident') ?? NOT_ON_RECORD) : undefined],
    ['Merge rests on it', restsOf(details['letThrough'])],
    ['Review due', row.due === undefined ? undefined : day(row.due)],
    ['Review', reviewOf(base, row)],
    ['Expires', row.kind === 'waiver' ? expiryOf(text(details['expires'])) : undefined],
    ['Branch', said('branch')],
    ['Also merged by', alsoOf(base, row)],
    ['Waited', waitedOf(row)],
    ...explanationOf(base, row),
  ];
  const items = known.filter(([, content]) => content !== undefined);
  return html`${reason === undefined ? undefined : html`<div>${foreign(reason, 600)}</div>`}${bullets(items.map(([term, content]) => html`<span class="muted">${term}:</span> ${content}`))}`;
}

const restsOf = (value: Json | undefined): Content =>
  typeof value === 'boolean' ? (value ? 'Yes' : 'No: it was taken back, replaced or not needed') : undefined;

const expiryOf = (expires: string | undefined): Content =>
  expires === undefined ? 'never: no end is on record' : day(expires);

function reviewOf(base: string, { repository, details }: ExceptionRow): Content {
  const review = details['review'];
  const at = textIn(review, 'at');
  if (at === undefined) return undefined;
  const statement = textIn(review, 'statement');
  const record = recordIn(review);
  const paths = pathsFrom(base);
  return html`${moment(at)} by
  ${byOf(objectIn(review, 'by'))}${statement === undefined ? undefined : html`: ${foreign(statement, 300)}`}${record === undefined ? undefined : html` <span class="role">${link(paths.record(repository.name, record), `record ${record}`)}</span>`}`;
}

function alsoOf(base: string, { repository, details }: ExceptionRow): Content {
  const others = numbers(details['mergedElsewhere']).slice(0, 10);
  const paths = pathsFrom(base);
  return others.length === 0
    ? undefined
    : joined(
        others.map((n) => link(paths.pullRequest(repository.name, n), `#${n}`)),
        ', ',
      );
}

function waitedOf({ kind, details }: ExceptionRow): Content {
  if (kind !== 'outage') return undefined;
  const [from, until] = [text(details['from']), text(details['until'])];
  return html`from ${from === undefined ? NOT_ON_RECORD : moment(from)} until
  ${until === undefined ? NOT_ON_RECORD : moment(until)}`;
}

/** Cause, impact and response, where somebody gave them; where one is asked for and nobody did, that is said. */
function explanationOf(base: string, row: ExceptionRow): readonly (readonly [string, Content])[] {
  const explanation = row.details['explanation'];
  const record = recordIn(explanation);
  if (record === undefined)
    return row.kind === 'waiver' ? [] : [['Explanation', html`<span class="muted">nobody gave one</span>`]];
  const part = (key: string): Content => {
    const said = textIn(explanation, key);
    return said === undefined ? html`<span class="muted">${NOT_ON_RECORD}</span>` : foreign(said, 600);
  };
  return [
    ['Cause', part('cause')],
    ['Impact', part('impact')],
    ['Response of management', part('response')],
    [
      'Explained by',
      html`${byOf(objectIn(explanation, 'by'))}
        <span class="role"
          >${link(pathsFrom(base).record(row.repository.name, record), `record ${record}`)}</span
        >`,
    ],
  ];
}

const objectIn = (value: Json | undefined, key: string): Json | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as { readonly [key: string]: Json | undefined })[key]
    : undefined;

function recordIn(value: Json | undefined): number | undefined {
  const record = objectIn(value, 'record');
  return typeof record === 'number' ? record : undefined;
}
