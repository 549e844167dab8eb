import type { SyntaxProblem } from './problem.ts';

/**
 * What is known about the parser's cost before it is asked: it grows with the square of a run of white space, and with
 * every bracket and every template that is open at a time. So long runs are shortened, and piles are not parsed at all.
 */
const WHITE_SPACE = 40;
const OPEN_BRACKETS = 2_000;
const OPEN_TEMPLATES = 60;

const OPEN = { brace: 123, bracket: 91, parenthesis: 40 } as const;
const CLOSE = { brace: 125, bracket: 93, parenthesis: 41 } as const;

/** The place where open brackets or templates pile up beyond any sense; strings and comments count as well. */
export function findPile(text: string): SyntaxProblem | undefined {
  /** For every open brace whether it opens a template. */
  const braces: boolean[] = [];
  let templates = 0;
  let others = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === OPEN.brace) {
      const template = opensTemplate(text, at);
      braces.push(template);
      if (template) templates++;
    } else if (code === CLOSE.brace) {
      if (braces.pop()) templates--;
      continue;
    } else if (code === OPEN.bracket || code === OPEN.parenthesis) others++;
    else {
      if (others > 0 && (code === CLOSE.bracket || code === CLOSE.parenthesis)) others--;
      continue;
    }
    if (templates > OPEN_TEMPLATES)
      return problemAt(text, at, `More than ${OPEN_TEMPLATES} templates are open at once`);
    if (braces.length + others > OPEN_BRACKETS)
      return problemAt(text, at, `More than ${OPEN_BRACKETS} brackets are open at once`);
  }
  return undefined;
}

/** `${` and `%{`, but not their escapes `$${` and `%%{`. */
function opensTemplate(text: string, at: number): boolean {
  const mark = text.charCodeAt(at - 1);
  return (mark === 36 || mark === 37) && text.charCodeAt(at - 2) !== mark;
}

function problemAt(text: string, at: number, message: string): SyntaxProblem {
  const before = text.slice(0, at);
  return { message, line: before.split('\n').length, column: at - before.lastIndexOf('\n'), limit: true };
}

/** A text made cheap to parse, and where each of its offsets was in the original. */
export interface Squeezed {
  readonly text: string;
  readonly original: (offset: number) => number;
}

/** Shortens long runs of white space to one character and ends the last line, as heredocs need. */
export function squeeze(text: string): Squeezed {
  const ended = text.endsWith('\n') ? text : `${text}\n`;
  const clamp = (offset: number): number => Math.min(offset, text.length);
  const long = new RegExp(`\\s{${WHITE_SPACE + 1},}`, 'g');
  if (!long.test(ended)) return { text: ended, original: ended === text ? same : clamp };
  const cuts: Cut[] = [];
  let removed = 0;
  const short = ended.replace(long, (run: string, at: number) => {
    removed += run.length - 1;
    cuts.push({ from: at + run.length - removed, removed });
    return run.includes('\n') ? '\n' : ' ';
  });
  return { text: short, original: (offset) => clamp(offset + removedBefore(cuts, offset)) };
}

const same = (offset: number): number => offset;

/** From this offset of the short text on, so many characters are missing before it. */
interface Cut {
  readonly from: number;
  readonly removed: number;
}

function removedBefore(cuts: readonly Cut[], offset: number): number {
  let low = 0;
  let high = cuts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cuts[middle]?.from ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return cuts[low - 1]?.removed ?? 0;
}
