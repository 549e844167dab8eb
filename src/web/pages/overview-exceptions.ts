import type { ExceptionRow, Page } from '../../core/model/view.ts';
import type { PageContext } from '../context.ts';
import { badge } from '../layout/badge.ts';
import { section } from '../layout/heading.ts';
import { html, type Content, type SafeHtml } from '../layout/html.ts';
import { day, moment } from '../layout/instant.ts';
import { link, pathsFrom } from '../layout/link.ts';
import { dataTable } from '../layout/table.ts';
import { foreign, grouped } from '../layout/words.ts';
import { EXCEPTION_KINDS } from '../query-fields.ts';
import { EXCEPTION_WORDS } from './exceptions-words.ts';
import type { OverviewAsked } from './overview.ts';

type Kind = ExceptionRow['kind'];

const MEANINGS: Readonly<Record<Kind, string>> = {
  emergency: 'Let through at once by a named person; a review is due afterwards.',
  waiver: 'A rule waived for just one content, with a reason.',
  bypass: 'Merged although the check was not green.',
  'direct-push': 'Pushed to a protected branch, or its history rewritten.',
  outage: 'The gate did not answer within its stated bound.',
  unexplained: 'No record says why it could come in.',
};

const FIRST = { after: undefined, most: 1 } as const;

/** How many of each kind, taken back and expired ones included. */
export async function exceptionsSection(context: PageContext, asked: OverviewAsked): Promise<SafeHtml> {
  const { view, viewer, base } = context;
  const rows: {
    readonly kind: Kind;
    readonly all: Page<ExceptionRow>['total'];
    readonly late: Page<ExceptionRow>['total'] | undefined;
  }[] = [];
  for (const kind of EXCEPTION_KINDS) {
    const filter = { ...asked.filter, kinds: [kind] };
    const all = await view.exceptions(viewer.scope, filter, context.now(), FIRST);
    // Only these are ever due.
    const late =
      kind === 'emergency'
        ? await view.exceptions(viewer.scope, { ...filter, overdue: true }, context.now(), FIRST)
        : undefined;
    rows.push({ kind, all: all.total, late: late?.total });
  }
  const hrefOf = (kind: Kind, overdue?: 'yes'): string =>
    pathsFrom(base).to('/exceptions', { ...asked.query, kind, overdue });
  return section(
    'exceptions',
    'Exceptions by kind',
    dataTable({
      caption: 'Exceptions by kind',
      hideCaption: true,
      rows,
      columns: [
        {
          title: 'Kind',
          kind: 'row',
          cell: ({ kind }) => badge(...EXCEPTION_WORDS[kind]),
        },
        { title: 'What it means', kind: 'wide', cell: ({ kind }) => MEANINGS[kind] },
        { title: 'On record', kind: 'number', cell: ({ kind, all }) => counted(all, hrefOf(kind)) },
        {
          title: 'Review overdue',
          kind: 'number',
          cell: ({ kind, late }) => (late === undefined ? '–' : counted(late, hrefOf(kind, 'yes'))),
        },
      ],
    }),
  );
}

function counted({ count, more }: Page<unknown>['total'], href: string): Content {
  const shown = `${grouped(count)}${more ? ' or more' : ''}`;
  return count === 0 ? shown : link(href, shown);
}

/** First of all, because somebody has to do something. Nothing where nothing is overdue. */
export async function overdueSection(
  { view, viewer, base, now }: PageContext,
  asked: OverviewAsked,
): Promise<SafeHtml | undefined> {
  const filter = { ...asked.filter, overdue: true };
  const page = await view.exceptions(viewer.scope, filter, now(), { after: undefined, most: 10 });
  if (page.items.length === 0) return undefined;
  const paths = pathsFrom(base);
  const all = paths.to('/exceptions', { ...asked.query, overdue: 'yes' });
  return section(
    'overdue',
    'Reviews overdue',
    dataTable({
      caption: html`Let through and not reviewed by when it was due. ${link(all, 'All that is overdue')}`,
      rows: page.items,
      columns: [
        {
          title: 'Change',
          kind: 'row',
          cell: (row) => link(hrefOf(base, row), foreign(row.change ?? row.repository.name, 160)),
        },
        { title: 'Kind', cell: ({ kind }) => badge(...EXCEPTION_WORDS[kind]) },
        { title: 'When', cell: (row) => moment(row.at) },
        { title: 'Due', cell: (row) => (row.due === undefined ? undefined : day(row.due)) },
        {
          title: 'Why',
          kind: 'wide',
          cell: ({ details }) =>
            typeof details['reason'] === 'string' ? foreign(details['reason'], 400) : undefined,
        },
      ],
    }),
  );
}

function hrefOf(base: string, { repository, pullRequest, record }: ExceptionRow): string {
  const paths = pathsFrom(base);
  return pullRequest === undefined
    ? paths.record(repository.name, record)
    : paths.pullRequest(repository.name, pullRequest);
}
