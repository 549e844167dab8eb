import type { Way } from '../model/audit.ts';

/** What each way means, as people read it, in the order in which it is decided: the first one that fits. */
export const WAY_MEANINGS: readonly (readonly [way: Way, meaning: string])[] = [
  [
    'direct-push',
    'Pushed to the branch: no pull request brought it there, or its history was rewritten. Nobody judged it.',
  ],
  [
    'bypassed',
    'Merged while the check was not green; or before it had said anything, and it would not have been green; or by a merge queue although the group was not proven.',
  ],
  [
    'emergency',
    'Green because somebody who may do so called an emergency for just this content, before the merge. A review afterwards is due.',
  ],
  ['waived', 'Green with a waiver for just this content that had not run out.'],
  [
    'not-triggered',
    'Green because nothing in it was significant by the written rules, whose version is named.',
  ],
  ['observed', 'Green because the rules only observed at the time. Nothing was asked for.'],
  [
    'gated',
    'Green by the rules: the threat model covered it, and it was approved where the policy asks for that.',
  ],
  [
    'unexplained',
    'None of these follows from the records: there is no verdict, or records contradict each other. Ask.',
  ],
];
