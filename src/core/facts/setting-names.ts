import type { AttributeChange, ResourceDelta } from '../model/resource-delta.ts';
import type { Value } from '../model/value.ts';
import { isSetting } from '../semantics/settings.ts';
import { resolve } from '../values/value.ts';
import { subject } from './make-fact.ts';

/** Where the value of a setting stands in it. */
const VALUE_KEYS: ReadonlySet<string> = new Set(['default', 'value', 'Default']);

/**
 * What a setting that changed is called: `default.cross_account.enabled` of variable `backups` is
 * `backups.cross_account.enabled`, an argument of a module has its own path. Undefined for what is no setting.
 */
export function settingName(delta: ResourceDelta, change: AttributeChange): string | undefined {
  const { type, name } = subject(delta);
  if (type === 'module') return change.path;
  if (!isSetting(type) || type === 'output' || type === 'condition') return undefined;
  const [head = '', ...rest] = change.path.split('.');
  return VALUE_KEYS.has(head) ? [name, ...rest].join('.') : undefined;
}

/** The plain value of a setting, as far as it is known. */
export function plainValue(value: Value | undefined): string | number | boolean | null | undefined {
  if (!value) return undefined;
  const seen = resolve(value);
  return seen.kind === 'scalar' ? seen.value : undefined;
}

const SWITCH_WORD = /^(?:true|false|yes|no|on|off|enabled?|disabled?)$/i;

export const isSwitchWord = (v: unknown): boolean =>
  typeof v === 'boolean' || (typeof v === 'string' && SWITCH_WORD.test(v));
