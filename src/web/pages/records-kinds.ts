import type { RecordKind } from '../../core/model/record.ts';
import type { Tone } from '../layout/badge.ts';

/** How the pages speak of each kind of record, and how it is to be taken. */
export const KIND_WORDS: Readonly<Record<RecordKind, readonly [Tone, string]>> = {
  installed: ['notice', 'App installed'],
  uninstalled: ['warning', 'App taken away'],
  evaluated: ['calm', 'Evaluated'],
  'questions-asked': ['calm', 'Questions asked'],
  answered: ['calm', 'Answered'],
  approved: ['good', 'Approved'],
  'approval-ended': ['warning', 'Approval ended'],
  waived: ['warning', 'Waived'],
  emergency: ['warning', 'Emergency'],
  'review-done': ['good', 'Review done'],
  'decision-refused': ['notice', 'Decision refused'],
  'merge-group-evaluated': ['calm', 'Merge group evaluated'],
  merged: ['calm', 'Merged'],
  closed: ['calm', 'Closed'],
  bypassed: ['bad', 'Bypassed'],
  'direct-push': ['bad', 'Direct push'],
  'policy-changed': ['notice', 'Policy changed'],
  'gate-outage': ['bad', 'Gate outage'],
  'rules-changed': ['notice', 'Branch rules changed'],
  'model-recorded': ['calm', 'Model recorded'],
  reconciled: ['calm', 'Reconciled'],
  'review-opened': ['notice', 'Review opened'],
  ticket: ['calm', 'Ticket'],
  'exception-explained': ['calm', 'Exception explained'],
  'head-published': ['calm', 'Head published'],
  'hold-placed': ['notice', 'Legal hold placed'],
  'hold-released': ['notice', 'Legal hold released'],
  rebuilt: ['warning', 'Rebuilt from GitHub'],
};
