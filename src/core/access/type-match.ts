import { covers, isWild } from './globs.ts';

/**
 * Finds the table entry for a type: literal names first, then the glob with the longest literal text. Case does not
 * count. Answers are remembered; the number of types in a run is bounded by the number of resources.
 */
export function typeMatcher<T extends { readonly match: readonly string[] }>(
  tables: readonly T[],
): (type: string) => T | undefined {
  const globs = tables.flatMap((table) => table.match.map((glob) => ({ glob: glob.toLowerCase(), table })));
  const literal = new Map(globs.filter((g) => !isWild(g.glob)).map((g) => [g.glob, g.table]));
  const wild = globs
    .filter((g) => isWild(g.glob))
    .sort((x, y) => y.glob.length - x.glob.length || (x.glob < y.glob ? -1 : 1));
  const known = new Map<string, T | undefined>();
  return (type) => {
    if (known.has(type)) return known.get(type);
    const lower = type.slice(0, 200).toLowerCase();
    const found = literal.get(lower) ?? wild.find((g) => covers(g.glob, lower))?.table;
    if (known.size < 10_000) known.set(type, found);
    return found;
  };
}
