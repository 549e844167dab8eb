import { questionById } from '../../core/catalogue/questions.ts';
import type { RegisterRow } from '../../core/model/view.ts';
import type { PageContext } from '../context.ts';
import { badge, type Tone } from '../layout/badge.ts';
import { details } from '../layout/heading.ts';
import { html, type Content, type SafeHtml } from '../layout/html.ts';
import { day, moment } from '../layout/instant.ts';
import { link, pathsFrom } from '../layout/link.ts';
import { personInRole } from '../layout/person.ts';
import { dataTable, type Column } from '../layout/table.ts';
import { code, foreign } from '../layout/words.ts';

export const REGISTER_WORDS: Readonly<Record<RegisterRow['kind'], readonly [Tone, string]>> = {
  accept: ['warning', 'Accepted risk'],
  ticket: ['notice', 'Ticket'],
  control: ['good', 'Control'],
};

const VALIDITY: Readonly<Record<NonNullable<RegisterRow['validity']>, readonly [Tone, string]>> = {
  standing: ['notice', 'Standing'],
  expired: ['bad', 'Expired'],
  unlimited: ['bad', 'Without an end'],
};

const TICKET: Readonly<Record<NonNullable<RegisterRow['ticket']>['state'], readonly [Tone, string]>> = {
  open: ['notice', 'Open'],
  closed: ['good', 'Closed'],
  absent: ['bad', 'Not found'],
};

const PULL_REQUEST: Readonly<Record<RegisterRow['state'], string>> = {
  merged: 'merged',
  closed: 'closed without a merge: about nothing that exists',
  open: 'still open',
};

export function registerTable(
  { base }: Pick<PageContext, 'base'>,
  rows: readonly RegisterRow[],
  caption: string,
): SafeHtml {
  return dataTable({ caption, columns: registerColumns(base), rows });
}

export const registerColumns = (base: string): readonly Column<RegisterRow>[] => [
  { title: 'Component', kind: 'row', cell: (row) => componentOf(base, row) },
  { title: 'Question', cell: ({ question }) => foreign(question, 40) },
  { title: 'Answer', kind: 'wide', cell: (row) => answerOf(row) },
  { title: 'Owner', cell: ({ owner }) => (owner === undefined ? undefined : foreign(owner, 100)) },
  { title: 'Until', cell: (row) => untilOf(row) },
  {
    title: 'Answered by',
    cell: ({ by, at }) => html`${personInRole(by)} <span class="role">${moment(at)}</span>`,
  },
  { title: 'On', cell: (row) => whereOf(base, row) },
];

function componentOf(base: string, { repository, address, scope }: RegisterRow): SafeHtml {
  const of = link(pathsFrom(base).repository(repository.name), foreign(repository.name, 100));
  const within = scope === '' ? undefined : html` <span class="role">in ${foreign(scope, 100)}</span>`;
  return html`${address === '' ? 'The change as a whole' : code(address, 120)}${within}
    <span class="role">${of}</span>`;
}

/** In the words of the catalogue that this version has: the id stays, and what it asks does not change its sense. */
function questionOf(id: string): Content {
  const question = questionById(id);
  return (
    question &&
    details(
      html`What was asked<span class="visually-hidden"> by ${foreign(id, 40)}</span>`,
      html`${question.ask} ${question.why}`,
    )
  );
}

function answerOf(row: RegisterRow): SafeHtml {
  const [tone, words] = REGISTER_WORDS[row.kind];
  const said = row.text === '' ? undefined : html` ${foreign(row.text, 500)}`;
  return html`${badge(tone, words)}${said}${ticketOf(row)}${questionOf(row.question)}`;
}

/** What was last found out about a ticket; what nobody looked at is not told to be done. */
function ticketOf({ kind, ticket }: RegisterRow): Content {
  if (kind !== 'ticket') return undefined;
  if (ticket === undefined) return html` <span class="role">Whether it is done is on no record.</span>`;
  const { state, at, createdAt, closedAt, closedBy } = ticket;
  const created = createdAt === undefined ? undefined : html`, opened ${day(createdAt)}`;
  const closed = closedAt === undefined ? undefined : html`, closed ${day(closedAt)}`;
  const by = closedBy === undefined ? undefined : html` by @${foreign(closedBy, 100)}`;
  return html` ${badge(...TICKET[state])} <span class="role">as of ${day(at)}${created}${closed}${by}</span>`;
}

function untilOf({ kind, expires, validity }: RegisterRow): Content {
  if (kind !== 'accept') return undefined;
  const state = validity === undefined ? undefined : badge(...VALIDITY[validity]);
  return html`${expires === undefined ? undefined : html`${day(expires)} `}${state}`;
}

function whereOf(base: string, { repository, pullRequest, record, state }: RegisterRow): SafeHtml {
  const paths = pathsFrom(base);
  const pull =
    pullRequest === undefined
      ? undefined
      : html`${link(paths.pullRequest(repository.name, pullRequest), `#${pullRequest}`)}
          <span class="role">${PULL_REQUEST[state]}</span> `;
  return html`${pull}<span class="role"
      >${link(paths.record(repository.name, record), `record ${record}`)}</span
    >`;
}
