import { canonicalJson } from '../../core/digest.ts';
import type { RepositoryRow } from '../store.ts';

/** Of each protected branch the last commit that is accounted for. */
export type Tip = readonly [branch: string, commit: string];

/** As pairs, so that a branch may have any name. */
export function readTips(row: Pick<RepositoryRow, 'tips'> | undefined): readonly Tip[] {
  return Object.entries(JSON.parse(row?.tips ?? '{}') as Readonly<Record<string, string>>);
}

export function writeTips(tips: readonly Tip[]): string {
  return canonicalJson(Object.fromEntries(tips));
}

export const tipOf = (tips: readonly Tip[], branch: string): string | undefined =>
  tips.findLast(([name]) => name === branch)?.[1];
