import { indexAnswers, isAnswered } from '../approval/answers.ts';
import type { Answer, Approval, Approvals } from '../model/approval.ts';
import type { Question } from '../model/question.ts';
import type { Verdict } from '../model/verdict.ts';
import { cutChars } from './bytes.ts';
import { code, markdown } from './escape.ts';
import { day, moment, person, prose, some } from './markdown-parts.ts';
import type { Outline } from './outline.ts';

/** What one person may do on this pull request. */
export interface Help {
  readonly login: string;
  readonly lines: readonly {
    /** As it is written: `/threatgate approve`. */
    readonly command: string;
    readonly may: boolean;
    /** What it does, or why they may not. */
    readonly why: string;
  }[];
}

export function noticeLines(notices: readonly string[], most: number): string {
  const lines = notices.slice(0, most).map((n) => `> ${prose(n)}`);
  const left = notices.length - lines.length;
  return [...lines, ...(left > 0 ? [`> … and ${left} more, on record.`] : [])].join('\n>\n');
}

export function helpSection({ login, lines }: Help): string {
  return [
    `### What ${person(login)} may do here`,
    '',
    ...lines.map((l) => `- ${l.may ? '✅' : '⛔'} ${code(l.command)}: ${prose(l.why)}`),
  ].join('\n');
}

/** Who and what is waited for: by name where the names are known. */
export function waitingSection(outline: Outline, eligible: readonly string[], most: number): string {
  if (outline.waiting.length === 0) return '';
  return [
    '### Waiting',
    '',
    ...outline.waiting.flatMap((j) => [
      `- ${prose(j.reason)}${j.remedy ? ` ${prose(j.remedy)}` : ''}`,
      ...(j.id === 'TM004' && eligible.length > 0 ? [whoMay(eligible, most)] : []),
      ...j.children.map((c) => `  - ${prose(c.title)}: ${prose(c.reason)}`),
    ]),
  ].join('\n');
}

function whoMay(eligible: readonly string[], most: number): string {
  const left = eligible.length - most;
  const names = eligible.slice(0, most).map(person).join(', ');
  return `  - May approve: ${names}${left > 0 ? ` and ${left} more` : ''}.`;
}

/** What was decided, where the judgement does not tell already why it waits in spite of it. */
export function decisionsSection(
  verdict: Verdict,
  outline: Outline,
  approvals: Approvals | undefined,
  most: number,
): string {
  const entries = approvals?.entries ?? [];
  if (entries.length === 0 || outline.waiting.some((j) => j.id === 'TM004')) return '';
  return [
    '### Decisions so far',
    '',
    ...some(entries.toReversed(), most, (e) => `- ${decision(e, verdict.digest)}`, 'on record'),
  ].join('\n');
}

function decision(e: Approval, digest: string): string {
  const role = e.role ? ` (${markdown(e.role)})` : '';
  const said = `${person(e.actor.login)}${role} ${DID[e.kind](e)}, ${moment(e.at)}`;
  if (!e.eligible) return `${said}. Does not count: ${prose(e.reason ?? 'not eligible')}`;
  const reason = e.reason ? `: ${markdown(e.reason)}` : '';
  return `${said}${e.digest === digest || e.kind === 'revoke' ? '' : ', for other content'}${reason}`;
}

const DID: Readonly<Record<Approval['kind'], (e: Approval) => string>> = {
  approve: () => 'approved',
  waive: (e) => `waived the rules${e.expires ? ` until ${day(e.expires)}` : ''}`,
  emergency: (e) => `let it through as an emergency${e.incident ? ` (${code(e.incident)})` : ''}`,
  revoke: (e) =>
    e.target && e.target.id !== e.actor.id
      ? `took back what ${person(e.target.login)} decided`
      : 'took back their own decision',
};

/** Answers shown below one question; the record has all of them. */
const ANSWERS = 5;

export function questionsSection(
  outline: Outline,
  options: { readonly question: (id: string) => Question | undefined; readonly approvals?: Approvals },
  most: number,
): string {
  if (outline.questions.length === 0) return '';
  const answersTo = indexAnswers(options.approvals?.answers);
  const groups = outline.questions.flatMap((group) => [
    '',
    `**${code(group.address)}**`,
    '',
    ...some(group.questions, most, (asked) => {
      const answers = answersTo(asked);
      const line = `- [${isAnswered(answers) ? 'x' : ' '}] ${questionText(asked.id, options.question)}`;
      return [line, ...answerLines(answers, Math.min(most, ANSWERS))].join('\n');
    }),
  ]);
  return ['### Questions to think through', ...groups].join('\n');
}

function questionText(id: string, lookUp: (id: string) => Question | undefined): string {
  const question = lookUp(id);
  if (!question) return code(id);
  return `${markdown(question.ask)} <sub>${markdown(question.id)}, ${question.severity}. ${markdown(question.why)}</sub>`;
}

/** The latest answers to a question, oldest first, as a list inside its list item. */
export function answerLines(answers: readonly Answer[], most: number, chars = Infinity): string[] {
  const shown = answers.slice(-most);
  const left = answers.length - shown.length;
  return [
    ...(left > 0 ? [`  - ${left} earlier`] : []),
    ...shown.map((a) => `  - ${person(a.actor.login)}, ${moment(a.at)}: ${answerText(a, chars)}`),
  ];
}

function answerText(a: Answer, chars: number): string {
  const text = markdown(cutChars(a.text, chars));
  switch (a.kind) {
    case 'considered':
      return 'thought through';
    case 'open':
      return 'open again';
    case 'control':
      return `control: ${text}`;
    case 'ticket':
      return `ticket: ${text}`;
    case 'not-applicable':
      return `does not apply: ${text}`;
    case 'accept':
      return `risk accepted, owner ${markdown(a.owner ?? 'not named')}${a.expires ? `, until ${day(a.expires)}` : ''}: ${text}`;
  }
}
