import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { indexAnswers, isAnswered } from '../approval/answers.ts';
import { writeCheckbox } from '../commands/checkbox.ts';
import type { Approvals } from '../model/approval.ts';
import type { AskedQuestion, Question } from '../model/question.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Anchor } from './anchors.ts';
import { byteLength, cutChars } from './bytes.ts';
import { code, markdown } from './escape.ts';
import { prose } from './markdown-parts.ts';
import { count, questionGroups, type QuestionGroup } from './outline.ts';
import { answerLines } from './people.ts';

/** One comment of a review: the questions about one component. */
export interface CommentDraft {
  /** Component: digest of scope and address; how the comment is found again. */
  readonly component: string;
  readonly path: string;
  /** Line at head, inside the diff. */
  readonly line: number;
  readonly body: string;
}

/** One batched review: GitHub takes all of it or nothing. */
export interface ReviewDraft {
  readonly body: string;
  readonly comments: readonly CommentDraft[];
}

export interface ReviewContext {
  readonly question: (id: string) => Question | undefined;
  /** Answers so far are shown below their questions. */
  readonly approvals?: Approvals;
  /** Lines that are certainly inside the diff: `Analysis.anchors`. */
  readonly anchors: readonly Anchor[];
  /** False where nobody would see a tick: then there are no boxes, and replies are asked for. Default true. */
  readonly ticks?: boolean;
  /** Components of which a comment is known to stand already. They keep it, whatever else there is to ask. */
  readonly posted?: ReadonlySet<string>;
}

export interface Review {
  /** Comments that stand already come first-hand again, so that they can be brought up to date; absent when there is nothing to say. */
  readonly review?: ReviewDraft;
  /** Questions that only the summary asks: no line of theirs is surely in the diff, or there are too many comments. */
  readonly unanchored: readonly AskedQuestion[];
}

/** More open comments than this, and GitHub answers with errors, and people not at all. */
const MOST_COMMENTS = 30;
const MOST_BYTES = 60_000;

/** Names a component for ever: the first half of a digest of its scope and address. */
export function componentOf({
  scope,
  address,
}: {
  readonly scope: string;
  readonly address: string;
}): string {
  return bytesToHex(sha256(utf8ToBytes(`${scope}\0${address}`.toWellFormed()))).slice(0, 16);
}

/** Finds a comment again among those that are certainly ours; nobody sees it. */
export const markerOf = (component: string): string => `<!-- threatgate component=${component} -->`;

/** The questions as one batched review: a comment per component, the most serious first when there are too many. */
export function renderReview(verdict: Verdict, context: ReviewContext): Review {
  const placed = questionGroups(verdict.questions).map((group) => ({
    group,
    component: componentOf(group),
    at: anchorOf(group, context.anchors),
  }));
  const isPosted = (component: string): boolean => context.posted?.has(component) ?? false;
  const fresh = placed
    .filter((p) => p.at && !isPosted(p.component))
    .sort((a, b) => gravity(a.group, context) - gravity(b.group, context))
    .slice(0, Math.max(0, MOST_COMMENTS - placed.filter((p) => isPosted(p.component)).length));
  const chosen = new Set(fresh);
  const comments = placed.flatMap((p): CommentDraft[] => {
    const [first] = p.group.questions;
    if (!first || !(chosen.has(p) || isPosted(p.component))) return [];
    const body = renderComment(p.group, context, statementsOf(p.group, verdict));
    return [{ component: p.component, path: p.at?.file ?? first.file, line: p.at?.at ?? first.line, body }];
  });
  const said = new Set(comments.map((c) => c.component));
  const unanchored = placed.flatMap((p) => (said.has(p.component) ? [] : p.group.questions));
  if (comments.length === 0) return { unanchored };
  return { review: { body: bodyOf(fresh.map((p) => p.group)), comments }, unanchored };
}

function bodyOf(groups: readonly QuestionGroup[]): string {
  const questions = groups.reduce((n, g) => n + g.questions.length, 0);
  return `This change touches the architecture: ${count(questions, 'question')} about ${count(groups.length, 'component')}, each on its line. The check “Threatgate” says what else is needed.`;
}

/** The first question, in the order of their rank, that has a place in the diff. */
function anchorOf(group: QuestionGroup, anchors: readonly Anchor[]): Anchor | undefined {
  for (const q of group.questions) {
    const found = anchors.find((a) => a.file === q.file && a.line === q.line);
    if (found) return found;
  }
  return undefined;
}

const SEVERITY: readonly string[] = ['critical', 'high', 'medium', 'low'];

function gravity(group: QuestionGroup, context: ReviewContext): number {
  const ranks = group.questions.map((q) => SEVERITY.indexOf(context.question(q.id)?.severity ?? 'low'));
  return Math.min(SEVERITY.length, ...ranks);
}

function statementsOf(group: QuestionGroup, verdict: Verdict): readonly string[] {
  const because = new Set(group.questions.flatMap((q) => q.because));
  return verdict.facts.filter((f) => because.has(f.id)).map((f) => f.statement);
}

type CommentContext = Pick<ReviewContext, 'question' | 'approvals' | 'ticks'>;

/** How much of a comment is shown; tried one after the other until it is short enough. */
const DETAILS = [
  { ask: true, why: true, answers: 5, chars: 1_000 },
  { ask: true, why: true, answers: 3, chars: 300 },
  { ask: true, why: false, answers: 1, chars: 150 },
  { ask: false, why: false, answers: 0, chars: 0 },
] as const;

/** The comment of one component. `statements`: the facts behind the questions. Its checkboxes are what `readTicks` reads. */
export function renderComment(
  group: QuestionGroup,
  context: CommentContext,
  statements: readonly string[] = [],
): string {
  let body = '';
  for (const detail of DETAILS) {
    body = [
      `**${count(group.questions.length, 'question')} about ${code(cutChars(group.address, 300))}**`,
      ...because(statements),
      '',
      ...group.questions.flatMap((q, i) => questionLines(q, i, context, detail)),
      '',
      howToAnswer(group.questions, context.ticks ?? true),
      markerOf(componentOf(group)),
      '',
    ].join('\n');
    if (byteLength(body) <= MOST_BYTES) break;
  }
  return body;
}

function because(statements: readonly string[]): readonly string[] {
  const shown = statements.slice(0, 3).map((s) => prose(cutChars(s, 300)));
  const more = statements.length - shown.length;
  if (shown.length === 0) return [];
  return ['', `Because of: ${shown.join('; ')}${more > 0 ? `; and ${more} more` : ''}.`];
}

function questionLines(
  asked: AskedQuestion,
  i: number,
  context: CommentContext,
  detail: (typeof DETAILS)[number],
): string[] {
  const question = context.question(asked.id);
  const answers = indexAnswers(context.approvals?.answers)(asked);
  const why = detail.why && question ? ` <sub>${question.severity}. ${markdown(question.why)}</sub>` : '';
  const text = detail.ask && question ? `${markdown(question.ask)}${why}` : '';
  return [
    context.ticks === false
      ? `- **${i + 1}. ${asked.id}** ${text}`
      : writeCheckbox(i + 1, asked.id, isAnswered(answers), text),
    ...(detail.answers > 0 ? answerLines(answers, detail.answers, detail.chars) : []),
  ];
}

function howToAnswer(questions: readonly AskedQuestion[], ticks: boolean): string {
  const [first] = questions;
  const name = questions.length > 1 ? `${first?.id ?? '1'} ` : '';
  return `<sub>${ticks ? 'Tick what was thought through, or reply' : 'Reply'} with \`${name}control: …\`, \`${name}ticket: ABC-1\`, \`${name}n/a: reason\` or \`${name}accept: owner, rationale, until 2027-03-01\`, one a line.</sub>`;
}

/** What takes the place of the questions about a component that the change no longer touches. No box is left to tick. */
export function renderResolvedComment(
  component: string,
  group?: QuestionGroup,
  context?: CommentContext,
): string {
  const asked = group && context ? struck(group, context) : [];
  const about = group ? ` about ${code(cutChars(group.address, 300))}` : '';
  return [
    `The questions${about} that stood here are no longer asked: the change does not touch this any more, or another comment asks them. Answers that were given stay on record.`,
    ...asked,
    markerOf(component),
    '',
  ].join('\n');
}

function struck(group: QuestionGroup, context: CommentContext): readonly string[] {
  const lines = group.questions.map((q) => {
    const question = context.question(q.id);
    return `- ~~${markdown(q.id)}${question ? `: ${markdown(question.ask)}` : ''}~~`;
  });
  return [
    '',
    `<details><summary>${count(group.questions.length, 'question')} that stood here</summary>`,
    '',
    ...lines,
    '',
    '</details>',
  ];
}
