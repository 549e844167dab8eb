import type { Period } from '../../core/model/audit.ts';
import type { RecordKind } from '../../core/model/record.ts';
import type { Fields } from '../query.ts';
import { AFTER, REPOSITORY } from '../query-fields.ts';
import { periodField } from '../query-time.ts';

export interface ConfigurationQuery {
  readonly period: Period;
  readonly repository: string | undefined;
  readonly after: string | undefined;
}

export const CONFIGURATION_PATH = '/configuration';

export const configurationFields = (now: string): Fields<ConfigurationQuery> => ({
  period: periodField(now),
  repository: REPOSITORY,
  after: AFTER,
});

/** Begin and end something that holds. */
export const STATE_KINDS: readonly RecordKind[] = [
  'installed',
  'uninstalled',
  'policy-changed',
  'rules-changed',
  'hold-placed',
  'hold-released',
];

/** Everything that happened to the gate and to its records. */
export const EVENT_KINDS: readonly RecordKind[] = [
  ...STATE_KINDS,
  'gate-outage',
  'head-published',
  'reconciled',
  'rebuilt',
];
