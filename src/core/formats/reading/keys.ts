import type { ModelElementKind } from '../../model/model-delta.ts';
import { normaliseName } from './text.ts';

/** Gives out keys that are unique within one model; the second holder of the same key gets `#2`. */
export interface Keys {
  /** For elements that carry an id of their own which tools keep stable. */
  native(kind: ModelElementKind, id: string): string;
  /** For elements known by where they stand and what they are called. */
  named(kind: ModelElementKind, ...parts: readonly string[]): string;
}

export function makeKeys(): Keys {
  const taken = new Map<string, number>();
  const unique = (key: string): string => {
    const count = (taken.get(key) ?? 0) + 1;
    taken.set(key, count);
    return count === 1 ? key : `${key}#${count}`;
  };
  return {
    native: (kind, id) => unique(`${kind}:${id}`),
    named: (kind, ...parts) =>
      unique(
        `${kind}:${parts
          .map(normaliseName)
          .filter((part) => part !== '')
          .join('/')}`,
      ),
  };
}
