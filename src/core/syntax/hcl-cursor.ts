import type { TreeCursor } from 'web-tree-sitter';
import { LIMITS } from '../limits.ts';
import type { HclOpaque } from './hcl-tree.ts';
import { indexLines } from './lines.ts';
import type { SyntaxProblem } from './problem.ts';

/**
 * A walk over one parsed text. Every question to the cursor crosses into WebAssembly, so the walk asks for as little
 * as it can: what the text itself tells is read from the text.
 */
export interface Walk {
  readonly text: string;
  readonly cursor: TreeCursor;
  /** Offset in `text` of an offset in what was parsed. */
  readonly original: (offset: number) => number;
  /** 1-based line of an offset; cheap as long as offsets come roughly in order. */
  readonly lineOf: (offset: number) => number;
  readonly bounds: Bounds;
  depth: number;
}

/** What one file may still cost; shared by the pieces of a damaged file. */
export interface Bounds {
  nodesLeft: number;
  readonly problems: SyntaxProblem[];
}

export function startWalk(text: string, tree: ParsedText, shift: number, bounds: Bounds): Walk {
  return { text, ...tree, lineOf: countLines(text, shift), bounds, depth: 0 };
}

export type ParsedText = Pick<Walk, 'cursor' | 'original'>;

/** Where the node under the cursor starts and ends in the text. */
export const startOf = (walk: Walk): number => walk.original(walk.cursor.startIndex);
export const endOf = (walk: Walk): number => walk.original(walk.cursor.endIndex);
export const slice = (walk: Walk): string => walk.text.slice(startOf(walk), endOf(walk));

function countLines(text: string, shift: number): (offset: number) => number {
  const { starts } = indexLines(text);
  let at = 0;
  return (offset) => {
    while (at + 1 < starts.length && (starts[at + 1] ?? 0) <= offset) at++;
    while (at > 0 && (starts[at] ?? 0) > offset) at--;
    return at + 1 + shift;
  };
}

/** Visits the children of the node under the cursor, which afterwards stands where it stood. */
export function eachChild(walk: Walk, visit: (type: string) => void): void {
  const { cursor, bounds } = walk;
  if (!cursor.gotoFirstChild()) return;
  do {
    if (--bounds.nodesLeft < 0) {
      if (bounds.nodesLeft === -1)
        noteLimit(walk, `More than ${LIMITS.nodes} syntax nodes; the rest was not read`);
      break;
    }
    visit(cursor.nodeType);
  } while (cursor.gotoNextSibling());
  cursor.gotoParent();
}

/** Runs one level deeper, or gives the stand-in when that would be too deep. */
export function descend<T>(walk: Walk, read: () => T, tooDeep: () => T): T {
  if (walk.depth >= LIMITS.depth) {
    if (!walk.bounds.problems.some((p) => p.limit))
      noteLimit(walk, `Nested deeper than ${LIMITS.depth} levels`);
    return tooDeep();
  }
  walk.depth++;
  const result = read();
  walk.depth--;
  return result;
}

function noteLimit(walk: Walk, message: string): void {
  const offset = startOf(walk);
  const column = offset - (walk.text.lastIndexOf('\n', offset - 1) + 1) + 1;
  walk.bounds.problems.push({ message, line: walk.lineOf(offset), column, limit: true });
}

/** What cannot be taken apart, as its text. */
export function opaque(text: string, line: number): HclOpaque {
  return { kind: 'opaque', text: text.replace(/\s+/g, ' ').trim(), line };
}
