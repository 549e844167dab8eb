import type { Content } from '../core/model/change.ts';
import type { Tree } from '../review/ports.ts';

/** What is worth keeping, up to so many bytes; the least recently asked for goes first. */
export interface Remembered<V> {
  get(key: string): V | undefined;
  set(key: string, value: V, bytes: number): void;
}

export function remembered<V>(limitBytes: number): Remembered<V> {
  // A map keeps the order of insertion: whatever is used is put in again at the end.
  const kept = new Map<string, { readonly value: V; readonly bytes: number }>();
  let total = 0;
  const drop = (key: string) => {
    total -= kept.get(key)?.bytes ?? 0;
    kept.delete(key);
  };
  return {
    get(key) {
      const entry = kept.get(key);
      if (!entry) return undefined;
      kept.delete(key);
      kept.set(key, entry);
      return entry.value;
    },
    set(key, value, bytes) {
      drop(key);
      if (bytes > limitBytes) return;
      kept.set(key, { value, bytes });
      total += bytes;
      for (const oldest of kept.keys()) {
        if (total <= limitBytes) break;
        drop(oldest);
      }
    },
  };
}

export interface KnownContent {
  readonly content: Content;
  /** Of the file, in bytes. */
  readonly size: number;
}

/**
 * Everything that never changes, by immutable id. The id of the repository is part of every key: what one repository
 * showed us is not to be had by naming its ids in another.
 */
export interface Memory {
  readonly trees: Remembered<Tree>;
  readonly contents: Remembered<KnownContent>;
  readonly mergeBases: Remembered<string>;
}

export function createMemory(limitBytes: number): Memory {
  return {
    trees: remembered(limitBytes / 2),
    contents: remembered(limitBytes / 2),
    mergeBases: remembered(1_000_000),
  };
}
