import type { Resource } from '../model/resource.ts';
import type { ResourceDelta } from '../model/resource-delta.ts';
import { canonical, isEqual } from '../values/canonical.ts';
import { compareValues } from './changes.ts';
import { NO_RENAME, type Rename } from './pairing.ts';
import { indexResources } from './identity.ts';
import { findMoves, type Move } from './moves.ts';

/** Base and head resources → what differs, in a stable order (scope, file, line, address). */
export function diffResources(base: readonly Resource[], head: readonly Resource[]): ResourceDelta[] {
  const b = indexResources(base);
  const a = indexResources(head);
  const removed = [...b].filter(([k]) => !a.has(k)).map(([, r]) => r);
  const added = [...a].filter(([k]) => !b.has(k)).map(([, r]) => r);
  const kept = [...a].flatMap(([k, r]) => (b.has(k) ? [{ base: b.get(k) as Resource, head: r }] : []));
  const moves = withMergedLookups(findMoves(removed, added, kept), removed, kept);
  const rename = renaming(moves);
  const gone = new Set(moves.map((m) => m.base));
  const come = new Set(moves.map((m) => m.head));
  const deltas: ResourceDelta[] = [
    ...removed
      .filter((r) => !gone.has(r))
      .map((r): ResourceDelta => ({
        kind: 'removed',
        base: r,
        changes: compareValues(r.values, undefined, rename),
      })),
    ...added
      .filter((r) => !come.has(r))
      .map((r): ResourceDelta => ({
        kind: 'added',
        head: r,
        changes: compareValues(undefined, r.values, rename),
      })),
    ...moves.map((m): ResourceDelta => ({
      kind: 'moved',
      ...m,
      changes: compareValues(m.base.values, m.head.values, rename),
    })),
    ...kept.flatMap((p) => changed(p, rename)),
  ];
  return deltas.sort(inOrder);
}

/** A data source that only looks something up is the same as its twin of another name: dropping one for the other moves it. */
function withMergedLookups(
  moves: readonly Move[],
  removed: readonly Resource[],
  kept: readonly Move[],
): readonly Move[] {
  const gone = new Set(moves.map((m) => m.base));
  const keyOf = (r: Resource): string => `${r.scope}\n${r.type}\n${canonical(r.values, 'written')}`;
  const twins = new Map(
    kept.flatMap(({ head }) => (head.address.startsWith('data.') ? [[keyOf(head), head] as const] : [])),
  );
  const merged = removed.flatMap((base): Move[] => {
    const head = base.address.startsWith('data.') && !gone.has(base) ? twins.get(keyOf(base)) : undefined;
    return head ? [{ base, head }] : [];
  });
  return [...moves, ...merged];
}

function changed(pair: Move, rename: Rename): ResourceDelta[] {
  if (pair.base === pair.head || pair.base.values === pair.head.values) return [];
  const written = !isEqual(pair.base.values, pair.head.values, 'written');
  const changes = compareValues(pair.base.values, pair.head.values, rename);
  return written || changes.length > 0 ? [{ kind: 'changed', ...pair, changes }] : [];
}

/** Replaces the old addresses of moved things by the new ones inside a text of the base side. */
function renaming(moves: readonly Move[]): Rename {
  const pairs = new Map<string, string>();
  for (const { base, head } of moves)
    if (base.address !== head.address && base.address.length >= 4) pairs.set(base.address, head.address);
  if (pairs.size === 0) return NO_RENAME;
  const pattern = new RegExp(
    `(?<![\\w-])(?:${[...pairs.keys()]
      .sort((x, y) => y.length - x.length)
      .slice(0, 2_000)
      .map((k) => k.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'))
      .join('|')})(?![\\w-])`,
    'g',
  );
  return (text) => text.replace(pattern, (found) => pairs.get(found) ?? found);
}

function inOrder(x: ResourceDelta, y: ResourceDelta): number {
  const p = (x.head ?? x.base) as Resource;
  const q = (y.head ?? y.base) as Resource;
  if (p.file !== q.file) return p.file < q.file ? -1 : 1;
  if (p.span.startLine !== q.span.startLine) return p.span.startLine - q.span.startLine;
  if (p.address !== q.address) return p.address < q.address ? -1 : 1;
  return x.kind < y.kind ? -1 : x.kind > y.kind ? 1 : 0;
}
