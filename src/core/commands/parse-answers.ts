import type { AnswerKind } from '../model/approval.ts';
import { isReason } from '../policy/reasons.ts';
import { nearest } from '../values/nearest.ts';
import { readCheckbox, type Checkbox } from './checkbox.ts';
import { splitUntil } from './dates.ts';
import { ownLines } from './own-lines.ts';
import type { WrongCommand } from './parse-command.ts';

/** An answer as written, before anybody knows whose it is. */
export interface AnswerDraft {
  readonly question: string;
  readonly kind: Exclude<AnswerKind, 'considered' | 'open'>;
  readonly text: string;
  readonly owner?: string;
  readonly expires?: string;
}

/** Answers taken from one reply. */
const MOST = 50;
/** Longest answer, in characters. */
const LONGEST = 1_000;

/** `2. OBJ-I1 control: text`: the mark of a list or a number, an id, a keyword, a colon. */
const LINE =
  /^\s*(?:[-*+]\s+)?(?:(\d{1,2}[.):]?|[a-z]{2,6}-[a-z]\d{1,3}[:,]?)\s+)?([a-z][a-z/. ]{0,15}?)\s*:(?:\s+(.*))?$/i;

type Reader = (text: string) => Pick<AnswerDraft, 'kind' | 'text' | 'owner' | 'expires'> | WrongCommand;

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['control', control],
  ['ticket', ticket],
  ['n/a', notApplicable],
  ['na', notApplicable],
  ['not applicable', notApplicable],
  ['accept', accept],
]);
const WORDS = ['control', 'ticket', 'n/a', 'accept'];

/**
 * The answers in a reply to one of our comments, which asks `asked` in this order. An answer names its question by id or
 * number, unless there is only one. Lines that are no answer are somebody's conversation. Never throws.
 */
export function parseAnswers(
  body: string,
  asked: readonly string[],
): readonly (AnswerDraft | WrongCommand)[] {
  if (asked.length === 0 || !body.includes(':')) return [];
  const { lines, complete } = ownLines(body);
  if (!complete)
    return [
      wrong('The reply has more markup than could be read.', 'Write the answers in a reply of their own.'),
    ];
  return lines.flatMap((line) => parseLine(line.text, asked) ?? []).slice(0, MOST);
}

function parseLine(line: string, asked: readonly string[]): AnswerDraft | WrongCommand | undefined {
  const found = LINE.exec(line);
  if (!found) return undefined;
  const [, reference, written = '', rest = ''] = found;
  const word = written.toLowerCase();
  const read = READERS.get(word);
  if (!read) {
    const meant = nearest(word, WORDS);
    // Prose has colons too; only what comes near an answer is taken for one.
    if (!meant && !(reference && asked.includes(idOf(reference)))) return undefined;
    return wrong(
      `\`${word}\` is no kind of answer.`,
      `${meant ? `Did you mean \`${meant}: …\`? ` : ''}${FORMS}`,
    );
  }
  const question = questionOf(reference, asked);
  if (typeof question !== 'string') return question;
  const text = rest.trim();
  if (text.length > LONGEST)
    return wrong(
      `The answer to ${question} has more than ${LONGEST} characters.`,
      'Say it shorter, and link to the rest.',
    );
  const answer = read(text);
  return answer.kind === 'wrong' ? answer : { question, ...answer };
}

const FORMS =
  'Answers are `control: …`, `ticket: ABC-1`, `n/a: reason` and `accept: owner, rationale, until 2027-03-01`.';

const idOf = (reference: string): string => reference.replace(/[:,]$/, '').toUpperCase();

function questionOf(reference: string | undefined, asked: readonly string[]): string | WrongCommand {
  const [only] = asked;
  if (reference === undefined)
    return asked.length === 1 && only !== undefined
      ? only
      : wrong(
          `There are ${asked.length} questions here, and the answer does not say to which it belongs.`,
          `Begin it with the id or the number of the question: \`${only ?? ''} control: …\`.`,
        );
  const number = /^\d+/.exec(reference)?.[0];
  if (number !== undefined)
    return (
      asked[Number(number) - 1] ??
      wrong(
        `There is no question ${Number(number)} here.`,
        `Give a number from 1 to ${asked.length}, or the id of the question.`,
      )
    );
  const id = idOf(reference);
  if (asked.includes(id)) return id;
  const meant = nearest(id, asked);
  return wrong(
    `\`${id}\` is not asked here.`,
    `${meant ? `Did you mean \`${meant}\`? ` : ''}Asked here: ${asked.join(', ')}.`,
  );
}

function control(text: string): ReturnType<Reader> {
  return isReason(text)
    ? { kind: 'control', text }
    : wrong('The answer names no control.', 'Say in a few words what is in place, and where: `control: …`.');
}

function notApplicable(text: string): ReturnType<Reader> {
  return isReason(text)
    ? { kind: 'not-applicable', text }
    : wrong('The answer gives no reason.', 'Say in a few words why it does not apply: `n/a: reason`.');
}

/** A ticket has a number; trackers have no other form in common. */
function ticket(text: string): ReturnType<Reader> {
  return /^(?=\S*\d)\S{2,300}(?=\s|$)/.test(text)
    ? { kind: 'ticket', text }
    : wrong('The answer names no ticket.', 'Begin with its number or address: `ticket: ABC-1`.');
}

function accept(text: string): ReturnType<Reader> {
  const { text: said, expires, faulty } = splitUntil(text);
  const comma = said.indexOf(',');
  const owner = comma < 0 ? '' : said.slice(0, comma).trim();
  const rationale = comma < 0 ? '' : said.slice(comma + 1).trim();
  const missing = [
    ...(/^@?[\p{L}\p{N}][\p{L}\p{N} ./_@-]{1,99}$/u.test(owner) &&
    !/^(?:tbd|todo|n\/a|none|nobody)$/i.test(owner)
      ? []
      : ['an owner']),
    ...(isReason(rationale) ? [] : ['a rationale']),
    ...(expires ? [] : [faulty === undefined ? 'an end' : `a readable date (\`${faulty}\` is none)`]),
  ];
  if (missing.length > 0 || !expires)
    return wrong(
      `An accepted risk lacks ${missing.join(' and ')}.`,
      'Write `accept: owner, rationale, until 2027-03-01`.',
    );
  return { kind: 'accept', text: rationale, owner, expires };
}

function wrong(message: string, remedy: string): WrongCommand {
  return { kind: 'wrong', message, remedy };
}

export interface Tick {
  readonly question: string;
  readonly ticked: boolean;
}

/**
 * Which checkboxes somebody ticked or cleared in one of our comments. Whoever may write may have rewritten all of it, so
 * only a line counts that is in exactly our format, about a question asked there, once in both texts and, but for its
 * box, the same in both.
 */
export function readTicks(before: string, after: string, asked: readonly string[]): readonly Tick[] {
  const old = boxesOf(before);
  const now = boxesOf(after);
  return [...new Set(asked)].flatMap((question) => {
    const [was, ...others] = old.get(question) ?? [];
    const [is, ...more] = now.get(question) ?? [];
    if (!was || !is || others.length > 0 || more.length > 0) return [];
    return was.ticked === is.ticked || was.rest !== is.rest ? [] : [{ question, ticked: is.ticked }];
  });
}

/** An edit in the browser leaves CRLF behind. */
function boxesOf(body: string): ReadonlyMap<string, readonly Checkbox[]> {
  const boxes = body.split(/\r?\n/).flatMap((line) => readCheckbox(line) ?? []);
  return Map.groupBy(boxes, (box) => box.question);
}
