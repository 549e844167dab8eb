import type { Blockquote, Nodes, PhrasingContent, RootContent, Table } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmTableFromMarkdown } from 'mdast-util-gfm-table';
import { gfmTable } from 'micromark-extension-gfm-table';
import { LIMITS } from '../limits.ts';
import { readHtmlTables } from './html-table.ts';
import type { Block, Inline, MarkdownTable } from './markdown-blocks.ts';
import { guardMarkdown } from './markdown-guard.ts';
import type { SyntaxProblem } from './problem.ts';

export interface MarkdownReading {
  /** YAML between `---` lines at the very top, if any; it starts on line 2. */
  readonly frontMatter?: string;
  /** Quotes are opened: their blocks stand in line with the others. */
  readonly blocks: readonly Block[];
  readonly errors: readonly SyntaxProblem[];
}

/** Markdown with GitHub's tables → blocks with lines. Bounded; never throws. */
export function parseMarkdown(source: string): MarkdownReading {
  const text = (source.startsWith('\uFEFF') ? source.slice(1) : source).replace(/\r(?!\n)/g, '\n');
  const guarded = guardMarkdown(text);
  const front = /^---[ \t]*\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n|$)/.exec(
    guarded.text.slice(0, FRONT_MATTER_CHARS),
  );
  const masked = front ? blankLines(front[0]) + guarded.text.slice(front[0].length) : guarded.text;
  const tree = fromMarkdown(masked, { extensions: [gfmTable()], mdastExtensions: [gfmTableFromMarkdown()] });
  const blocks = tree.children.flatMap((node) => readBlock(node, text, 0));
  return { ...(front?.[1] === undefined ? {} : { frontMatter: front[1] }), blocks, errors: guarded.problems };
}

const FRONT_MATTER_CHARS = 20_000;

function blankLines(text: string): string {
  return text.replace(/[^\r\n]/g, ' ');
}

function readBlock(node: RootContent, source: string, depth: number): readonly Block[] {
  if (depth > LIMITS.depth) return [];
  const line = node.position?.start.line ?? 1;
  switch (node.type) {
    case 'heading':
      return [{ kind: 'heading', depth: node.depth, inline: readInline(node, source), line }];
    case 'paragraph':
      return [{ kind: 'paragraph', inline: readInline(node, source), line }];
    case 'list':
      return [{ kind: 'list', items: node.children.map((item) => readAll(item, source, depth)), line }];
    case 'blockquote':
      return readAll(node, source, depth);
    case 'code':
      return [{ kind: 'code', language: (node.lang ?? '').toLowerCase(), text: node.value, line: line + 1 }];
    case 'table':
      return [readTable(node, source, line)];
    case 'html':
      return readHtmlTables(node.value, line);
    default:
      return [];
  }
}

function readAll(
  parent: Blockquote | { readonly children: readonly RootContent[] },
  source: string,
  depth: number,
) {
  return parent.children.flatMap((node) => readBlock(node, source, depth + 1));
}

function readTable(node: Table, source: string, line: number): MarkdownTable {
  const [header, ...rows] = node.children.map((row) =>
    row.children.map((cell) => withoutPipes(readInline(cell, source))),
  );
  return { kind: 'table', header: header ?? [], rows, line };
}

/** The source of a cell begins with the pipe before it, and that of the last one ends with the pipe after it. */
function withoutPipes(cell: Inline): Inline {
  const raw = cell.raw.trim();
  const from = raw.startsWith('|') ? 1 : 0;
  const to = raw.length > from && raw.endsWith('|') && !raw.endsWith('\\|') ? raw.length - 1 : raw.length;
  return { ...cell, raw: raw.slice(from, to).trim() };
}

type Parent = { readonly children: readonly PhrasingContent[]; readonly position?: Nodes['position'] };

function readInline(node: Parent, source: string): Inline {
  const first = node.children.find((child) => child.type !== 'text' || child.value.trim() !== '');
  const leads = first && LEADS.has(first.type) ? plain(first, 0).trim() : '';
  return {
    text: tidy(node.children.map((child) => plain(child, 0)).join('')),
    raw: source.slice(node.position?.start.offset ?? 0, node.position?.end.offset ?? 0),
    ...(leads ? { lead: leads, strong: first?.type === 'strong' } : {}),
    line: node.position?.start.line ?? 1,
  };
}

const LEADS = new Set(['strong', 'emphasis', 'inlineCode', 'link']);

function tidy(text: string): string {
  return text
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .trim();
}

function plain(node: PhrasingContent, depth: number): string {
  if (depth > LIMITS.depth) return '';
  switch (node.type) {
    case 'text':
      // A line end in the source is only a space to the reader.
      return node.value.replace(/\r?\n/g, ' ');
    case 'inlineCode':
      return node.value;
    case 'break':
      return '\n';
    case 'html':
      return /^<br\s*\/?>/i.test(node.value) ? '\n' : '';
    case 'image':
      return node.alt ?? '';
    case 'link':
    case 'strong':
    case 'emphasis':
    case 'linkReference':
    case 'delete':
      return node.children.map((child) => plain(child, depth + 1)).join('');
    default:
      return '';
  }
}
