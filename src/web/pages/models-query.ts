import type { Fields } from '../query.ts';
import { AFTER, REPOSITORY } from '../query-fields.ts';
import { asOfField } from '../query-time.ts';

export interface ModelsQuery {
  readonly at: string;
  readonly repository: string | undefined;
  readonly after: string | undefined;
}

export const MODELS_PATH = '/models';

export const modelsFields = (now: string): Fields<ModelsQuery> => ({
  at: asOfField(now),
  repository: REPOSITORY,
  after: AFTER,
});
