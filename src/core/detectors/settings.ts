import { makeDeltaFact, subject } from '../facts/make-fact.ts';
import { groupByAttribute } from '../facts/readings.ts';
import type { Category, Fact, Signal } from '../model/fact.ts';
import type { AttributeChange, ResourceDelta } from '../model/resource-delta.ts';
import type { Value } from '../model/value.ts';
import { compareReading, type Comparison, type Direction } from '../semantics/compare.ts';
import { opennessOf } from '../semantics/cidr.ts';
import { describeSetting } from '../semantics/describe.ts';
import type { Aspect, AttributeSemantics } from '../semantics/semantics.ts';
import { isSetting } from '../semantics/settings.ts';
import { resolve } from '../values/value.ts';
import type { Detector } from './detector.ts';

/** What each aspect is called when all there is to judge by is a setting's name. */
const ABOUT: Readonly<Record<Aspect, { readonly category: Category; readonly widened: Signal; readonly narrowed: Signal }>> = {
  exposure: { category: 'exposure', widened: 'exposure-widened', narrowed: 'exposure-narrowed' },
  access: { category: 'identity-access', widened: 'permission-widened', narrowed: 'permission-narrowed' },
  identity: { category: 'identity-access', widened: 'identity-changed', narrowed: 'identity-changed' },
  authentication: { category: 'identity-access', widened: 'login-method-changed', narrowed: 'login-method-changed' },
  privilege: { category: 'identity-access', widened: 'privilege-raised', narrowed: 'privilege-lowered' },
  encryption: { category: 'secrets-crypto', widened: 'encryption-weakened', narrowed: 'encryption-strengthened' },
  key: { category: 'secrets-crypto', widened: 'key-changed', narrowed: 'key-changed' },
  secret: { category: 'secrets-crypto', widened: 'secret-added', narrowed: 'secret-added' },
  logging: { category: 'logging-monitoring', widened: 'logging-weakened', narrowed: 'logging-strengthened' },
  network: { category: 'trust-boundary', widened: 'network-path-added', narrowed: 'network-path-removed' },
  replication: { category: 'data-flow', widened: 'replication-changed', narrowed: 'replication-changed' },
  flow: { category: 'data-flow', widened: 'subscription-added', narrowed: 'subscription-removed' },
  external: { category: 'external-dependency', widened: 'external-host-added', narrowed: 'external-host-added' },
  protection: { category: 'trust-boundary', widened: 'guardrail-loosened', narrowed: 'setting-changed' },
};

export const detector: Detector = {
  id: 'settings',
  title: 'Settings: variables, parameters, module arguments',
  rules: [
    {
      id: 'settings/security-switch',
      title: 'A setting whose name is about security changed',
      why: 'One flag in a variables file can open a door, add a login or stop a log for a whole environment.',
      categories: ['identity-access', 'exposure', 'secrets-crypto', 'logging-monitoring', 'trust-boundary', 'data-flow'],
    },
  ],
  detect: ({ deltas }) => deltas.flatMap((d) => settingsOf(d)),
};

/** Where the value of a setting stands in it. */
const VALUE_KEYS: ReadonlySet<string> = new Set(['default', 'value', 'Default']);

function settingsOf(delta: ResourceDelta): Fact[] {
  const r = subject(delta);
  const isModule = r.type === 'module';
  if (delta.kind === 'removed' || (!isModule && !isSetting(r.type)) || r.type === 'output' || r.type === 'condition') return [];
  if (delta.kind === 'added' && r.type !== 'tfvar') return [];
  return groupByAttribute(delta.changes).flatMap((group) => {
    const [first] = group;
    if (!first || (isModule && first.indirect)) return [];
    const name = isModule ? first.path : nameOf(r.name, first.path);
    const semantics = name === undefined ? undefined : describeSetting(name);
    if (name === undefined || !semantics || semantics === 'noise') return [];
    const comparison = compareReading(semantics, group);
    if (comparison.direction === 'none' || (delta.kind === 'added' && comparison.direction === 'narrowed')) return [];
    return [factOf(delta, name, semantics, comparison, first)];
  });
}

/** `default.cross_account.enabled` of variable `backups` → `backups.cross_account.enabled`. */
function nameOf(own: string, path: string): string | undefined {
  const [head = '', ...rest] = path.split('.');
  return VALUE_KEYS.has(head) ? [own, ...rest].join('.') : undefined;
}

function factOf(delta: ResourceDelta, name: string, semantics: AttributeSemantics, comparison: Comparison, change: AttributeChange): Fact {
  const about = ABOUT[semantics.aspect];
  const direction: Direction = comparison.direction;
  const secret = semantics.aspect === 'secret';
  const before = secret ? '' : comparison.before;
  const after = secret ? '' : comparison.after;
  return makeDeltaFact(delta, {
    rule: 'settings/security-switch',
    kind: 'setting-changed',
    categories: semantics.categories ?? [about.category],
    signals: semantics.signals ?? (direction === 'narrowed' ? [about.narrowed] : [about.widened]),
    change,
    statement: statementOf(delta, name, secret, comparison, change),
    ...(before ? { before } : {}),
    ...(after ? { after } : {}),
    deciding: semantics.decides !== false && (says(semantics, change, comparison) || (secret && isHandedOn(delta, change))),
    detail: name,
  });
}

function statementOf(delta: ResourceDelta, name: string, secret: boolean, { before, after, gained, lost }: Comparison, change: AttributeChange): string {
  const { address } = subject(delta);
  if (secret && isHandedOn(delta, change)) return `\`${address}\` is ${change.after ? 'given' : 'no longer given'} the secret ${name}`;
  const what = `setting ${name} of \`${address}\``;
  if (secret) return `${what} changed`;
  const parts = [gained.length > 0 ? `gains ${few(gained)}` : '', lost.length > 0 ? `loses ${few(lost)}` : ''].filter((p) => p !== '');
  return parts.length > 0 ? `${what} ${parts.join(' and ')}` : `${what} changed: ${before || 'not set'} → ${after || 'not set'}`;
}

function few(members: readonly string[]): string {
  const shown = members.slice(0, 5).map((m) => (m.length > 80 ? `${m.slice(0, 79)}…` : m)).join(', ');
  return members.length > 5 ? `${shown} and ${members.length - 5} more` : shown;
}

/** A module that takes a secret it did not take before, or no longer takes one; where the secret comes from does not count. */
function isHandedOn(delta: ResourceDelta, change: AttributeChange): boolean {
  const value = change.after ?? change.before;
  return subject(delta).type === 'module' && !change.path.includes('.') && change.op !== 'changed' && value?.kind === 'expression' && plain(value) !== null && plain(value) !== '';
}

/** Aspects of which any plain value says something: whom to trust, whom to let in. */
const ANY_TEXT: ReadonlySet<Aspect> = new Set(['authentication', 'access', 'identity']);

/**
 * Switches and choices decide. A range decides when it opens to public addresses. Names and numbers only where the
 * aspect is about whom to trust; an expression for another expression never.
 */
function says(semantics: AttributeSemantics, change: AttributeChange, comparison: Comparison): boolean {
  if (semantics.reading === 'cidr') return [...comparison.gained, ...comparison.lost].some((t) => ['world', 'public'].includes(opennessOf(t) ?? ''));
  const [b, a] = [plain(change.before), plain(change.after)];
  if (typeof a === 'boolean' || typeof b === 'boolean' || isSwitchWord(a) || isSwitchWord(b)) return true;
  if (typeof a === 'number' || typeof b === 'number') return false;
  if (semantics.reading === 'levels') return comparison.direction !== 'changed';
  if (semantics.aspect === 'flow') return semantics.reading === 'set' && (typeof a === 'string' || typeof b === 'string');
  return ANY_TEXT.has(semantics.aspect) && (a !== undefined || b !== undefined);
}

const isSwitchWord = (v: unknown): boolean => typeof v === 'string' && /^(true|false|yes|no|on|off|enabled?|disabled?)$/i.test(v);

function plain(value: Value | undefined): string | number | boolean | null | undefined {
  if (!value) return undefined;
  const seen = resolve(value);
  return seen.kind === 'scalar' ? seen.value : undefined;
}
