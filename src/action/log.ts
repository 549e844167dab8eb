import { error, notice, warning, type AnnotationProperties } from '@actions/core';
import { annotationsOf } from '../core/report/annotations.ts';
import { cutChars } from '../core/report/bytes.ts';
import type { Annotation } from '../core/report/check-run.ts';
import { plain, terminal } from '../core/report/escape.ts';
import type { Verdict } from '../core/model/verdict.ts';

/** The runner shows ten of each kind a step, and 4,096 characters of each. One error is kept for how the run ends. */
const MOST = { failure: 9, warning: 10, notice: 10 } as const;
const MOST_CHARS = 4_000;

const COMMANDS = { failure: error, warning, notice } as const;

/** Text that was escaped for build logs already. The runner obeys lines that begin with `::`; none of ours does. */
export function print(text: string): void {
  const lines = text.split('\n').map((line) => (/^\s*::/.test(line) ? `· ${line}` : line));
  process.stdout.write(`${lines.join('\n').replaceAll('##[', '#·[')}\n`);
}

/** A sentence that may hold foreign names. */
export const say = (sentence: string): void => print(terminal(sentence));

/** Annotations on the lines, the worst first. Returns how many there was no room for. */
export function annotate(verdict: Verdict): number {
  const { shown, left } = annotationsOf(verdict);
  const room: Record<Annotation['level'], number> = { ...MOST };
  let unshown = left;
  for (const a of shown) {
    if (room[a.level]-- > 0) command(a);
    else unshown++;
  }
  return unshown;
}

function command({ level, path, startLine, endLine, title, message }: Annotation): void {
  const properties: AnnotationProperties = { file: path, startLine, endLine, title };
  COMMANDS[level](cutChars(message, MOST_CHARS), properties);
}

/** What went wrong or is missing, as one annotation of the run. */
export function complain(level: 'failure' | 'warning' | 'notice', message: string): void {
  COMMANDS[level](cutChars(plain(message), MOST_CHARS), { title: 'Threatgate' });
}
