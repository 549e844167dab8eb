import type { Category, Fact, FactKind, Signal } from '../model/fact.ts';
import type { ResourceDelta } from '../model/resource-delta.ts';
import type { Value } from '../model/value.ts';
import { isWeak, type Direction } from '../semantics/compare.ts';
import type { Aspect, AttributeSemantics } from '../semantics/semantics.ts';
import { isSetting } from '../semantics/settings.ts';
import { entries, text } from '../values/value.ts';
import { wholeItems } from './list-items.ts';
import { makeDeltaFact, subject } from './make-fact.ts';
import { readAttributes, type AttributeReading } from './readings.ts';

/** How one aspect speaks: what its facts are called, and in which words. */
export interface AspectVoice {
  readonly aspects: readonly Aspect[];
  /** Rule id by direction. */
  readonly rules: Readonly<Record<Exclude<Direction, 'none'>, string>>;
  /** "widened", "weakened", "switched off" … by direction. */
  readonly verbs: Readonly<Record<Exclude<Direction, 'none'>, string>>;
  readonly categories: readonly Category[];
  readonly signals: Readonly<Record<Exclude<Direction, 'none'>, readonly Signal[]>>;
  readonly kind: FactKind;
}

/** An observation of an aspect before it is a fact, so that a detector may add what it alone knows (what is reached). */
export interface AspectObservation {
  readonly delta: ResourceDelta;
  readonly reading: AttributeReading;
  readonly fact: Fact;
}

/**
 * What the changed attributes of one aspect say. On something new only weak values of notable attributes are worth a fact:
 * that a new bucket is encrypted is no news, that it is public is. Of something removed, the removal says it all.
 */
export function observeAspect(deltas: readonly ResourceDelta[], voice: AspectVoice): AspectObservation[] {
  return deltas.flatMap((delta) => {
    const { type, address } = subject(delta);
    if (delta.kind === 'removed' || isSetting(type) || type === 'module' || address.startsWith('data.'))
      return [];
    const seen = readAttributes(delta).filter(
      (r) => voice.aspects.includes(r.semantics.aspect) && r.semantics.reading !== 'policy',
    );
    const told = delta.kind === 'added' ? seen.filter((r) => isNotableWhenNew(r)) : seen;
    return mergeSame(withoutInnards(told, delta)).map((reading) => ({
      delta,
      reading,
      fact: factOf(delta, reading, voice),
    }));
  });
}

function isNotableWhenNew({ semantics, comparison }: AttributeReading): boolean {
  if (semantics.reading === 'cidr') return semantics.aspect === 'exposure' && isWeak(semantics, comparison);
  return semantics.notable === true && isWeak(semantics, comparison);
}

/** A rule with ten attributes that came or went is one observation, not ten. */
function withoutInnards(readings: readonly AttributeReading[], delta: ResourceDelta): AttributeReading[] {
  const told = readings.map((r) => {
    const whole = r.semantics.reading === 'any' ? wholeItems(r.change, delta) : undefined;
    return whole ? { ...r, whole } : r;
  });
  const lists = [...new Set(told.flatMap((r) => (r.whole ? [`${r.whole.came} ${r.whole.list}`] : [])))];
  const outermost = lists.filter((l) => !lists.some((other) => l.startsWith(`${other}.`)));
  return told.filter((r) => {
    const at = r.whole ? outermost.indexOf(`${r.whole.came} ${r.whole.list}`) : 0;
    if (r.whole && at >= 0) outermost.splice(at, 1);
    return at >= 0;
  });
}

/** The same attribute saying the same thing in several places (three containers, five rules) is one fact. */
function mergeSame(readings: readonly AttributeReading[]): AttributeReading[] {
  const seen = new Map<string, AttributeReading>();
  for (const r of readings) {
    const key = `${r.path}\n${r.comparison.direction}\n${r.comparison.gained.join()}\n${r.comparison.lost.join()}\n${r.comparison.before}\n${r.comparison.after}\n${placeOf(r)}`;
    if (!seen.has(key)) seen.set(key, r);
  }
  return [...seen.values()];
}

function factOf(delta: ResourceDelta, reading: AttributeReading, voice: AspectVoice): Fact {
  const { semantics, comparison, change, path } = reading;
  const direction = comparison.direction === 'none' ? 'changed' : comparison.direction;
  const place = placeOf(reading);
  return makeDeltaFact(delta, {
    rule: voice.rules[direction],
    kind: voice.kind,
    categories: semantics.categories ?? voice.categories,
    signals: semantics.signals ?? voice.signals[direction],
    change,
    statement: statementOf(delta, reading, voice.verbs[direction], place),
    ...(comparison.before ? { before: comparison.before } : {}),
    ...(comparison.after ? { after: comparison.after } : {}),
    deciding: decides(semantics, reading),
    detail: reading.whole
      ? [reading.whole.list, String(reading.whole.came), ...reading.whole.names].join('|').slice(0, 500)
      : [path, place, comparison.gained.join(','), comparison.lost.join(',')].join('|'),
  });
}

/**
 * A guess by name decides only when a plain value says something: an expression that became another expression is most
 * often plumbing, and where it matters the thing behind it changed too.
 */
function decides(
  semantics: AttributeSemantics,
  { change, comparison, rephrased }: AttributeReading,
): boolean {
  if (semantics.decides === false || rephrased) return false;
  if (!semantics.guessed) return true;
  const opaque = (v: Value | undefined): boolean =>
    v === undefined || (v.kind === 'expression' && !v.resolved);
  return !(comparison.direction === 'changed' && opaque(change.before) && opaque(change.after));
}

function statementOf(
  delta: ResourceDelta,
  { path, comparison, whole }: AttributeReading,
  verb: string,
  place: string,
): string {
  if (whole)
    return `${whole.list}${whole.names.length > 0 ? ` ${cut(whole.names)}` : ''} of \`${subject(delta).address}\` ${whole.came ? 'added' : 'removed'}`;
  const what = `${path} of \`${subject(delta).address}\``;
  const where = place ? ` (${place})` : '';
  if (delta.kind === 'added') return `${what} is ${comparison.after}${where}`;
  if (comparison.gained.length + comparison.lost.length > 0) {
    const came = comparison.gained.length > 0 ? ` gains ${cut(comparison.gained)}` : '';
    const went = comparison.lost.length > 0 ? ` loses ${cut(comparison.lost)}` : '';
    return `${what} ${verb}:${came}${came && went ? ' and' : ''}${went}${where}`;
  }
  return `${what} ${verb}: ${comparison.before || 'not set'} → ${comparison.after || 'not set'}${where}`;
}

function cut(members: readonly string[]): string {
  const shown = members.slice(0, 5).join(', ');
  return members.length > 5 ? `${shown} and ${members.length - 5} more` : shown;
}

const PORT_KEYS: readonly (readonly [RegExp, string])[] = [
  [
    /^(from_?port|port|ports|destination_port_range|destination_port_ranges|published|listener_port|port_range)$/i,
    'port',
  ],
  [/^to_?port$/i, 'to'],
  [/^(protocol|ip_?protocol)$/i, ''],
];

/** The siblings that tell which door it is: `port 22, tcp`. */
function placeOf({ change, semantics }: AttributeReading): string {
  if (semantics.aspect !== 'exposure' && semantics.aspect !== 'network') return '';
  const found = new Map<string, string>();
  for (const e of entries(change.afterParent ?? change.beforeParent))
    for (const [key, label] of PORT_KEYS) {
      const value = text(e.value);
      if (key.test(e.key) && value !== undefined && value !== '') found.set(label, value);
    }
  const from = found.get('port');
  const to = found.get('to');
  const protocol = found.get('');
  const port =
    from === undefined ? '' : to !== undefined && to !== from ? `ports ${from} to ${to}` : `port ${from}`;
  return [port, protocol === '-1' ? 'all protocols' : (protocol ?? '')].filter((p) => p !== '').join(', ');
}
