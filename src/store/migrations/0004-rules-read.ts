import type { Engine } from '../engine.ts';

/** When GitHub's own rules for the guarded branches were last read. */
export const rulesRead = (engine: Engine['name']): readonly string[] => [
  `alter table repositories add column rules_read_at text${engine === 'postgres' ? ' collate "C"' : ''}`,
];
