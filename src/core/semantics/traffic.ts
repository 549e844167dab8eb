import type { Value } from '../model/value.ts';
import { entries, text, truth } from '../values/value.ts';

/** Which way a network rule lets traffic go, and whether it lets it. */
export interface Traffic {
  readonly outbound: boolean;
  readonly denies: boolean;
}

const WAY_KEYS = new Set(['type', 'direction', 'trafficdirection']);
const OUT = new Set(['egress', 'outbound', 'out']);
const VERDICT_KEYS = new Set(['access', 'action', 'ruleaction', 'effect']);
const NO = new Set(['deny', 'block', 'drop', 'reject']);

/** Read from what stands beside a range: the nearest map that says something wins, so pass the inner one first. */
export function trafficOf(...around: readonly (Value | undefined)[]): Traffic {
  const siblings = around.flatMap((map) =>
    entries(map).map((e) => [e.key.toLowerCase().replace(/[_-]/g, ''), e.value] as const),
  );
  const first = (keys: ReadonlySet<string>): string => {
    const found = siblings.find(([key, value]) => keys.has(key) && text(value) !== undefined);
    return (text(found?.[1]) ?? '').toLowerCase();
  };
  const has = (key: string): boolean => siblings.some(([k]) => k === key);
  const egress = siblings.some(([key, value]) => key === 'egress' && truth(value) === true);
  return {
    outbound: egress || OUT.has(first(WAY_KEYS)),
    denies: NO.has(first(VERDICT_KEYS)) || (has('deny') && !has('allow')),
  };
}
