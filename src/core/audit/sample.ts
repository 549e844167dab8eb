import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { ChangeEntry } from '../model/audit.ts';
import { inOrder } from './population.ts';

/** Characters of a seed: a sentence, and no book. */
export const MOST_SEED = 200;

/**
 * A sample without replacement that anybody can draw again: the auditor names a size and a seed, and nobody else can choose.
 *
 * By hand, for a file `ids` with the `id` of every change on a line of its own, and `SEED` and `SIZE` as agreed (bash):
 *
 *     while IFS= read -r id; do
 *       printf '%s  %s\n' "$(printf '%s\0%s' "$SEED" "$id" | sha256sum | cut -c 1-64)" "$id"
 *     done < ids | LC_ALL=C sort | head -n "$SIZE"
 *
 * These are the changes of the sample; here they come in the order of the population. A larger sample with the same seed
 * holds the smaller one, so that testing can be extended without starting anew.
 */
export function sampleOf(
  changes: readonly ChangeEntry[],
  size: number,
  seed: string,
): readonly ChangeEntry[] {
  return changes
    .map((change) => ({ change, rank: rankOf(change.id, seed) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : inOrder(a.change, b.change)))
    .slice(0, size >= 1 ? Math.floor(size) : 0)
    .map(({ change }) => change)
    .sort(inOrder);
}

/** SHA-256 over seed, a zero byte and id, in small hexadecimal digits: the smallest ones are taken. */
export function rankOf(id: string, seed: string): string {
  return bytesToHex(sha256(utf8ToBytes(`${seed}\0${id}`)));
}
