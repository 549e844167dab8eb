import type { AttributeChange } from '../model/resource-delta.ts';
import type { Value } from '../model/value.ts';
import { get, items, resolve, show, text, truth } from '../values/value.ts';
import { compareRanges, opennessOf } from './cidr.ts';
import type { AttributeSemantics } from './semantics.ts';

/** `widened`: weaker, more open, more granted. `narrowed`: the reverse. `changed`: different, which way is not known. */
export type Direction = 'widened' | 'narrowed' | 'changed' | 'none';

export interface Comparison {
  readonly direction: Direction;
  /** Short renderings for people; empty when there was or is nothing. */
  readonly before: string;
  readonly after: string;
  /** For ranges and sets: what came and what went. */
  readonly gained: readonly string[];
  readonly lost: readonly string[];
  /** The rule turns away what it names: gaining a member closes. */
  readonly denies?: true;
}

/**
 * Compares an attribute as a whole (the list, not one of its items) by the reading that the data gives it. `group` are
 * the changes of one attribute of one map.
 */
export function compareReading(semantics: AttributeSemantics, group: readonly AttributeChange[]): Comparison {
  const [first] = group;
  if (!first) return { direction: 'none', before: '', after: '', gained: [], lost: [] };
  const before = whole(first.beforeParent, first.path) ?? first.before;
  const after = whole(first.afterParent, first.path) ?? first.after;
  const shown = showBoth(before, after);
  switch (semantics.reading) {
    case 'cidr':
      return ranges(semantics, group, before, after);
    case 'set':
      return semantics.aspect === 'logging' ? moreIsStronger(members(group)) : members(group);
    case 'opens-when-true':
      return {
        ...shown,
        ...ordered(switchRank(before, semantics, 1), switchRank(after, semantics, 1)),
        ...NO_MEMBERS,
      };
    case 'closes-when-true':
      return {
        ...shown,
        ...ordered(switchRank(before, semantics, -1), switchRank(after, semantics, -1)),
        ...NO_MEMBERS,
      };
    case 'levels':
      return {
        ...shown,
        ...ordered(levelRank(before, semantics), levelRank(after, semantics)),
        ...NO_MEMBERS,
      };
    case 'present':
      return { ...shown, direction: presence(before, after, 'narrowed', 'widened'), ...NO_MEMBERS };
    case 'absent':
      return { ...shown, direction: presence(before, after, 'widened', 'narrowed'), ...NO_MEMBERS };
    case 'policy':
    case 'any':
      return {
        ...shown,
        direction:
          (isNothing(before) && isNothing(after)) ||
          isUsual(semantics, before, after) ||
          isSpelling(before, after)
            ? 'none'
            : 'changed',
        ...NO_MEMBERS,
      };
  }
}

/** `true` and `"true"`: the same, written in another way. */
const isSpelling = (before: Value | undefined, after: Value | undefined): boolean =>
  before?.kind === 'scalar' &&
  after?.kind === 'scalar' &&
  text(before) !== undefined &&
  text(before) === text(after);

/** Writing down what holds when nothing is written changes nothing. */
const isUsual = (
  { absent }: AttributeSemantics,
  before: Value | undefined,
  after: Value | undefined,
): boolean => absent !== undefined && (before ? text(before) : absent) === (after ? text(after) : absent);

/** Characters of a value that people are shown, and of what is the same before the difference. */
const SHOWN = 80;
const LEAD = 24;

/** Short renderings of both sides. Two long texts that begin alike are shown from shortly before they differ. */
function showBoth(
  before: Value | undefined,
  after: Value | undefined,
): { readonly before: string; readonly after: string } {
  const [b, a] = [show(before, 4_000), show(after, 4_000)];
  if (b.length <= SHOWN && a.length <= SHOWN) return { before: b, after: a };
  let same = 0;
  while (same < b.length && b[same] === a[same]) same++;
  const from = same > LEAD && b !== a ? same - LEAD : 0;
  const part = (text: string): string => {
    const rest = text.slice(from);
    const cut = rest.length > SHOWN ? `${rest.slice(0, SHOWN - 1)}…` : rest;
    return from > 0 && text !== '' ? `…${cut}` : cut;
  };
  return { before: part(b), after: part(a) };
}

const NO_MEMBERS = { gained: [], lost: [] } as const;

function whole(parent: Value | undefined, path: string): Value | undefined {
  return get(parent, path.slice(path.lastIndexOf('.') + 1));
}

/** Members as people would name them: known texts, else the expression as written. */
const named = (values: readonly Value[]): string[] =>
  values.flatMap((v) => (text(v) ?? (v.kind === 'expression' ? v.text : show(v))).split(/,\s*/));

function ranges(
  semantics: AttributeSemantics,
  group: readonly AttributeChange[],
  before: Value | undefined,
  after: Value | undefined,
): Comparison {
  const was = before ? named(items(before)) : semantics.absent ? [semantics.absent] : [];
  const is = after ? named(items(after)) : semantics.absent ? [semantics.absent] : [];
  const came = new Set(group.flatMap((c) => (c.after ? named(items(c.after)) : [])));
  const went = new Set(group.flatMap((c) => (c.before ? named(items(c.before)) : [])));
  const { gained, lost } = compareRanges(was, is);
  const all = {
    gained: gained.filter((g) => came.has(g) || !after),
    lost: lost.filter((l) => went.has(l) || !before),
  };
  return { direction: both(all.gained, all.lost), before: was.join(', '), after: is.join(', '), ...all };
}

function members(group: readonly AttributeChange[]): Comparison {
  const gained = [...new Set(group.flatMap((c) => (c.after ? named(items(c.after)) : [])))].sort();
  const lost = [...new Set(group.flatMap((c) => (c.before ? named(items(c.before)) : [])))].sort();
  return { direction: both(gained, lost), before: lost.join(', '), after: gained.join(', '), gained, lost };
}

/** A further log is a gain for whoever watches. */
function moreIsStronger(comparison: Comparison): Comparison {
  const { direction } = comparison;
  return {
    ...comparison,
    direction: direction === 'widened' ? 'narrowed' : direction === 'narrowed' ? 'widened' : direction,
  };
}

function both(gained: readonly string[], lost: readonly string[]): Direction {
  if (gained.length > 0 && lost.length > 0)
    return gained.some((g) => opennessOf(g) === 'world') ? 'widened' : 'changed';
  return gained.length > 0 ? 'widened' : lost.length > 0 ? 'narrowed' : 'none';
}

/** Ranks: higher is weaker; undefined when it cannot be told. */
function ordered(before: number | undefined, after: number | undefined): { readonly direction: Direction } {
  if (before === undefined || after === undefined) return { direction: 'changed' };
  return { direction: after > before ? 'widened' : after < before ? 'narrowed' : 'none' };
}

function switchRank(
  value: Value | undefined,
  semantics: AttributeSemantics,
  when: 1 | -1,
): number | undefined {
  if (!value || isNothing(value)) return (semantics.absent ?? 'false') === 'true' ? when : 0;
  const state = truth(value);
  return state === undefined ? undefined : state ? when : 0;
}

function levelRank(value: Value | undefined, semantics: AttributeSemantics): number | undefined {
  const levels = (semantics.levels ?? []).map((l) => l.toLowerCase());
  const other = levels.indexOf('*');
  const written = value ? text(value) : semantics.absent;
  if (written === undefined) return value || other < 0 ? undefined : -other;
  const at = levels.findIndex((l) => l.split('|').includes(written.toLowerCase()));
  if (at >= 0) return -at;
  return other >= 0 ? -other : undefined;
}

function presence(
  before: Value | undefined,
  after: Value | undefined,
  gained: Direction,
  lost: Direction,
): Direction {
  if (isThere(before) && isThere(after)) return isSpelling(before, after) ? 'none' : 'changed';
  if (isThere(after)) return gained;
  return isThere(before) ? lost : 'none';
}

const isThere = (value: Value | undefined): boolean =>
  value !== undefined &&
  !['', 'null', 'false', 'none'].includes((text(value) ?? 'x').toLowerCase()) &&
  !(value.kind === 'scalar' && value.value === null) &&
  !isEmpty(value);

/** Absent, `null` and the empty text are ways to write the same thing. */
function isNothing(value: Value | undefined): boolean {
  if (!value) return true;
  const seen = resolve(value);
  return seen.kind === 'scalar' && (seen.value === null || seen.value === '');
}

const isEmpty = (value: Value): boolean =>
  (value.kind === 'list' && value.items.length === 0) || (value.kind === 'map' && value.entries.length === 0);

/** Whether what is written is weak by itself, whatever there was before: on something new, "not encrypted" is a decision. */
export function isWrittenWeak(semantics: AttributeSemantics, written: Value | undefined): boolean {
  switch (semantics.reading) {
    case 'opens-when-true':
      return truth(written) === true;
    case 'closes-when-true':
      return truth(written) === false;
    case 'levels':
      return belowOther(semantics, text(written) ?? '');
    default:
      return false;
  }
}

/** Whether a value stands for the weakest state of its reading: what is worth saying of a new resource. */
export function isWeak(semantics: AttributeSemantics, comparison: Comparison): boolean {
  if (comparison.denies) return false;
  switch (semantics.reading) {
    case 'cidr':
      return comparison.after.split(', ').some((t) => opennessOf(t) === 'world');
    case 'levels':
      return semantics.levels?.indexOf('*') !== -1 && belowOther(semantics, comparison.after);
    default:
      return comparison.direction === 'widened' || (semantics.reading === 'any' && comparison.after !== '');
  }
}

function belowOther(semantics: AttributeSemantics, written: string): boolean {
  const levels = (semantics.levels ?? []).map((l) => l.toLowerCase());
  const at = levels.findIndex((l) => l.split('|').includes(written.toLowerCase()));
  return at >= 0 && at < levels.indexOf('*');
}
