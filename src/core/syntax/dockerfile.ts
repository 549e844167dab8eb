import { DockerfileParser } from 'dockerfile-ast';
import type { Instruction } from 'dockerfile-ast';
import { PROBLEMS_KEPT, type SyntaxProblem } from './problem.ts';

/** `NAME=value` of ENV, ARG and LABEL; without a value for `ARG NAME`. */
export interface DockerPair {
  readonly name: string;
  readonly value?: string;
  readonly line: number;
}

export interface DockerInstruction {
  /** Upper case: `FROM`, `RUN` … */
  readonly keyword: string;
  /** Arguments with continuation lines joined, comments left out, white space collapsed; here-documents follow a space. */
  readonly text: string;
  /** The words of `text` without flags; the strings of the JSON form. */
  readonly words: readonly string[];
  /** `--name=value` before the words. */
  readonly flags: readonly { readonly name: string; readonly value: string }[];
  readonly pairs: readonly DockerPair[];
  /** 1-based, both included. */
  readonly line: number;
  readonly endLine: number;
}

export interface DockerfileReading {
  readonly instructions: readonly DockerInstruction[];
  readonly errors: readonly SyntaxProblem[];
}

/** The parser works quadratically on very long instructions; no sensible file comes near these. */
const MOST_CHARS = 200_000;
const LONGEST_INSTRUCTION = 40_000;

const KEYWORDS = new Set(
  'ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR'.split(
    ' ',
  ),
);

/** Dockerfile text → instructions with lines. Words that are no instruction are errors; the rest is kept. Never throws. */
export function parseDockerfile(text: string): DockerfileReading {
  const errors: SyntaxProblem[] = [];
  let kept = text.startsWith('\uFEFF') ? text.slice(1) : text;
  if (kept.length > MOST_CHARS) {
    kept = kept.slice(0, kept.lastIndexOf('\n', MOST_CHARS) + 1);
    errors.push({
      message: `The Dockerfile has more than ${MOST_CHARS} characters; the rest was not read`,
      line: 1,
      column: 1,
      limit: true,
    });
  }
  const shortened = withoutComments(shorten(kept, errors));
  try {
    const lines = shortened.split('\n');
    const parsed = DockerfileParser.parse(shortened).getInstructions();
    return {
      instructions: parsed.flatMap((i) => read(i, lines, errors)),
      errors: errors.slice(0, PROBLEMS_KEPT),
    };
  } catch (error) {
    // The library walks its own tree recursively; what it cannot stand is told, not thrown.
    const message = error instanceof Error ? error.message : String(error);
    errors.push({
      message: `The Dockerfile could not be parsed: ${message}`,
      line: 1,
      column: 1,
      limit: false,
    });
    return { instructions: [], errors };
  }
}

const DIRECTIVE = /^#\s{0,20}(?:escape|syntax|check)\s{0,20}=/i;

/** Blanks comment lines, which say nothing to anybody here: the parser compares every one of them with every stage. */
function withoutComments(text: string): string {
  let top = true;
  return text
    .split('\n')
    .map((line) => {
      top &&= DIRECTIVE.test(line.slice(0, 80));
      return !top && /^\s*#/.test(line.slice(0, 200)) ? '' : line;
    })
    .join('\n');
}

/** Cuts every joined run of continuation lines to a length the parser can stand, keeping the number of lines. */
function shorten(text: string, errors: SyntaxProblem[]): string {
  if (text.length <= LONGEST_INSTRUCTION) return text;
  let length = 0;
  let told = false;
  const lines = text.split('\n').map((line, i) => {
    length += line.length;
    const kept =
      length <= LONGEST_INSTRUCTION
        ? line
        : line.slice(0, Math.max(0, line.length - (length - LONGEST_INSTRUCTION)));
    if (kept !== line && !told) {
      errors.push({
        message: `An instruction has more than ${LONGEST_INSTRUCTION} characters`,
        line: i + 1,
        column: 1,
        limit: true,
      });
      told = true;
    }
    if (!/[\\`]\s?$/.test(line.slice(-3))) {
      length = 0;
      told = false;
    }
    return kept;
  });
  return lines.join('\n');
}

function read(
  instruction: Instruction,
  lines: readonly string[],
  errors: SyntaxProblem[],
): DockerInstruction[] {
  const keyword = instruction.getKeyword().toUpperCase();
  const range = instruction.getRange();
  const line = range.start.line + 1;
  const endLine = range.end.line + 1;
  if (!KEYWORDS.has(keyword)) {
    if (errors.length < PROBLEMS_KEPT)
      errors.push({
        message: `\`${keyword.slice(0, 30)}\` is not a Dockerfile instruction`,
        line,
        column: range.start.character + 1,
        limit: false,
      });
    return [];
  }
  const joined = join(lines.slice(line - 1, endLine));
  const { flags, rest } = splitFlags(joined.slice(keyword.length).trim());
  const heredoc = joined.includes('<<');
  const text = heredoc ? joined.slice(keyword.length).trim() : rest;
  return [
    {
      keyword,
      text,
      words: wordsOf(rest),
      flags,
      pairs: pairsOf(keyword, rest, lines, line, endLine),
      line,
      endLine,
    },
  ];
}

/** Lines of one instruction as one line: comment lines go, the escape at an end of line goes, white space collapses. */
function join(lines: readonly string[]): string {
  const kept = lines.filter((l, i) => i === 0 || !/^\s*#/.test(l.slice(0, 200)));
  return kept
    .map((l) => {
      const trimmed = l.trim();
      return trimmed.endsWith('\\') || trimmed.endsWith('`') ? trimmed.slice(0, -1) : trimmed;
    })
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim();
}

function splitFlags(text: string): { flags: { name: string; value: string }[]; rest: string } {
  const words = text.split(' ');
  const flags: { name: string; value: string }[] = [];
  let at = 0;
  for (; at < words.length && words[at]?.startsWith('--'); at++) {
    const word = (words[at] ?? '').slice(2);
    const equals = word.indexOf('=');
    flags.push(
      equals < 0 ? { name: word, value: '' } : { name: word.slice(0, equals), value: word.slice(equals + 1) },
    );
  }
  return { flags, rest: words.slice(at).join(' ') };
}

function wordsOf(text: string): string[] {
  if (text.startsWith('[')) {
    const strings = [...text.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((m) =>
      (m[1] ?? '').replace(/\\(.)/g, '$1'),
    );
    if (strings.length > 0) return strings;
  }
  return text.split(' ').filter((w) => w !== '');
}

function pairsOf(
  keyword: string,
  text: string,
  lines: readonly string[],
  from: number,
  to: number,
): DockerPair[] {
  if (keyword !== 'ENV' && keyword !== 'ARG' && keyword !== 'LABEL') return [];
  const words = shellWords(text);
  const first = words[0] ?? '';
  // The old form `ENV NAME the value` has no equals sign in its first word.
  const pairs =
    keyword !== 'ARG' && !first.includes('=')
      ? [{ name: first, value: text.slice(first.length).trim() }]
      : words.map((w) => {
          const equals = w.indexOf('=');
          return equals < 0 ? { name: w } : { name: w.slice(0, equals), value: w.slice(equals + 1) };
        });
  let near = from;
  return pairs
    .filter((p) => p.name !== '')
    .map((p) => {
      for (let l = near; l <= to; l++)
        if (lines[l - 1]?.includes(p.name)) {
          near = l;
          break;
        }
      return { ...p, line: near };
    });
}

/** Words as a shell splits them: quotes group and disappear. */
function shellWords(text: string): string[] {
  const words: string[] = [];
  let word = '';
  let open = false;
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const c = text.charAt(i);
    if (quote) {
      if (c === quote) quote = '';
      else if (c === '\\' && quote === '"' && i + 1 < text.length) word += text.charAt(++i);
      else word += c;
    } else if (c === '"' || c === "'") {
      quote = c;
      open = true;
    } else if (c === ' ') {
      if (word || open) words.push(word);
      word = '';
      open = false;
    } else if (c === '\\' && i + 1 < text.length) word += text.charAt(++i);
    else word += c;
  }
  if (word || open) words.push(word);
  return words;
}
