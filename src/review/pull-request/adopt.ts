import { markerOf } from '../../core/report/review.ts';
import type { OwnComment } from '../hosting.ts';
import type { CommentRow, WaitingSignal } from '../store.ts';

/**
 * Rows whose comment we do not know the id of, matched with comments that are certainly ours: a review is posted without
 * asking what became of it, and the state of the next look tells. Somebody may have rewritten a comment by then; what it
 * was before they did is in the delivery that told of it.
 */
export function adopt(
  rows: readonly CommentRow[],
  own: readonly OwnComment[],
  signals: readonly WaitingSignal[],
): readonly CommentRow[] {
  const taken = new Set(rows.map((row) => row.comment));
  const free = own.filter((c) => !taken.has(c.id)).map((c) => ({ id: c.id, text: textBefore(c, signals) }));
  return rows.map((row) => {
    if (row.comment !== undefined || row.intent === undefined) return row;
    const found = free.find((c) => c.text.includes(markerOf(row.component)));
    return found ? { ...row, comment: found.id } : row;
  });
}

function textBefore({ id, body }: OwnComment, signals: readonly WaitingSignal[]): string {
  for (const { signal } of signals)
    if (signal.kind === 'ticked' && signal.comment === id) return signal.before;
  return body;
}
