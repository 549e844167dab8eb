import type { AttributeChange } from '../model/resource-delta.ts';
import { get, text } from '../values/value.ts';
import { SECRETS } from './data.generated.ts';
import { covers } from './globs.ts';
import { nameOf, settingName } from './names.ts';
import { isSecretName } from './secret-shapes.ts';

/** A secret that a changed setting hands to a workload. */
export interface SecretGiven {
  readonly secret: string;
  readonly change: AttributeChange;
}

const CONSUMERS = SECRETS.consumers.map((c) => `*.${c.toLowerCase()}`);
const STORES = new RegExp(
  `(?:^|[^\\w])(?:data\\.)?(?:${SECRETS.stores.filter((s) => !s.includes(':')).join('|')})\\.[\\w-]+`,
);
const STORE_TEXT =
  /\{\{resolve:(?:secretsmanager|ssm-secure):([^}:]{1,200})|(arn:[^:]*:secretsmanager:[^"'\s]{1,200})|@Microsoft\.KeyVault\(([^)]{1,200})\)/;

/** The secret that a changed leaf hands to the resource, if it does. */
export function secretsGiven(change: AttributeChange, side: 'before' | 'after'): readonly SecretGiven[] {
  const value = change[side];
  if (!value || change.indirect) return [];
  const path = `.${change.path.toLowerCase()}`;
  if (CONSUMERS.some((c) => covers(c, path)) || (path === '.secrets' && value.kind === 'scalar')) {
    const parent = side === 'after' ? change.afterParent : change.beforeParent;
    const key = text(get(parent, 'key'));
    return named(nameOf(value), change, key);
  }
  const written = (value.kind === 'expression' ? value.text : text(value))?.slice(0, 20_000);
  if (
    written === undefined ||
    !/(?:^|\.)(?:env\w*|\w*variables|vars|app_settings|secrets?|settings)(?:\.|$)/i.test(change.path)
  )
    return [];
  const stored =
    STORE_TEXT.exec(written)?.slice(1).find(Boolean) ??
    (value.kind === 'expression' ? STORES.exec(written)?.[0] : undefined);
  if (stored !== undefined) return named(stored.replace(/^[^\w]/, ''), change);
  const key = settingName(change, side, '');
  return (value.kind === 'expression' || VARIABLE.test(written)) && isSecretName(key)
    ? named(key, change)
    : [];
}

/** A value taken from the surroundings: `$DB_PASSWORD`, `${DB_PASSWORD:?}`. */
const VARIABLE = /^\$\{?[A-Za-z_]/;

const named = (name: string | undefined, change: AttributeChange, key?: string): readonly SecretGiven[] =>
  name === undefined ? [] : [{ secret: key === undefined ? name : `${name}/${key}`, change }];
