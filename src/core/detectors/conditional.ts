import { kindOf } from '../facts/kinds.ts';
import { makeDeltaFact, subject } from '../facts/make-fact.ts';
import type { Category, Fact, Signal } from '../model/fact.ts';
import type { AttributeChange, ResourceDelta } from '../model/resource-delta.ts';
import type { Value } from '../model/value.ts';
import { get, resolve } from '../values/value.ts';
import type { Detector } from './detector.ts';

/** Categories in which "only sometimes" is a security statement; each with the signals of losing it. */
const MATTERS: Readonly<Partial<Record<Category, readonly Signal[]>>> = {
  'logging-monitoring': ['logging-weakened'],
  'secrets-crypto': ['encryption-weakened'],
  'identity-access': ['permission-narrowed'],
  'trust-boundary': ['segmentation-changed'],
  exposure: ['exposure-narrowed'],
};

export const detector: Detector = {
  id: 'conditional',
  title: 'Conditions on security resources',
  rules: [
    {
      id: 'conditional/now-conditional',
      title: 'A security resource is now made only sometimes',
      why: 'A log, grant, boundary or key that depends on a switch may be missing where the model takes it for granted.',
      categories: ['logging-monitoring', 'identity-access', 'trust-boundary', 'secrets-crypto', 'exposure'],
    },
    {
      id: 'conditional/now-always',
      title: 'A security resource is now made always',
      why: 'What was a choice became a rule; the model can count on it, and it applies where it did not before.',
      categories: ['logging-monitoring', 'identity-access', 'trust-boundary', 'secrets-crypto', 'exposure'],
    },
  ],
  detect: ({ deltas }) => deltas.flatMap((d) => (d.kind === 'changed' || d.kind === 'moved' ? conditions(d) : [])),
};

const SWITCHES = new Set(['count', 'for_each', '$Condition']);

function conditions(delta: ResourceDelta): Fact[] {
  const categories = kindOf(subject(delta)).categories.filter((c) => c in MATTERS);
  if (categories.length === 0) return [];
  return [...SWITCHES].flatMap((path) => {
    const change = delta.changes.find((c) => c.path === path);
    const whole = change && { ...change, ...wholly('before', get(delta.base?.values, path)), ...wholly('after', get(delta.head?.values, path)) };
    return whole && isSwitch(whole.before) !== isSwitch(whole.after) ? [factOf(delta, whole, categories)] : [];
  });
}

/** The attribute as it is written, not the item of it that differs. */
const wholly = (key: 'before' | 'after', value: Value | undefined): Partial<AttributeChange> => (value ? { [key]: value } : {});

/** Whether an expression decides if there is one at all. A number or a list of instances does not. */
function isSwitch(value: Value | undefined): boolean {
  if (!value) return false;
  if (value.kind === 'scalar') return typeof value.value === 'string' || value.value === 0;
  return value.kind === 'expression' && (value.resolved === undefined ? /\?|\bif\b|^!/.test(value.text) || value.references.length > 0 : resolve(value).kind === 'scalar');
}

function factOf(delta: ResourceDelta, change: AttributeChange, categories: readonly Category[]): Fact {
  const now = isSwitch(change.after);
  const shown = now ? change.after : change.before;
  const text = shown?.kind === 'expression' ? shown.text : '';
  return makeDeltaFact(delta, {
    rule: now ? 'conditional/now-conditional' : 'conditional/now-always',
    kind: 'setting-changed',
    categories,
    signals: now ? [...categories.flatMap((c) => MATTERS[c] ?? []), 'setting-changed'] : ['setting-changed'],
    change,
    statement: `\`${subject(delta).address}\` is ${now ? 'made only under a condition' : 'no longer under a condition'}${text ? `: ${text.slice(0, 120)}` : ''}`,
    deciding: !(now && isOnByDefault(change.after)),
    detail: change.path,
  });
}

/** A switch that the unit itself sets to "on" changes nothing until somebody turns it. */
function isOnByDefault(value: Value | undefined): boolean {
  if (value?.kind !== 'expression' || !value.resolved) return false;
  const seen = resolve(value);
  return seen.kind === 'scalar' && typeof seen.value === 'number' && seen.value >= 1;
}
