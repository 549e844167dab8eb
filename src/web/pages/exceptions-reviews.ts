import { reviewsOf, reviewsWithin, type ReviewCause, type ReviewEntry } from '../../core/audit/reviews.ts';
import type { AuditRecord, RecordKind } from '../../core/model/record.ts';
import type { RecordFilter } from '../../core/model/view.ts';
import type { PageContext } from '../context.ts';
import { badge } from '../layout/badge.ts';
import { empty, notice, section } from '../layout/heading.ts';
import { html, joined, type Content, type SafeHtml } from '../layout/html.ts';
import { day, moment } from '../layout/instant.ts';
import { link, pathsFrom } from '../layout/link.ts';
import { person, personInRole } from '../layout/person.ts';
import { dataTable, type Column } from '../layout/table.ts';
import { code, foreign, grouped, many } from '../layout/words.ts';
import type { ExceptionsQuery } from './exceptions-query.ts';
import { STATE_WORDS } from './exceptions-words.ts';

const KINDS: readonly RecordKind[] = ['review-opened', 'review-done', 'ticket'];
const MOST_RECORDS = 2_000;
const AT_ONCE = 500;
const MOST_SHOWN = 100;

const CAUSES: Readonly<Record<ReviewCause, string>> = {
  schedule: 'It was time',
  incident: 'After an incident',
  finding: 'A finding',
  bypass: 'Came past the gate',
  emergency: 'An emergency',
};

/** Reviews of what stands already; those of emergencies stand with their emergency. */
export async function reviewsSection(
  context: PageContext,
  query: ExceptionsQuery,
  filter: Pick<RecordFilter, 'repository'>,
): Promise<SafeHtml> {
  const title = 'Reviews of what stands already';
  const records = await recordsOf(context, filter);
  if (records === undefined)
    return section(
      'reviews',
      title,
      notice(
        'warning',
        `More than ${grouped(MOST_RECORDS)} records would have to be read. Choose one repository.`,
      ),
    );
  const reviews = reviewsWithin(reviewsOf(records, query.at), query.period).toSorted(urgentFirst);
  if (reviews.length === 0)
    return section(
      'reviews',
      title,
      empty('No review was to be held in this period, as far as it is on record.'),
    );
  const left = reviews.length - MOST_SHOWN;
  return section(
    'reviews',
    html`${title} <span class="muted">${many(reviews.length, 'review')}</span>`,
    dataTable({
      caption: 'Overdue first, then by when they are due',
      columns: columnsOf(context),
      rows: reviews.slice(0, MOST_SHOWN),
    }),
    left > 0 ? html`<p class="muted">${grouped(left)} more: choose a shorter period.</p>` : undefined,
  );
}

const URGENCY: readonly ReviewEntry['state'][] = ['overdue', 'due', 'no-due-date', 'done-late', 'done'];

function urgentFirst(a: ReviewEntry, b: ReviewEntry): number {
  const [x, y] = [a.due ?? '', b.due ?? ''];
  return URGENCY.indexOf(a.state) - URGENCY.indexOf(b.state) || (x < y ? -1 : x > y ? 1 : 0);
}

/** Undefined when there are too many. */
async function recordsOf(
  { view, viewer }: PageContext,
  filter: Pick<RecordFilter, 'repository'>,
): Promise<readonly AuditRecord[] | undefined> {
  const found: AuditRecord[] = [];
  let after: string | undefined;
  do {
    const page = await view.records(viewer.scope, { ...filter, kinds: KINDS }, { after, most: AT_ONCE });
    found.push(...page.items);
    if (found.length > MOST_RECORDS) return undefined;
    after = page.next;
  } while (after !== undefined);
  return found;
}

function columnsOf({ base }: PageContext): readonly Column<ReviewEntry>[] {
  const paths = pathsFrom(base);
  return [
    { title: 'Due', kind: 'row', cell: ({ due }) => (due === undefined ? undefined : day(due)) },
    {
      title: 'State',
      cell: ({ state }) => badge(...(STATE_WORDS.get(state) ?? (['notice', state] as const))),
    },
    {
      title: 'What',
      kind: 'wide',
      cell: ({ repository, record, subject }) =>
        html`${foreign(subject, 300)}
          <span class="role"
            >${link(paths.repository(repository.name), foreign(repository.name, 100))},
            ${link(paths.record(repository.name, record), `record ${record}`)}</span
          >`,
    },
    { title: 'Because', cell: causeOf },
    {
      title: 'Owner',
      cell: ({ owner }) =>
        owner === undefined ? html`<span class="muted">nobody named</span>` : foreign(owner, 100),
    },
    { title: 'Held', cell: (review) => heldOf(base, review) },
  ];
}

function causeOf({ cause, incident, components }: ReviewEntry): SafeHtml {
  const about = components.slice(0, 5).map((each) => code(each, 100));
  return html`${CAUSES[cause]}${incident === undefined ? undefined : html`: ${foreign(incident, 60)}`}${about.length === 0 ? undefined : html` <span class="role">${joined(about, ', ')}</span>`}`;
}

function heldOf(base: string, { done, by, openedAt, repository, followedBy }: ReviewEntry): Content {
  const paths = pathsFrom(base);
  const changes = followedBy.slice(0, 10).map((n) => link(paths.pullRequest(repository.name, n), `#${n}`));
  const followed = changes.length === 0 ? undefined : html` Followed by ${joined(changes, ', ')}.`;
  if (!done)
    return html`<span class="muted">not yet; opened ${moment(openedAt)}</span
      >${by ? html` <span class="muted">by</span> ${person(by)}` : undefined}${followed}`;
  const attended =
    done.attendees.length === 0
      ? undefined
      : html` With
        ${joined(
          done.attendees.slice(0, 20).map((each) => foreign(each, 60)),
          ', ',
        )}.`;
  return html`${moment(done.at)} by
    ${personInRole(done.by)}${done.statement === undefined ? undefined : html`: ${foreign(done.statement, 400)}`}${attended}${followed}
    <span class="role">${link(paths.record(repository.name, done.record), `record ${done.record}`)}</span>`;
}
