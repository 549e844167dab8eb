import type { Period } from '../../core/model/audit.ts';
import type { ExceptionRow } from '../../core/model/view.ts';
import type { Fields } from '../query.ts';
import { AFTER, EXCEPTION_KIND, OVERDUE, REPOSITORY } from '../query-fields.ts';
import { asOfField, periodField } from '../query-time.ts';

export interface ExceptionsQuery {
  readonly period: Period;
  readonly at: string;
  readonly repository: string | undefined;
  readonly kinds: readonly ExceptionRow['kind'][];
  readonly overdue: boolean;
  readonly after: string | undefined;
}

export const EXCEPTIONS_PATH = '/exceptions';

export const exceptionsFields = (now: string): Fields<ExceptionsQuery> => ({
  period: periodField(now),
  at: asOfField(now),
  repository: REPOSITORY,
  kinds: EXCEPTION_KIND,
  overdue: OVERDUE,
  after: AFTER,
});
