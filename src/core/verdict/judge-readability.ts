import type { Doubt } from '../model/doubt.ts';
import type { Judgement } from '../model/verdict.ts';
import { count, judge } from './judgement.ts';

/** Whether everything that had to be read was read. A doubt withholds the pass whatever the rest says. */
export function judgeReadability(doubts: readonly Doubt[]): Judgement {
  const children = doubts.map((d) =>
    judge(`doubt.${d.code}`, 'Could not be read', d.weight === 'doubt' ? 'doubt' : 'info', d.message, {
      remedy: d.remedy,
      ...(d.file ? { at: { file: d.file, line: d.line ?? 1 } } : {}),
    }),
  );
  const serious = doubts.filter((d) => d.weight === 'doubt').length;
  const notes = doubts.length - serious;
  if (serious > 0)
    return judge(
      'readable',
      'Everything was read',
      'doubt',
      `${count(serious, 'thing')} could not be read, so nothing is passed.`,
      { children },
    );
  return judge(
    'readable',
    'Everything was read',
    'pass',
    notes > 0
      ? `Everything that decides was read; ${count(notes, 'note')} below.`
      : 'Everything that had to be read was read.',
    { children },
  );
}
