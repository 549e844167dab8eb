import { isReason } from '../policy/reasons.ts';
import { nearest } from '../values/nearest.ts';
import { splitUntil } from './dates.ts';
import { ownLines } from './own-lines.ts';

/**
 * What somebody asked the gate for in a comment. Texts are as written: bounded, but not escaped. `digest`: the delta digest
 * that it names, or the beginning of it, in small letters.
 */
export type Command =
  | { readonly kind: 'approve'; readonly statement?: string; readonly digest?: string }
  | { readonly kind: 'waive'; readonly reason: string; readonly expires?: string; readonly digest?: string }
  | { readonly kind: 'revoke'; readonly target?: string; readonly reason?: string }
  | {
      readonly kind: 'emergency';
      readonly incident: string;
      readonly reason: string;
      readonly digest?: string;
    }
  | { readonly kind: 'recheck' }
  | { readonly kind: 'help' }
  | WrongCommand;

/** An attempt that commands nothing, and how to say it. */
export interface WrongCommand {
  readonly kind: 'wrong';
  readonly message: string;
  readonly remedy: string;
}

/** Longest statement or reason, in characters. */
const LONGEST = 1_000;

/** Without the flag `u`, so that no letter outside ASCII counts as one inside it. */
const COMMAND = /^ {0,3}\/threatgate(?=\s|$)/i;
const PERHAPS = /^\uFEFF? {0,3}\/threatgate(?=\s|$)/im;

/**
 * The command of a comment: its first line of prose that starts with `/threatgate`. Undefined when it has none. Several
 * different commands in one comment command nothing. Never throws.
 */
export function parseCommand(body: string): Command | undefined {
  if (!PERHAPS.test(body)) return undefined;
  const { lines, complete } = ownLines(body);
  if (!complete)
    return wrong(
      'The comment has more markup than could be read, so no command in it counts.',
      'Write the command in a comment of its own.',
    );
  const commands = lines.filter((l) => COMMAND.test(l.text)).map((l) => parseLine(l.text));
  const [first] = commands;
  if (!first) return undefined;
  const said = JSON.stringify(first);
  return commands.every((c) => JSON.stringify(c) === said)
    ? first
    : wrong(
        'The comment has several commands, so none of them counts.',
        'Write one command in each comment.',
      );
}

type Reader = (rest: string) => Command;
type Waive = Extract<Command, { kind: 'waive' }>;
type Emergency = Extract<Command, { kind: 'emergency' }>;

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['approve', named((statement) => ({ kind: 'approve', ...(statement === '' ? {} : { statement }) }))],
  ['waive', named(waive)],
  ['revoke', revoke],
  ['emergency', named(emergency)],
  ['recheck', () => ({ kind: 'recheck' })],
  ['help', () => ({ kind: 'help' })],
]);
const WORDS = [...READERS.keys()];

function parseLine(line: string): Command {
  const said = line.replace(COMMAND, '').trim();
  const word = /^\S*/.exec(said)?.[0] ?? '';
  if (word === '') return { kind: 'help' };
  const rest = said.slice(word.length).trim();
  // Lower case is asked for only of letters of ASCII: others have it too.
  const read = /^[a-z]+$/i.test(word) ? READERS.get(word.toLowerCase()) : undefined;
  if (!read) {
    const meant = nearest(word, WORDS);
    return wrong(
      `There is no command \`${shorten(word)}\`.`,
      `${meant ? `Did you mean \`/threatgate ${meant}\`? ` : ''}There are: ${WORDS.join(', ')}.`,
    );
  }
  if (rest.length > LONGEST)
    return wrong(
      `The text after \`${word.toLowerCase()}\` has more than ${LONGEST} characters.`,
      'Say it shorter, and link to the rest.',
    );
  return read(rest);
}

/** Less than this could be the beginning of another digest; GitHub shows ten. */
const DIGEST = /^sha256:([0-9a-f]{10,64})(?=\s|$)/i;

/** A decision may name what it is about, before everything else: `approve sha256:93a6d749b5`. */
function named(read: (rest: string) => Exclude<Command, { kind: 'revoke' | 'recheck' | 'help' }>): Reader {
  return (said) => {
    if (!/^sha256:/i.test(said)) return read(said);
    const digest = DIGEST.exec(said)?.[1]?.toLowerCase();
    if (digest === undefined)
      return wrong(
        `\`${shorten(/^\S*/.exec(said)?.[0] ?? '')}\` is no digest.`,
        'Copy it from the summary of the check; its first ten digits are enough.',
      );
    const command = read(said.slice('sha256:'.length + digest.length).trim());
    return command.kind === 'wrong' ? command : { ...command, digest: `sha256:${digest}` };
  };
}

const WAIVE =
  'Write `/threatgate waive`, why the rule may be broken here, and best `until 2027-03-01` at the end.';

function waive(rest: string): Waive | WrongCommand {
  const { text, expires, faulty } = splitUntil(rest);
  if (faulty !== undefined)
    return wrong(`\`${shorten(faulty)}\` is no date.`, 'Write the day as `until 2027-03-01`.');
  if (!isReason(text)) return wrong('A waiver needs a reason.', WAIVE);
  return { kind: 'waive', reason: text, ...(expires ? { expires } : {}) };
}

const LOGIN = /^@([a-z\d](?:[a-z\d_-]{0,99}))(?=\s|$)/i;

/** Only `@name` names somebody: a word could be the beginning of the reason. */
function revoke(rest: string): Command {
  const target = LOGIN.exec(rest);
  if (rest.startsWith('@') && !target)
    return wrong(
      `\`${shorten(/^\S*/.exec(rest)?.[0] ?? '')}\` is no login.`,
      'Write `/threatgate revoke @login why` to take back what somebody else decided, or `/threatgate revoke` for your own.',
    );
  const reason = rest.slice(target?.[0].length ?? 0).trim();
  return {
    kind: 'revoke',
    ...(target?.[1] === undefined ? {} : { target: target[1] }),
    ...(reason === '' ? {} : { reason }),
  };
}

const EMERGENCY = 'Write `/threatgate emergency INC-7 what is broken and why it cannot wait`.';

/** An incident is a number of some kind: without a digit, the word is the beginning of the reason. */
function emergency(rest: string): Emergency | WrongCommand {
  const incident = /^\S*/.exec(rest)?.[0] ?? '';
  if (!/^(?=\D*\d)[\w#][\w.#:/?=&-]{0,199}$/.test(incident))
    return wrong('An emergency needs the number of its incident.', EMERGENCY);
  const reason = rest.slice(incident.length).trim();
  if (!isReason(reason)) return wrong('An emergency needs a reason.', EMERGENCY);
  return { kind: 'emergency', incident, reason };
}

function wrong(message: string, remedy: string): WrongCommand {
  return { kind: 'wrong', message, remedy };
}

/** A foreign word in one of our sentences, where backticks set names. */
function shorten(word: string): string {
  return word.slice(0, 60).toWellFormed().replaceAll('`', '');
}
