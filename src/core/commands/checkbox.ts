/**
 * The one line of our comments that is read again: the checkbox of a question. Written and read here, so that the two
 * cannot drift apart.
 */
const LINE = /^- \[([ xX])\] \*\*\d{1,2}\. ([A-Z]{2,6}-[A-Z]\d{1,3})\*\* /;

export interface Checkbox {
  readonly question: string;
  readonly ticked: boolean;
  /** The rest of the line, which a tick leaves as it is. */
  readonly rest: string;
}

/** `position` counts from 1; `text` is Markdown of one line. */
export function writeCheckbox(position: number, question: string, ticked: boolean, text: string): string {
  return `- [${ticked ? 'x' : ' '}] **${position}. ${question}** ${text}`;
}

/** Exactly our format, or nothing. */
export function readCheckbox(line: string): Checkbox | undefined {
  const found = LINE.exec(line);
  const question = found?.[2];
  if (!found || question === undefined) return undefined;
  return { question, ticked: found[1] !== ' ', rest: line.slice(found[0].length) };
}
