import type { Way } from '../../core/model/audit.ts';

/** What each way means, for somebody who has not read the guide. */
export const WAY_MEANINGS: Readonly<Record<Way, string>> = {
  gated:
    'Something significant changed. The threat model covers it, and it was approved where the rules ask for that.',
  'not-triggered': 'Nothing in it was significant by the written rules, so that nothing was asked for.',
  waived: 'A named person let it through without what the rules ask for, and said why.',
  emergency: 'A named person let it through in an emergency. A review is due afterwards.',
  observed: 'The rules only observed at the time: they said what they found, and stopped nothing.',
  bypassed: 'Merged although the check was not green.',
  'direct-push': 'Came to a protected branch by no pull request into it.',
  unexplained: 'Nothing on record says why it could come in.',
};
