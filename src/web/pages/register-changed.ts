import type { RegisterRow } from '../../core/model/view.ts';
import type { PageContext } from '../context.ts';
import { badge, type Tone } from '../layout/badge.ts';
import { empty, notice, section } from '../layout/heading.ts';
import { html, type SafeHtml } from '../layout/html.ts';
import { moment } from '../layout/instant.ts';
import { link } from '../layout/link.ts';
import { dataTable } from '../layout/table.ts';
import { grouped, many } from '../layout/words.ts';
import { REGISTER_PATH, type RegisterAsked } from './register-query.ts';
import { registerColumns } from './register-table.ts';

/** Answers on either side: the whole of both is held at a time. */
const MOST_COMPARED = 5_000;
const AT_ONCE = 500;

export interface Difference {
  readonly kind: 'added' | 'ended' | 'changed';
  /** As it is now; of what ended as it was. */
  readonly row: RegisterRow;
}

/** From one register to a later one. An answer is changed when it is another record, or its end was reached. */
export function differencesOf(
  before: readonly RegisterRow[],
  after: readonly RegisterRow[],
): readonly Difference[] {
  const old = new Map(before.map((row) => [placeOf(row), row]));
  const now = new Set(after.map(placeOf));
  return [
    ...after.flatMap((row): readonly Difference[] => {
      const was = old.get(placeOf(row));
      if (!was) return [{ kind: 'added', row }];
      return stateOf(was) === stateOf(row) ? [] : [{ kind: 'changed', row }];
    }),
    ...before.filter((row) => !now.has(placeOf(row))).map((row): Difference => ({ kind: 'ended', row })),
  ];
}

const placeOf = ({ repository, pullRequest, scope, address, question }: RegisterRow): string =>
  JSON.stringify([repository.id, pullRequest ?? null, scope, address, question]);

const stateOf = ({ record, validity, state, ticket }: RegisterRow): string =>
  JSON.stringify([record, validity ?? null, state, ticket?.state ?? null]);

const WORDS: Readonly<Record<Difference['kind'], readonly [Tone, string]>> = {
  added: ['notice', 'Added'],
  ended: ['calm', 'Ended'],
  changed: ['warning', 'Changed'],
};

export async function changedSection(
  context: PageContext,
  asked: RegisterAsked,
  since: string,
): Promise<SafeHtml> {
  const title = html`What changed from ${moment(since)} to ${moment(asked.query.at)}`;
  const [before, after] = [await whole(context, asked, since), await whole(context, asked, asked.query.at)];
  if (!before || !after)
    return section(
      'changed',
      title,
      notice(
        'warning',
        `There are more than ${grouped(MOST_COMPARED)} answers, and so many are compared at most. Choose one repository.`,
      ),
    );
  const differences = differencesOf(before, after);
  const same = link(`${context.base}${REGISTER_PATH}?at=${since}`, 'The register as it was then');
  if (differences.length === 0) return section('changed', title, empty('Nothing changed.', same));
  const count = (kind: Difference['kind']): string =>
    `${grouped(differences.filter((each) => each.kind === kind).length)} ${kind}`;
  return section(
    'changed',
    title,
    html`<p>
      ${many(before.length, 'answer')} then, ${many(after.length, 'answer')} later: ${count('added')},
      ${count('changed')}, ${count('ended')}. ${same}
    </p>`,
    dataTable({
      caption: 'Added and changed as they are, ended as they were',
      columns: [
        { title: 'Change', cell: ({ kind }: Difference) => badge(...WORDS[kind]) },
        ...registerColumns(context.base).map((column) => ({
          ...column,
          cell: ({ row }: Difference) => column.cell(row),
        })),
      ],
      rows: differences,
    }),
  );
}

/** Undefined when it is too long. */
async function whole(
  { view, viewer }: PageContext,
  { filter }: RegisterAsked,
  at: string,
): Promise<readonly RegisterRow[] | undefined> {
  const rows: RegisterRow[] = [];
  let after: string | undefined;
  do {
    const page = await view.register(viewer.scope, filter, at, { after, most: AT_ONCE });
    rows.push(...page.items);
    if (rows.length > MOST_COMPARED) return undefined;
    after = page.next;
  } while (after !== undefined);
  return rows;
}
