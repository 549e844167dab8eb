import { terminal } from '../core/report/escape.ts';
import { count } from '../core/report/outline.ts';
import type { Outcome } from './backfill.ts';

/** What was filled in, for a terminal: a repository each, and what could not be seen. */
export function renderOutcomes(outcomes: readonly Outcome[], dryRun: boolean): string {
  return `${outcomes.flatMap((one) => linesOf(one, dryRun)).join('\n')}\n`;
}

function linesOf(
  { repository, merges, pushes, unexplained, records, complete, missing }: Outcome,
  dryRun: boolean,
): readonly string[] {
  const name = terminal(repository.name);
  if (records === 0) return [`${name}: nothing that is not on record`];
  return [
    `${name}: ${count(merges, 'merge')}, ${count(pushes, 'push', 'pushes')}, ${count(records, 'record')} ${dryRun ? 'would be written' : 'written'}`,
    ...(unexplained === 0
      ? []
      : [`  ${count(unexplained, 'merge')} cannot be explained by what GitHub remembers`]),
    ...(complete ? [] : ['  More is left than is filled in at once: run it again.']),
    '  Not seen:',
    ...missing.map((sentence) => `  - ${terminal(sentence)}`),
  ];
}
