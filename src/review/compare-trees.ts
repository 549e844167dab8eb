import type { Tree, TreeEntry } from './ports.ts';

export interface ChangedEntry {
  readonly path: string;
  readonly status: 'added' | 'removed' | 'modified';
  readonly base?: TreeEntry;
  readonly head?: TreeEntry;
}

/** Two listings → what changed, by content id and kind, sorted by path. No renames: resources are matched, not files. */
export function compareTrees(base: Tree, head: Tree): ChangedEntry[] {
  const before = new Map(base.entries.map((e) => [e.path, e]));
  const after = new Map(head.entries.map((e) => [e.path, e]));
  const out: ChangedEntry[] = [];
  for (const [path, b] of before) {
    const a = after.get(path);
    if (!a) out.push({ path, status: 'removed', base: b });
    else if (a.id !== b.id || a.kind !== b.kind) out.push({ path, status: 'modified', base: b, head: a });
  }
  for (const [path, a] of after) if (!before.has(path)) out.push({ path, status: 'added', head: a });
  return out.sort((x, y) => (x.path < y.path ? -1 : 1));
}
