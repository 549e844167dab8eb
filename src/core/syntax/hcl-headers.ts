/** The first line of a block that starts at the margin. */
export interface Header {
  readonly offset: number;
  /** 1-based. */
  readonly line: number;
  readonly type: string;
  readonly labels: readonly string[];
}

const HEADER = /([A-Za-z_][\w-]*)((?:[ \t]+(?:"[^"\n]*"|[A-Za-z_][\w-]*))*)[ \t]*\{/y;
const LABEL = /"([^"\n]*)"|[A-Za-z_][\w-]*/g;
const HEREDOC = /<<-?[ \t]*([A-Za-z_][\w-]*)[ \t]*\r?$/;

/**
 * Block headers at column 0, outside heredocs and block comments. Authors and formatters keep top-level blocks there,
 * so a damaged text can be cut at these places without understanding what is broken.
 */
export function findHeaders(text: string): Header[] {
  const headers: Header[] = [];
  const lines = text.split('\n');
  const ends = heredocEnds(lines);
  let offset = 0;
  let skipTo = 0;
  let inComment = false;
  for (const [index, line] of lines.entries()) {
    if (index >= skipTo) {
      const header = inComment ? undefined : readHeader(text, offset, index + 1);
      if (header) headers.push(header);
      if (inComment) inComment = !line.includes('*/');
      else inComment = line.trimStart().startsWith('/*') && !line.includes('*/');
      const opened = HEREDOC.exec(line.slice(-200))?.[1];
      if (opened !== undefined) skipTo = nextAfter(ends.get(opened), index) ?? skipTo;
    }
    offset += line.length + 1;
  }
  return headers;
}

function readHeader(text: string, offset: number, line: number): Header | undefined {
  HEADER.lastIndex = offset;
  const found = HEADER.exec(text);
  if (!found) return undefined;
  const labels = Array.from((found[2] ?? '').matchAll(LABEL), (m) => m[1] ?? m[0]);
  return { offset, line, type: found[1] ?? '', labels };
}

/** Lines that consist of one word, by the word: where a heredoc of that name can end. */
function heredocEnds(lines: readonly string[]): Map<string, number[]> {
  const ends = new Map<string, number[]>();
  for (const [index, line] of lines.entries()) {
    const word = line.length > 200 ? '' : line.trim();
    if (!/^[A-Za-z_][\w-]*$/.test(word)) continue;
    const known = ends.get(word);
    if (known) known.push(index);
    else ends.set(word, [index]);
  }
  return ends;
}

function nextAfter(sorted: readonly number[] | undefined, index: number): number | undefined {
  if (!sorted) return undefined;
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) <= index) low = middle + 1;
    else high = middle;
  }
  return sorted[low];
}
