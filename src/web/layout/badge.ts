import type { Way } from '../../core/model/audit.ts';
import type { JudgementState } from '../../core/model/verdict.ts';
import { html, type SafeHtml } from './html.ts';

/** How something is to be taken. Each has a mark of its own, so that nobody needs the colour. */
export type Tone = 'good' | 'calm' | 'notice' | 'warning' | 'bad';

const MARKS: Readonly<Record<Tone, string>> = { good: '✓', calm: '–', notice: '○', warning: '▲', bad: '✕' };

export const badge = (tone: Tone, text: string): SafeHtml =>
  html`<span class="badge ${tone}"
    ><span aria-hidden="true">${MARKS[tone]}</span> ${text.slice(0, 80)}</span
  >`;

/** How the pages speak of the ways, and how each is to be taken. */
export const WAY_WORDS: Readonly<Record<Way, readonly [Tone, string]>> = {
  gated: ['good', 'Gated'],
  'not-triggered': ['calm', 'Not triggered'],
  waived: ['warning', 'Waived'],
  emergency: ['warning', 'Emergency'],
  observed: ['notice', 'Observed'],
  bypassed: ['bad', 'Bypassed'],
  'direct-push': ['bad', 'Direct push'],
  unexplained: ['bad', 'Unexplained'],
};

export const wayBadge = (way: Way): SafeHtml => badge(...WAY_WORDS[way]);

const STATES: Readonly<Record<JudgementState, readonly [Tone, string]>> = {
  pass: ['good', 'Pass'],
  fail: ['bad', 'Fail'],
  pending: ['warning', 'Waits on people'],
  doubt: ['bad', 'Doubt'],
  info: ['notice', 'Information'],
  'not-applicable': ['calm', 'Not applicable'],
};

export const stateBadge = (state: JudgementState): SafeHtml => badge(...STATES[state]);

/** `success`, `action_required`, `failure`; anything else as it is on record. */
export function conclusionBadge(conclusion: string): SafeHtml {
  switch (conclusion) {
    case 'success':
      return badge('good', 'Success');
    case 'action_required':
      return badge('warning', 'Action required');
    case 'failure':
      return badge('bad', 'Failure');
    default:
      return badge('notice', conclusion);
  }
}
