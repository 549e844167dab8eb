/** Chance that can be repeated: a small generator with a seed, and the few things that a schedule decides with it. */
export interface Random {
  /** From 0 up to, not including, 1. */
  next(): number;
  /** From 0 up to, not including, `most`. */
  below(most: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
  shuffle<T>(items: readonly T[]): T[];
}

/** There was nothing to choose from; whoever asked does something else. */
export class NothingToPick extends Error {
  override readonly name = 'NothingToPick';
}

export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (most: number): number => Math.floor(next() * most);
  const pick = <T>(items: readonly T[]): T => {
    const item = items[below(items.length)];
    if (item === undefined) throw new NothingToPick('There is nothing to pick from.');
    return item;
  };
  return {
    next,
    below,
    chance: (probability) => next() < probability,
    pick,
    shuffle: (items) => {
      const left = [...items];
      const out = [];
      while (left.length > 0) out.push(...left.splice(below(left.length), 1));
      return out;
    },
  };
}
