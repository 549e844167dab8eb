/** Names come from contributors: beyond this many the memory of one function starts afresh. */
const MEMORY = 20_000;

/** Remembers what a pure function of texts gave. */
export function memoised<T>(compute: (...key: readonly string[]) => T): (...key: readonly string[]) => T {
  const known = new Map<string, T>();
  return (...key) => {
    const id = key.join('\n');
    if (known.has(id)) return known.get(id) as T;
    if (known.size >= MEMORY) known.clear();
    const made = compute(...key);
    known.set(id, made);
    return made;
  };
}
