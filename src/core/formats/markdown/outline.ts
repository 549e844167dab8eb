import type { Block } from '../../syntax/markdown-blocks.ts';
import { strideOf } from '../reading/stride.ts';
import type { StrideLetter } from '../../model/threat-model.ts';
import { stripNumbering, topicOf, type Topic } from './vocabulary.ts';

/** A heading with all that stands under it. The document itself is the section of depth 0. */
export interface Section {
  readonly title: string;
  readonly raw: string;
  readonly line: number;
  /** 1–6 for headings; 7 for a line that is all bold and so heads what follows. */
  readonly depth: number;
  readonly topic: Topic;
  readonly stride?: StrideLetter;
  readonly blocks: readonly Block[];
  readonly children: readonly Section[];
}

interface Draft extends Section {
  readonly blocks: Block[];
  readonly children: Draft[];
}

const BOLD_HEADING = 7;
const LONGEST_BOLD_HEADING = 100;

/** Blocks → tree of sections by heading depth. */
export function outline(blocks: readonly Block[]): Section {
  const root: Draft = { title: '', raw: '', line: 1, depth: 0, topic: 'context', blocks: [], children: [] };
  const open: Draft[] = [root];
  for (const block of blocks) {
    const section = heading(block);
    if (!section) {
      open.at(-1)?.blocks.push(block);
      continue;
    }
    while ((open.at(-1)?.depth ?? 0) >= section.depth) open.pop();
    open.at(-1)?.children.push(section);
    open.push(section);
  }
  return root;
}

function heading(block: Block): Draft | undefined {
  if (block.kind !== 'heading' && block.kind !== 'paragraph') return undefined;
  const { text, raw, lead } = block.inline;
  const title = text.replace(/\s*:$/, '');
  if (block.kind === 'paragraph') {
    const allBold =
      lead !== undefined &&
      /^(\*\*|__)[^\n]+\1\s*:?$/.test(raw.trim()) &&
      lead.replace(/\s*:$/, '') === title;
    if (!allBold || title.length > LONGEST_BOLD_HEADING) return undefined;
  }
  const stride = strideOf(stripNumbering(title));
  return {
    title,
    raw,
    line: block.line,
    depth: block.kind === 'heading' ? block.depth : BOLD_HEADING,
    topic: topicOf(title),
    ...(stride ? { stride } : {}),
    blocks: [],
    children: [],
  };
}

/** Headings proper below a section, without bold lines. */
export function subsections(section: Section): readonly Section[] {
  return section.children.filter((child) => child.depth < BOLD_HEADING);
}
