import type { ChangedFile } from '../model/change.ts';
import type { AskedQuestion } from '../model/question.ts';

/** Lines of unchanged context around every change of a diff, as GitHub shows it. */
const CONTEXT = 3;
/** How far from the wanted line a comment may stand and still be read as being about it. */
const NEAR = 10;

/** Where a comment about a line can stand. */
export interface Anchor {
  readonly file: string;
  /** The line that it is about. */
  readonly line: number;
  /** The line at head where it stands: certainly inside the diff. */
  readonly at: number;
}

/**
 * The line at head where a comment about `wanted` can stand. GitHub refuses a whole review when one of its lines is not in
 * the diff, and which of several equally short diffs it makes is not ours to know. So only what holds in every diff counts:
 * a line whose text the base does not have was added, and three lines around it are shown. `base`: text at the merge base;
 * of a new file undefined, or the texts of the files that it may have been renamed from. Takes time linear in the texts.
 */
export function anchorIn(
  base: string | undefined,
  head: string,
  wanted: number,
  range?: { readonly start: number; readonly end: number },
): number | undefined {
  if (isBinary(head) || (base !== undefined && isBinary(base))) return undefined;
  return nearestShown(
    shownLines(base === undefined ? undefined : linesOf(base), linesOf(head)),
    wanted,
    range,
  );
}

/** Anchors of the questions that have one. A new file may be a renamed one, and then only its new lines are in the diff. */
export function anchorQuestions(
  questions: readonly AskedQuestion[],
  files: readonly ChangedFile[],
): readonly Anchor[] {
  const wanted = Map.groupBy(questions, (q) => q.file);
  const removed = files.flatMap((f) =>
    f.status === 'removed' && f.base?.kind === 'text' ? [f.base.text] : [],
  );
  const sources = removed.length > 0 ? removed.flatMap(linesOf) : undefined;
  return files.flatMap((file) => {
    const about = wanted.get(file.path);
    const { base, head, status } = file;
    if (!about || head?.kind !== 'text' || isBinary(head.text)) return [];
    if (status !== 'added' && (base?.kind !== 'text' || isBinary(base.text))) return [];
    const before = base?.kind === 'text' ? linesOf(base.text) : sources;
    const shown = shownLines(before, linesOf(head.text));
    return [...new Set(about.map((q) => q.line))].flatMap((line) => {
      const at = nearestShown(shown, line);
      return at === undefined ? [] : [{ file: file.path, line, at }];
    });
  });
}

/** Git looks for a NUL in the first bytes to tell binary files, which have no lines. */
const isBinary = (text: string): boolean => text.slice(0, 8_000).includes('\0');

/** Lines as git has them: ended by a line feed only. A carriage return is part of its line. */
function linesOf(text: string): readonly string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** For every line at head, from index 0 for line 1, whether it is in every diff. */
function shownLines(base: readonly string[] | undefined, head: readonly string[]): readonly boolean[] {
  if (base === undefined) return head.map(() => true);
  const known = new Set(base);
  const shown = head.map(() => false);
  head.forEach((line, i) => {
    if (!known.has(line)) shown.fill(true, Math.max(0, i - CONTEXT), i + CONTEXT + 1);
  });
  return shown;
}

function nearestShown(
  shown: readonly boolean[],
  wanted: number,
  range?: { readonly start: number; readonly end: number },
): number | undefined {
  if (!Number.isSafeInteger(wanted)) return undefined;
  const first = Math.max(1, Math.min(wanted - NEAR, range?.start ?? wanted));
  const last = Math.min(shown.length, Math.max(wanted + NEAR, range?.end ?? wanted));
  let best: number | undefined;
  for (let line = first; line <= last; line++)
    if (shown[line - 1] === true && (best === undefined || Math.abs(line - wanted) < Math.abs(best - wanted)))
      best = line;
  return best;
}
