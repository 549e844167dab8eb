import { inOrder } from '../../core/audit/population.ts';
import type { ChangeEntry } from '../../core/model/audit.ts';
import type { PageAnswer, PageContext } from '../context.ts';
import { failure } from '../layout/failure.ts';
import { html } from '../layout/html.ts';
import { link } from '../layout/link.ts';
import { grouped } from '../layout/words.ts';
import { populationCsv } from '../package-tables.ts';
import { shownDay } from '../query-time.ts';
import { POPULATION_PATH, type PopulationAsked } from './population-query.ts';

/** Rows of one download, which is held in memory whole. */
export const MOST_ROWS = 20_000;
const AT_ONCE = 500;

/** The columns, the order and the escaping of the table in a package. */
export async function csvOfPopulation(context: PageContext, asked: PopulationAsked): Promise<PageAnswer> {
  const { view, viewer } = context;
  const { sample, period } = asked.query;
  const changes = sample
    ? await view.sample(viewer.scope, asked.filter, sample)
    : await allChanges(context, asked);
  if (changes === undefined)
    return failure(
      400,
      'Too many changes for one file',
      `More than ${grouped(MOST_ROWS)} changes match, and so many are in one file at most. Choose a shorter period or one repository, or make a package, which holds all of them.`,
      html`${link(asked.at(POPULATION_PATH, {}), 'Back to the population')} ·
      ${link(`${context.base}/export`, 'Make a package')}`,
    );
  return {
    kind: 'download',
    name: `${sample ? 'sample' : 'population'}-${nameOf(period.from)}-${nameOf(period.to)}.csv`,
    type: 'text/csv; charset=utf-8',
    body: populationCsv([...changes].sort(inOrder)),
  };
}

const nameOf = (at: string): string => shownDay(at).replace(/[^\d-]/g, '');

/** Undefined when there are too many of them. */
async function allChanges(
  { view, viewer }: PageContext,
  { filter }: PopulationAsked,
): Promise<readonly ChangeEntry[] | undefined> {
  const found: ChangeEntry[] = [];
  let after: string | undefined;
  do {
    const page = await view.changes(viewer.scope, filter, { after, most: AT_ONCE });
    found.push(...page.items);
    if (found.length > MOST_ROWS) return undefined;
    after = page.next;
  } while (after !== undefined);
  return found;
}
