import type { Versioned } from './nouns.ts';

/** GitHub's timestamps have seconds and no more: two things of one second cannot be told apart by them. */
export function iso(at: number): string {
  return new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

export const isoOrNull = (at: number | undefined): string | null => (at === undefined ? null : iso(at));

/** Changes a thing and keeps what it was. */
export function change<T extends Versioned<T>>(
  thing: T,
  at: number,
  patch: Partial<Omit<T, 'history' | 'createdAt'>>,
): void {
  const was: T = { ...thing };
  thing.history = [...thing.history, { until: at, was }];
  Object.assign(thing, { updatedAt: at }, patch);
}

/** The thing as it was at a moment; nothing before it was made and after it was deleted. */
export function asOf<T extends Versioned<T>>(thing: T, at: number): T | undefined {
  if (thing.createdAt > at) return undefined;
  const then = thing.history.find((past) => past.until > at)?.was ?? thing;
  return then.deletedAt === undefined ? then : undefined;
}

export function allAsOf<T extends Versioned<T>>(things: Iterable<T>, at: number): T[] {
  return [...things].flatMap((thing) => asOf(thing, at) ?? []);
}
