import type { Resource } from '../model/resource.ts';
import { canonical } from '../values/canonical.ts';

/** Where a resource is declared: two resources of the same key on the two sides are the same thing. */
export const keyOf = (r: Resource): string => `${r.stack}\n${r.scope}\n${r.address}`;

/**
 * Resources by key. The same address twice in one scope (overlays in one folder, a broken file) is told apart by file
 * and then by order.
 */
export function indexResources(resources: readonly Resource[]): Map<string, Resource> {
  const byKey = new Map<string, Resource[]>();
  for (const r of resources) {
    const key = keyOf(r);
    const found = byKey.get(key);
    if (found) found.push(r);
    else byKey.set(key, [r]);
  }
  const out = new Map<string, Resource>();
  for (const [key, twins] of byKey) {
    if (twins.length === 1 && twins[0]) out.set(key, twins[0]);
    else
      twins.forEach((r, i) =>
        out.set(`${key}\n${r.file}\n${twins.slice(0, i).filter((t) => t.file === r.file).length}`, r),
      );
  }
  return out;
}

const SHORTEST = 3;

/**
 * Body of a resource with its own name taken out, for recognising it under another name or in another place.
 * `words` is a bag for measuring likeness, `text` is exact.
 */
export function bodyOf(r: Resource): { readonly text: string; readonly words: ReadonlyMap<string, number> } {
  const raw = canonical(r.values, 'written');
  const text = r.name.length >= SHORTEST ? raw.replaceAll(r.name, '\u0001') : raw;
  const words = new Map<string, number>();
  for (const w of text.slice(0, 20_000).split(/[^\w\u0001./:*-]+/))
    if (w) words.set(w, (words.get(w) ?? 0) + 1);
  return { text, words };
}

/** Likeness of two bags, 0 to 1 (Dice). */
export function likeness(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  let shared = 0;
  let total = 0;
  for (const [w, n] of a) {
    shared += Math.min(n, b.get(w) ?? 0);
    total += n;
  }
  for (const n of b.values()) total += n;
  return total === 0 ? 1 : (2 * shared) / total;
}
