import { kindOf } from '../facts/kinds.ts';
import { makeDeltaFact, subject } from '../facts/make-fact.ts';
import type { Category, Fact, Signal } from '../model/fact.ts';
import type { AttributeChange, ResourceDelta } from '../model/resource-delta.ts';
import type { Value } from '../model/value.ts';
import { describeAttribute } from '../semantics/describe.ts';
import type { Aspect, AttributeSemantics } from '../semantics/semantics.ts';
import { entries, get, resolve } from '../values/value.ts';
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
  detect: ({ deltas }) =>
    deltas.flatMap((d) => (d.kind === 'changed' || d.kind === 'moved' ? conditions(d) : [])),
};

const SWITCHES = new Set(['count', 'for_each', '$Condition']);

function conditions(delta: ResourceDelta): Fact[] {
  return [...wholeConditions(delta), ...blockConditions(delta)];
}

/** `dynamic "encryption" { for_each = var.on ? [1] : [] }`: a protection inside the resource that is there only sometimes. */
function blockConditions(delta: ResourceDelta): Fact[] {
  const { stack, type } = subject(delta);
  return delta.changes.flatMap((change) => {
    const block = /^(.+)\.for_each$/.exec(change.path)?.[1];
    if (block === undefined || !change.beforeParent || !change.afterParent) return [];
    const whole = {
      ...change,
      ...wholly('before', get(change.beforeParent, 'for_each')),
      ...wholly('after', get(change.afterParent, 'for_each')),
    };
    if (isChoice(whole.before) === isChoice(whole.after)) return [];
    const inside = entries(change.afterParent).flatMap(
      (e) => describeAttribute(stack, type, `${block}.${e.key}`) ?? [],
    );
    const known = inside.find(
      (s): s is AttributeSemantics =>
        s !== 'noise' && s.guessed !== true && s.decides !== false && s.aspect in BLOCKS,
    );
    const categories = known?.categories ?? (known && BLOCKS[known.aspect]);
    return categories ? [factOf(delta, whole, categories, block)] : [];
  });
}

/** Unlike a collection that happens to be empty: written as a choice. */
const isChoice = (value: Value | undefined): boolean =>
  value?.kind === 'expression' && /\?|\bif\b/.test(value.text);

/** Aspects whose blocks protect, and what losing one is about. */
const BLOCKS: Readonly<Partial<Record<Aspect, readonly Category[]>>> = {
  encryption: ['secrets-crypto'],
  key: ['secrets-crypto'],
  logging: ['logging-monitoring'],
  authentication: ['identity-access'],
  protection: ['trust-boundary'],
  network: ['trust-boundary'],
  exposure: ['exposure'],
};

function wholeConditions(delta: ResourceDelta): Fact[] {
  const categories = kindOf(subject(delta)).categories.filter((c) => c in MATTERS);
  if (categories.length === 0) return [];
  return [...SWITCHES].flatMap((path) => {
    const change = delta.changes.find((c) => c.path === path);
    const whole = change && {
      ...change,
      ...wholly('before', get(delta.base?.values, path)),
      ...wholly('after', get(delta.head?.values, path)),
    };
    return whole && isSwitch(whole.before) !== isSwitch(whole.after)
      ? [factOf(delta, whole, categories)]
      : [];
  });
}

/** The attribute as it is written, not the item of it that differs. */
const wholly = (key: 'before' | 'after', value: Value | undefined): Partial<AttributeChange> =>
  value ? { [key]: value } : {};

/** Whether an expression decides if there is one at all. A number or a list of instances does not. */
function isSwitch(value: Value | undefined): boolean {
  if (!value) return false;
  if (value.kind === 'scalar') return typeof value.value === 'string' || value.value === 0;
  return (
    value.kind === 'expression' &&
    (value.resolved === undefined
      ? /\?|\bif\b|^!/.test(value.text) || value.references.length > 0
      : resolve(value).kind === 'scalar')
  );
}

function factOf(
  delta: ResourceDelta,
  change: AttributeChange,
  categories: readonly Category[],
  block?: string,
): Fact {
  const now = block === undefined ? isSwitch(change.after) : isChoice(change.after);
  const shown = now ? change.after : change.before;
  const text = shown?.kind === 'expression' ? shown.text : '';
  return makeDeltaFact(delta, {
    rule: now ? 'conditional/now-conditional' : 'conditional/now-always',
    kind: 'setting-changed',
    categories,
    signals: now ? [...categories.flatMap((c) => MATTERS[c] ?? []), 'setting-changed'] : ['setting-changed'],
    change,
    statement: `${block === undefined ? '' : `${block} of `}\`${subject(delta).address}\` is ${now ? 'made only under a condition' : 'no longer under a condition'}${text ? `: ${text.slice(0, 120)}` : ''}`,
    deciding: !(now && isOnByDefault(change.after)),
    detail: change.path,
  });
}

/** A switch that the unit itself sets to "on" changes nothing until somebody turns it. */
function isOnByDefault(value: Value | undefined): boolean {
  if (value?.kind !== 'expression' || !value.resolved) return false;
  const seen = resolve(value);
  return (
    (seen.kind === 'list' && seen.items.length > 0) ||
    (seen.kind === 'scalar' && typeof seen.value === 'number' && seen.value >= 1)
  );
}
