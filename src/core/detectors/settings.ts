import { makeDeltaFact, subject } from '../facts/make-fact.ts';
import { groupByAttribute } from '../facts/readings.ts';
import { isSwitchWord, plainValue, settingName } from '../facts/setting-names.ts';
import type { Category, Fact, Signal } from '../model/fact.ts';
import type { Graph } from '../graph/graph.ts';
import type { Resource } from '../model/resource.ts';
import { withoutMovedKeys } from '../facts/moved-keys.ts';
import type { AttributeChange, ResourceDelta } from '../model/resource-delta.ts';
import { compareReading, type Comparison, type Direction } from '../semantics/compare.ts';
import { opennessOf } from '../semantics/cidr.ts';
import { describeSetting } from '../semantics/describe.ts';
import type { Aspect, AttributeSemantics } from '../semantics/semantics.ts';
import { entries } from '../values/value.ts';
import type { Detector } from './detector.ts';

/** What each aspect is called when all there is to judge by is a setting's name. */
const ABOUT: Readonly<
  Record<Aspect, { readonly category: Category; readonly widened: Signal; readonly narrowed: Signal }>
> = {
  exposure: { category: 'exposure', widened: 'exposure-widened', narrowed: 'exposure-narrowed' },
  access: { category: 'identity-access', widened: 'permission-widened', narrowed: 'permission-narrowed' },
  identity: { category: 'identity-access', widened: 'identity-changed', narrowed: 'identity-changed' },
  authentication: {
    category: 'identity-access',
    widened: 'login-method-changed',
    narrowed: 'login-method-changed',
  },
  privilege: { category: 'identity-access', widened: 'privilege-raised', narrowed: 'privilege-lowered' },
  encryption: {
    category: 'secrets-crypto',
    widened: 'encryption-weakened',
    narrowed: 'encryption-strengthened',
  },
  key: { category: 'secrets-crypto', widened: 'key-changed', narrowed: 'key-changed' },
  secret: { category: 'secrets-crypto', widened: 'secret-added', narrowed: 'secret-added' },
  logging: { category: 'logging-monitoring', widened: 'logging-weakened', narrowed: 'logging-strengthened' },
  network: { category: 'trust-boundary', widened: 'network-path-added', narrowed: 'network-path-removed' },
  replication: { category: 'data-flow', widened: 'replication-changed', narrowed: 'replication-changed' },
  flow: { category: 'data-flow', widened: 'subscription-added', narrowed: 'subscription-removed' },
  external: {
    category: 'external-dependency',
    widened: 'external-host-added',
    narrowed: 'external-host-added',
  },
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
      categories: [
        'identity-access',
        'exposure',
        'secrets-crypto',
        'logging-monitoring',
        'trust-boundary',
        'data-flow',
      ],
    },
  ],
  detect: ({ deltas, head }) => deltas.flatMap((d) => settingsOf(d, head)),
};

function settingsOf(delta: ResourceDelta, head: Graph): Fact[] {
  const r = subject(delta);
  const isModule = r.type === 'module';
  if (delta.kind === 'removed') return [];
  if (delta.kind === 'added' && r.type !== 'tfvar') return [];
  return groupByAttribute(withoutMovedKeys(delta.changes)).flatMap((group) => {
    const [first] = group;
    // Handed on as before: the thing it comes from is told itself.
    if (!first || (first.indirect && (isModule || r.type === 'local'))) return [];
    const name = settingName(delta, first);
    const semantics =
      name === undefined
        ? undefined
        : (describeSetting(name) ?? describeGrantTarget(first) ?? describeByUse(delta, first, head));
    if (name === undefined || !semantics || semantics === 'noise') return [];
    const comparison = compareReading(semantics, group);
    if (comparison.direction === 'none' || (delta.kind === 'added' && comparison.direction === 'narrowed'))
      return [];
    return [factOf(delta, name, semantics, comparison, first)];
  });
}

/** `resources` beside `actions` says on what something is granted; alone it may be anything. */
function describeGrantTarget({
  path,
  beforeParent,
  afterParent,
}: AttributeChange): AttributeSemantics | undefined {
  const isTarget =
    /(?:^|\.)(?:not_?)?resources?$/i.test(path) &&
    entries(afterParent ?? beforeParent).some((e) => /^(?:not_?)?actions?$|^verbs$/i.test(e.key));
  return isTarget ? { path, aspect: 'access', reading: 'set', guessed: true } : undefined;
}

/** A local whose own name says nothing means what the module arguments mean that it is handed to: `members = local.security`. */
function describeByUse(
  delta: ResourceDelta,
  change: AttributeChange,
  head: Graph,
): AttributeSemantics | undefined {
  const r = delta.head;
  if (r?.type !== 'local' || change.path !== 'value') return undefined;
  const arguments_ = argumentsFrom(r, head, 3);
  const known = arguments_.toSorted((x, y) => (x < y ? -1 : 1)).map((path) => describeSetting(path));
  return known.find(
    (s): s is AttributeSemantics => s !== undefined && s !== 'noise' && s.aspect === 'access',
  );
}

/** Paths of the module arguments that a local ends up in, through other locals too. */
function argumentsFrom(r: Resource, head: Graph, depth: number): readonly string[] {
  return head.mentioning(r).flatMap((user) => {
    if (user.type === 'local') return depth > 0 ? argumentsFrom(user, head, depth - 1) : [];
    return user.type === 'module'
      ? user.references.flatMap((ref) => (ref.to === r.address ? [ref.path] : []))
      : [];
  });
}

function factOf(
  delta: ResourceDelta,
  name: string,
  semantics: AttributeSemantics,
  comparison: Comparison,
  change: AttributeChange,
): Fact {
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
    deciding:
      semantics.decides !== false &&
      !isExample(delta, change) &&
      (says(semantics, change, comparison) || (secret && isHandedOn(delta, change))),
    detail: name,
  });
}

function statementOf(
  delta: ResourceDelta,
  name: string,
  secret: boolean,
  { before, after, gained, lost }: Comparison,
  change: AttributeChange,
): string {
  const { address } = subject(delta);
  if (secret && isHandedOn(delta, change))
    return `\`${address}\` is ${change.after ? 'given' : 'no longer given'} the secret ${name}`;
  const what = `setting ${name} of \`${address}\``;
  if (secret) return `${what} changed`;
  const parts = [
    gained.length > 0 ? `gains ${few(gained)}` : '',
    lost.length > 0 ? `loses ${few(lost)}` : '',
  ].filter((p) => p !== '');
  return parts.length > 0
    ? `${what} ${parts.join(' and ')}`
    : `${what} changed: ${before || 'not set'} → ${after || 'not set'}`;
}

function few(members: readonly string[]): string {
  const shown = members
    .slice(0, 5)
    .map((m) => (m.length > 80 ? `${m.slice(0, 79)}…` : m))
    .join(', ');
  return members.length > 5 ? `${shown} and ${members.length - 5} more` : shown;
}

/** A module that takes a secret it did not take before, or no longer takes one; where the secret comes from does not count. */
function isHandedOn(delta: ResourceDelta, change: AttributeChange): boolean {
  const value = change.after ?? change.before;
  return (
    subject(delta).type === 'module' &&
    !change.path.includes('.') &&
    change.op !== 'changed' &&
    value?.kind === 'expression' &&
    plainValue(value) !== null &&
    plainValue(value) !== ''
  );
}

/** Files that show how to fill in values, and values that wait to be filled in. */
const EXAMPLE_FILE = /(?:^|[./_-])(?:example|sample|template|dist)s?[.](?:auto[.])?tfvars/i;
const FILL_IN =
  /^\W{0,3}(?:(?:please )?(?:replace|change|fill|insert|enter)[ -]?(?:me|this|with|in|here|your)\b|(?:your|todo|xxx+|example)(?:\b(?! ?[@.])))|^<[^>]*>$/i;

function isExample(delta: ResourceDelta, change: AttributeChange): boolean {
  const now = plainValue(change.after ?? change.before);
  return (
    EXAMPLE_FILE.test(subject(delta).file) ||
    (typeof now === 'string' && now.length < 200 && FILL_IN.test(now.replaceAll('_', ' ')))
  );
}

/** Aspects of which any plain value says something: whom to trust, whom to let in. */
const ANY_TEXT: ReadonlySet<Aspect> = new Set(['authentication', 'access', 'identity']);

/**
 * Switches and choices decide. A range decides when it opens to public addresses. Names and numbers only where the
 * aspect is about whom to trust; an expression for another expression never. Writing down that something is off says nothing.
 */
function says(semantics: AttributeSemantics, change: AttributeChange, comparison: Comparison): boolean {
  if (semantics.reading === 'cidr')
    return [...comparison.gained, ...comparison.lost].some((t) =>
      ['world', 'public'].includes(opennessOf(t) ?? ''),
    );
  const [b, a] = [plainValue(change.before), plainValue(change.after)];
  if (semantics.reading === 'any' && ((a === false && !change.before) || (b === false && !change.after)))
    return false;
  if (isSwitchWord(a) || isSwitchWord(b)) return true;
  if (typeof a === 'number' || typeof b === 'number') return false;
  if (semantics.reading === 'levels') return comparison.direction !== 'changed';
  if (semantics.aspect === 'flow')
    return semantics.reading === 'set' && (typeof a === 'string' || typeof b === 'string');
  return ANY_TEXT.has(semantics.aspect) && (a !== undefined || b !== undefined);
}
