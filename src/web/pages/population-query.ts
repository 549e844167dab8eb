import type { Period, Way } from '../../core/model/audit.ts';
import type { Category } from '../../core/model/fact.ts';
import type { ChangeFilter } from '../../core/model/view.ts';
import type { Fields } from '../query.ts';
import { AFTER, CATEGORY, PERSON, REPOSITORY, SAMPLE, WAY } from '../query-fields.ts';
import { periodField } from '../query-time.ts';

export interface PopulationQuery {
  readonly period: Period;
  readonly repository: string | undefined;
  readonly person: string | undefined;
  readonly ways: readonly Way[];
  readonly category: Category | undefined;
  readonly sample: { readonly size: number; readonly seed: string } | undefined;
  readonly after: string | undefined;
}

export const POPULATION_PATH = '/population';
export const POPULATION_CSV_PATH = '/population.csv';

export const populationFields = (now: string): Fields<PopulationQuery> => ({
  period: periodField(now),
  repository: REPOSITORY,
  person: PERSON,
  ways: WAY,
  category: CATEGORY,
  sample: SAMPLE,
  after: AFTER,
});

/** What was asked for, with the repository looked up. */
export interface PopulationAsked {
  readonly query: PopulationQuery;
  readonly filter: ChangeFilter;
  /** The same without regard to the way. */
  readonly ofAllWays: ChangeFilter;
  /** An address of the same question with something else in it; always the first page. */
  readonly at: (path: string, other: Partial<PopulationQuery>) => string;
}

export const narrowed = ({ repository, person, category }: PopulationQuery): boolean =>
  repository !== undefined || person !== undefined || category !== undefined;
