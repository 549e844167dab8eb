import type { RegisterFilter, RegisterRow } from '../../core/model/view.ts';
import type { Fields } from '../query.ts';
import { AFTER, OWNER, REGISTER_KIND, REPOSITORY } from '../query-fields.ts';
import { asOfField, SINCE } from '../query-time.ts';

export interface RegisterQuery {
  readonly at: string;
  readonly since: string | undefined;
  readonly repository: string | undefined;
  readonly kinds: readonly RegisterRow['kind'][];
  readonly owner: string | undefined;
  readonly after: string | undefined;
}

export const REGISTER_PATH = '/register';

export const registerFields = (now: string): Fields<RegisterQuery> => ({
  at: asOfField(now),
  since: SINCE,
  repository: REPOSITORY,
  kinds: REGISTER_KIND,
  owner: OWNER,
  after: AFTER,
});

/** What was asked for, with the repository looked up. */
export interface RegisterAsked {
  readonly query: RegisterQuery;
  readonly filter: RegisterFilter;
  /** An address of the same question with something else in it; always the first page. */
  readonly address: (other: Partial<RegisterQuery>) => string;
}
