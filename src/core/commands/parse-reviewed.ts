import { isReason } from '../policy/reasons.ts';
import { ownLines } from './own-lines.ts';
import type { WrongCommand } from './parse-command.ts';

/** Somebody says on an issue that the review is held. */
export interface Reviewed {
  readonly kind: 'reviewed';
  /** What came of it, as written. */
  readonly statement: string;
  /** Who else took part: every `@login` of the statement. */
  readonly attendees: readonly string[];
}

const COMMAND = /^ {0,3}\/threatgate(?=\s|$)/i;
const REVIEWED = /^ {0,3}\/threatgate\s+reviewed(?=\s|$)/i;
const LOGIN = /(?<![\w@/])@([a-z\d][a-z\d-]{0,38})(?![\w/-])/gi;
const LONGEST = 1_000;
const MOST_ATTENDEES = 30;

/** `/threatgate reviewed <what came of it>`; undefined where there is no command. Never throws. */
export function parseReviewed(body: string): Reviewed | WrongCommand | undefined {
  if (!/\/threatgate/i.test(body)) return undefined;
  const { lines, complete } = ownLines(body);
  if (!complete) return wrong('The comment has more markup than could be read, so no command in it counts.');
  const commands = [...new Set(lines.map((line) => line.text).filter((line) => COMMAND.test(line)))];
  const [first] = commands;
  if (first === undefined) return undefined;
  if (commands.length > 1) return wrong('The comment has several commands, so none of them counts.');
  if (!REVIEWED.test(first)) return wrong('On an issue there is only the command `reviewed`.');
  const statement = first.replace(REVIEWED, '').trim();
  if (statement.length > LONGEST) return wrong(`The statement has more than ${LONGEST} characters.`);
  if (!isReason(statement)) return wrong('The command does not say what came of the review.');
  const attendees = [...statement.matchAll(LOGIN)].flatMap(([, login]) => login ?? []);
  return { kind: 'reviewed', statement, attendees: [...new Set(attendees)].slice(0, MOST_ATTENDEES) };
}

function wrong(message: string): WrongCommand {
  return {
    kind: 'wrong',
    message,
    remedy: 'Write `/threatgate reviewed`, and in a sentence what was looked at and what came of it.',
  };
}
