import type { Approvals } from '../model/approval.ts';
import type { Question } from '../model/question.ts';
import type { Conclusion, Judgement, Verdict } from '../model/verdict.ts';
import { annotationsOf, type Annotations } from './annotations.ts';
import { cutChars } from './bytes.ts';
import { renderText, type RecordReference } from './check-run-text.ts';
import { plain } from './escape.ts';
import { findJudgement } from './guide.ts';
import { renderMarkdown } from './markdown.ts';
import { count, examinedLine } from './outline.ts';
import type { Help } from './people.ts';

export interface Annotation {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly level: 'notice' | 'warning' | 'failure';
  readonly title: string;
  readonly message: string;
}

export interface Button {
  /** At most 20 characters each, the description 40. */
  readonly identifier: string;
  readonly label: string;
  readonly description: string;
}

/** A check run as it is to be shown, within GitHub's limits: summary and text at most 65,535 bytes. */
export interface CheckRunReport {
  readonly conclusion: Conclusion;
  readonly title: string;
  readonly summary: string;
  readonly text: string;
  readonly annotations: readonly Annotation[];
  readonly buttons: readonly Button[];
}

/** What a check run shows beside the verdict. */
export interface CheckRunContext {
  readonly question: (id: string) => Question | undefined;
  /** What people said so far, answers included. */
  readonly approvals?: Approvals;
  /** Logins of those who may approve, teams opened up; none where they are not known. */
  readonly eligible?: readonly string[];
  readonly record?: RecordReference;
  /** Sentences for the top of the summary: another pull request with the same commit, a waiver that does not count. */
  readonly notices?: readonly string[];
  /** For somebody who asked what they may do here. */
  readonly help?: Help;
  /** Whether buttons are offered at all: not on merge groups, which nobody looks at. */
  readonly buttons: boolean;
}

/** GitHub takes 65,535 bytes of summary and of text. */
export const MOST_BYTES = 65_000;
/** For the sentence about annotations. */
const TAIL = 200;
const TITLE_CHARS = 200;

export function renderCheckRun(verdict: Verdict, context: CheckRunContext): CheckRunReport {
  const annotations = annotationsOf(verdict);
  return {
    conclusion: verdict.conclusion,
    title: cutChars(plain(verdict.title), TITLE_CHARS),
    summary: summaryOf(verdict, context, annotations),
    text: renderText(verdict, context.record, MOST_BYTES),
    annotations: annotations.shown,
    buttons: context.buttons ? buttonsOf(verdict) : [],
  };
}

function summaryOf(verdict: Verdict, context: CheckRunContext, annotations: Annotations): string {
  const extra = (context.notices?.length ?? 0) > 0 || context.help !== undefined;
  if (!verdict.applicable && verdict.doubts.length === 0 && !extra)
    return `${examinedLine(verdict.examined)}.\n`;
  const summary = renderMarkdown(verdict, { ...context, most: MOST_BYTES - TAIL });
  if (annotations.left === 0) return summary;
  return `${summary}\n<sub>The files show the ${annotations.shown.length} most serious annotations; ${count(annotations.left, 'more is', 'more are')} left out.</sub>\n`;
}

const BUTTONS = {
  approve: {
    identifier: 'approve',
    label: 'Approve',
    description: 'The threat model covers this change',
  },
  // A waiver needs a reason, and GitHub's buttons ask nothing: pressing it waives nothing and says how to.
  waive: { identifier: 'waive', label: 'Waive', description: 'Needs a comment: /threatgate waive why' },
  recheck: { identifier: 'recheck', label: 'Recheck', description: 'Look at the pull request again' },
} as const satisfies Readonly<Record<string, Button>>;

/** Only what can change something: a doubt is excused by nobody, an approval helps only where one is waited for. */
function buttonsOf(verdict: Verdict): readonly Button[] {
  if (verdict.conclusion === 'success' && !hasState(verdict.judgement, 'pending')) return [];
  if (hasState(verdict.judgement, 'doubt')) return [BUTTONS.recheck];
  const waits = findJudgement(verdict.judgement, 'TM004')?.state === 'pending';
  const fails = hasState(verdict.judgement, 'fail');
  const blocked = verdict.conclusion !== 'success';
  return [
    ...(waits && !fails ? [BUTTONS.approve] : []),
    ...(blocked ? [BUTTONS.waive] : []),
    BUTTONS.recheck,
  ];
}

function hasState(judgement: Judgement, state: Judgement['state']): boolean {
  return judgement.children.some((j) => j.state === state);
}
