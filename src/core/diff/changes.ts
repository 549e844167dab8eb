import type { AttributeChange } from '../model/resource-delta.ts';
import type { Entry, Value } from '../model/value.ts';
import { canonical, isEqual } from '../values/canonical.ts';
import { LIMITS } from '../limits.ts';
import { cancelEqual, isNested, NO_RENAME, pair, structure, type Rename } from './pairing.ts';

interface Place {
  readonly path: string;
  /** Line to give as evidence for everything below: set once a plain reference (`var.x`) was followed out of the resource. */
  readonly pinned?: number | undefined;
  /** Whether an expression above was written the same on both sides and only comes to something else. */
  readonly indirect: boolean;
  readonly beforeParent?: Value | undefined;
  readonly afterParent?: Value | undefined;
}

/**
 * Differences of two attribute trees by meaning. Lists compare as multisets: equal items cancel out first, then maps are
 * paired by how much they share, so that one changed rule among ten is one change.
 */
export function compareValues(
  before: Value | undefined,
  after: Value | undefined,
  rename: Rename,
): AttributeChange[] {
  const out: AttributeChange[] = [];
  walk(before, after, { path: '', indirect: false }, 0, rename, out);
  return out;
}

function walk(
  before: Value | undefined,
  after: Value | undefined,
  above: Place,
  depth: number,
  rename: Rename,
  out: AttributeChange[],
): void {
  if (depth > LIMITS.depth || out.length > LIMITS.nodes) return;
  if (before && after && same(before, after, rename)) return;
  const place = descend(above, before, after, rename);
  const b = structure(before);
  const a = structure(after);
  if ((b?.kind === 'map' || !b) && (a?.kind === 'map' || !a) && (b || a) && !bothEmpty(b, a)) {
    walkMaps(b, a, place, depth, rename, out);
  } else if ((b?.kind === 'list' || !b) && (a?.kind === 'list' || !a) && (b || a) && !bothEmpty(b, a)) {
    walkLists(
      b?.kind === 'list' ? b.items : [],
      a?.kind === 'list' ? a.items : [],
      place,
      depth,
      rename,
      out,
    );
  } else {
    out.push(leaf(before, after, place));
  }
}

const PLAIN_REFERENCE = /^"?(\$\{)?[\w.*"[\]-]+\}?"?$/;

function descend(above: Place, before: Value | undefined, after: Value | undefined, rename: Rename): Place {
  const shown = after ?? before;
  const follows =
    shown?.kind === 'expression' &&
    shown.resolved !== undefined &&
    PLAIN_REFERENCE.test(shown.text.slice(0, 300));
  const samely =
    before?.kind === 'expression' && after?.kind === 'expression' && rename(before.text) === after.text;
  return {
    ...above,
    pinned: above.pinned ?? (follows ? shown.line : undefined),
    indirect: above.indirect || samely,
  };
}

const bothEmpty = (b: Value | undefined, a: Value | undefined): boolean => size(b) === 0 && size(a) === 0;

function size(value: Value | undefined): number {
  if (value?.kind === 'map') return value.entries.length;
  return value?.kind === 'list' ? value.items.length : 0;
}

function same(before: Value, after: Value, rename: Rename): boolean {
  if (isEqual(before, after, 'effective')) return true;
  if (rename === NO_RENAME) return false;
  return (
    rename(canonical(before, 'effective')) === canonical(after, 'effective') ||
    (before.kind === 'expression' &&
      after.kind === 'expression' &&
      !before.resolved &&
      !after.resolved &&
      rename(before.text) === after.text)
  );
}

function walkMaps(
  before: Value | undefined,
  after: Value | undefined,
  place: Place,
  depth: number,
  rename: Rename,
  out: AttributeChange[],
): void {
  const b = lastByKey(before);
  const a = lastByKey(after);
  for (const key of [...new Set([...b.keys(), ...a.keys()])].sort()) {
    const path = place.path ? `${place.path}.${key}` : key;
    walk(
      b.get(key)?.value,
      a.get(key)?.value,
      { ...place, path, beforeParent: before, afterParent: after },
      depth + 1,
      rename,
      out,
    );
  }
}

function lastByKey(value: Value | undefined): Map<string, Entry> {
  return new Map(value?.kind === 'map' ? value.entries.map((e) => [e.key, e]) : []);
}

function walkLists(
  before: readonly Value[],
  after: readonly Value[],
  place: Place,
  depth: number,
  rename: Rename,
  out: AttributeChange[],
): void {
  const [b, a] = cancelEqual(before, after, rename);
  for (const [x, y] of pair(b, a, rename)) {
    if (x && y && isNested(x) && isNested(y)) walk(x, y, place, depth + 1, rename, out);
    else {
      if (x) walk(x, undefined, place, depth + 1, rename, out);
      if (y) walk(undefined, y, place, depth + 1, rename, out);
    }
  }
}

function leaf(before: Value | undefined, after: Value | undefined, place: Place): AttributeChange {
  return {
    path: place.path,
    op: before && after ? 'changed' : after ? 'added' : 'removed',
    ...(before ? { before } : {}),
    ...(after ? { after } : {}),
    ...(place.beforeParent ? { beforeParent: place.beforeParent } : {}),
    ...(place.afterParent ? { afterParent: place.afterParent } : {}),
    line: place.pinned ?? (after ?? before)?.line ?? 1,
    side: after ? 'head' : 'base',
    indirect: place.indirect,
  };
}
