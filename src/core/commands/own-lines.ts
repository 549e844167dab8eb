import type { Paragraph, Parent, RootContent } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { guardMarkdown } from '../syntax/markdown-guard.ts';

/** A line of prose that its author meant as such. */
export interface OwnLine {
  /** The whole line as written, without its line end. */
  readonly text: string;
  /** Whether it begins with the mark of a list item. */
  readonly listed: boolean;
}

export interface OwnLines {
  readonly lines: readonly OwnLine[];
  /** False when the text is so laden with markup that it was not read as written: nothing in it may be obeyed. */
  readonly complete: boolean;
}

/** What prose may stand in: a quote, a table cell, a link or a picture is somebody else's word or is not shown. */
const CONTAINERS: ReadonlySet<string> = new Set(['root', 'list', 'listItem']);

/**
 * Lines of a comment that are prose of its author: not quoted, not in code (fenced, indented or in line), not in HTML or
 * its comments, not in the text of a link or picture. A parser decides, so that what counts is what is shown. Never throws.
 */
export function ownLines(body: string): OwnLines {
  const text = (body.startsWith('\uFEFF') ? body.slice(1) : body).replace(/\r(?!\n)/g, '\n');
  const guarded = guardMarkdown(text);
  if (guarded.problems.length > 0) return { lines: [], complete: false };
  const lines: OwnLine[] = [];
  collect(fromMarkdown(text), text, lines);
  return { lines, complete: true };
}

/** The guard bounds how deep containers nest. */
function collect(parent: Parent, text: string, lines: OwnLine[]): void {
  for (const node of parent.children as readonly RootContent[])
    if (node.type === 'paragraph') lines.push(...linesOf(node, text));
    else if (CONTAINERS.has(node.type) && 'children' in node) collect(node, text, lines);
}

function linesOf(paragraph: Paragraph, text: string): OwnLine[] {
  const prose = paragraph.children.flatMap((node) => (node.type === 'text' ? [rangeOf(node)] : []));
  const { start, end } = rangeOf(paragraph);
  const lines: OwnLine[] = [];
  let next = 0;
  let begin = text.lastIndexOf('\n', start - 1) + 1;
  while (begin < end) {
    const newline = text.indexOf('\n', begin);
    const stop = newline < 0 ? text.length : newline;
    const line = text.slice(begin, stop).replace(/\r$/, '');
    // The first line may begin with the mark of a list item; the others begin with their own text.
    const first = begin < start ? start : begin + (line.length - line.trimStart().length);
    while ((prose[next]?.end ?? Infinity) <= first) next++;
    if ((prose[next]?.start ?? Infinity) <= first)
      lines.push({ text: line, listed: text.slice(begin, first).trim() !== '' });
    begin = stop + 1;
  }
  return lines;
}

function rangeOf(node: Pick<RootContent, 'position'>): { readonly start: number; readonly end: number } {
  return { start: node.position?.start.offset ?? 0, end: node.position?.end.offset ?? 0 };
}
