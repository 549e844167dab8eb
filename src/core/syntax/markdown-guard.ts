import { LIMITS } from '../limits.ts';
import { PROBLEMS_KEPT, type SyntaxProblem } from './problem.ts';

/** What no honest document needs and what makes Markdown parsers slow: their cost grows with the square of some counts. */
const BOUNDS = {
  /** Block quotes and list markers before the text of one line. */
  containers: 16,
  /** White space before the text of one line. */
  indent: 160,
  lineChars: 20_000,
  /** Emphasis marks, brackets and backticks between two places where inline text surely ends. */
  inline: 1_500,
  /** Underlines that make the line above a heading. */
  underlines: 1_000,
  /** Work of the whole text: one for a character that may be markup, three for a line, three for a list or quote mark, more for an indented one. */
  work: 80_000,
} as const;

export interface GuardedText {
  /** As long as the text or a beginning of it; what is harmful is blanked, so every offset stays true. */
  readonly text: string;
  readonly problems: readonly SyntaxProblem[];
}

/** Makes a hostile text harmless for the parser, and says where it had to. */
export function guardMarkdown(text: string): GuardedText {
  const scan = new Scan();
  const bounded = text.slice(0, LIMITS.fileChars);
  if (bounded.length < text.length) scan.problem(`More than ${LIMITS.fileChars} characters`, 1);
  const kept: string[] = [];
  for (const line of bounded.split('\n')) {
    const safe = scan.line(line);
    if (safe === undefined) break;
    kept.push(safe);
  }
  return { text: kept.join('\n'), problems: scan.problems };
}

/** Counts that run over lines; lives as long as one text. */
class Scan {
  readonly problems: SyntaxProblem[] = [];
  #line = 0;
  #work = 0;
  #inline = 0;
  #underlines = 0;

  problem(message: string, line: number): void {
    if (this.problems.length < PROBLEMS_KEPT) this.problems.push({ message, line, column: 1, limit: true });
  }

  /** The line as the parser may see it; undefined when the bound of the whole text is reached. */
  line(line: string): string | undefined {
    this.#line++;
    const containers = countContainers(line);
    const each = /^[ \t]/.test(line) ? 24 : 3;
    this.#work += 3 + each * containers + countMarks(line, MARKS);
    if (this.#work > BOUNDS.work) {
      this.problem('More markup than a document can need; the rest was left out', this.#line);
      return undefined;
    }
    if (line.length > BOUNDS.lineChars)
      return this.#blank(line, `A line of more than ${BOUNDS.lineChars} characters`);
    const prefix = /^[\s>]*/.exec(line)?.[0] ?? '';
    if (prefix.trimEnd() !== line.trimEnd() && prefix.length > BOUNDS.indent)
      return this.#blank(line, `Indented by more than ${BOUNDS.indent} characters`);
    if (containers > BOUNDS.containers)
      return this.#blank(line, `More than ${BOUNDS.containers} quote or list marks before the text`);
    if (/^[ \t>]*(=+|-+)[ \t\r]*$/.test(line) && ++this.#underlines > BOUNDS.underlines)
      return this.#blank(line, `More than ${BOUNDS.underlines} underlined headings`);
    return this.#inlineOf(line);
  }

  #inlineOf(line: string): string {
    if (/^\s*($|[#>]|[-*+] |\d+[.)] )|\|/.test(line)) this.#inline = 0;
    this.#inline += countMarks(line, INLINE);
    if (this.#inline <= BOUNDS.inline) return line;
    this.problem(
      `More than ${BOUNDS.inline} emphasis marks, brackets and backticks in one paragraph`,
      this.#line,
    );
    return line.replace(/[*_~[\]`]/g, ' ');
  }

  #blank(line: string, message: string): string {
    this.problem(message, this.#line);
    return line.replace(/[^\r]/g, ' ');
  }
}

const MARKS = new Set('|[]<>&`!*_\\');
const INLINE = new Set('*_~[]`');

function countMarks(line: string, marks: ReadonlySet<string>): number {
  let count = 0;
  for (const character of line) if (marks.has(character)) count++;
  return count;
}

/** Markers that open quotes and lists at the start of a line: `> - 1.` is three. */
function countContainers(line: string): number {
  const marker = /[ \t]*(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t]))/y;
  let count = 0;
  while (count <= BOUNDS.containers && marker.test(line)) count++;
  return count;
}
