/** How many of somebody's requests run at the same time: one person cannot keep the database busy alone. */
export function createSlots(most: { readonly each: number; readonly all: number }) {
  const taken = new Map<string, number>();
  let total = 0;
  return {
    /** Undefined when there is no room. */
    async run<T>(key: string, work: () => Promise<T>): Promise<T | undefined> {
      const own = taken.get(key) ?? 0;
      if (own >= most.each || total >= most.all) return undefined;
      taken.set(key, own + 1);
      total++;
      try {
        return await work();
      } finally {
        total--;
        const left = (taken.get(key) ?? 1) - 1;
        if (left === 0) taken.delete(key);
        else taken.set(key, left);
      }
    },
  };
}
