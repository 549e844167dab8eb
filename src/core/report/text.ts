import { sentence, terminal as safe } from './escape.ts';

/** Lines of plain terminal text: colour, width and indentation, with everything foreign escaped before it gets here. */

export interface Terminal {
  /** Characters per line; long lines are broken between words, never within one. */
  readonly columns: number;
  readonly colour: boolean;
}

const CODES = { red: 31, green: 32, yellow: 33, cyan: 36, dim: 2, bold: 1 } as const;
export type Style = keyof typeof CODES;

export function paint(terminal: Terminal, style: Style, text: string): string {
  return terminal.colour ? `\u001b[${CODES[style]}m${text}\u001b[0m` : text;
}

/** Text broken into lines, the first after `first`, the others after as many spaces (or `rest`). */
export function wrap(
  terminal: Terminal,
  text: string,
  first: string,
  rest = ' '.repeat(width(first)),
): string[] {
  const room = Math.max(20, terminal.columns - width(rest));
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const word of text.split(' ')) {
    const size = width(word);
    if (used > 0 && used + 1 + size > room) {
      lines.push(line);
      line = word;
      used = size;
    } else {
      line = used > 0 ? `${line} ${word}` : word;
      used += size + (used > 0 ? 1 : 0);
    }
  }
  lines.push(line);
  return lines.map((l, i) => `${i === 0 ? first : rest}${l}`);
}

/** Cells a text takes: colour codes none, East Asian wide characters two. */
export function width(text: string): number {
  let cells = 0;
  for (const c of text.replace(/\u001b\[\d+m/g, '')) cells += WIDE.test(c) ? 2 : 1;
  return cells;
}

const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\uff01-\uff60]/u;

/** One of our sentences, names coloured. */
export function prose(text: string, t: Terminal): string {
  return sentence(text, (name) => paint(t, 'cyan', safe(name)), safe);
}

export function title(text: string, t: Terminal): string {
  return paint(t, 'bold', text);
}
