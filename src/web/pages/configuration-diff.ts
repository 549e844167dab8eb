/** A line of two texts beside one another: what both have, what only one of them has. */
export interface DiffLine {
  readonly kind: 'same' | 'removed' | 'added';
  readonly text: string;
}

/** Cells of the table that is filled in: texts that need more are told as removed and added as a whole. */
const MOST_CELLS = 4_000_000;
const CONTEXT = 3;

/** The fewest lines that turn one text into the other, in order. */
export function diffOf(before: string, after: string): readonly DiffLine[] {
  const [old, now] = [linesOf(before), linesOf(after)];
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head++;
  let tail = 0;
  while (tail < old.length - head && tail < now.length - head && old.at(-1 - tail) === now.at(-1 - tail))
    tail++;
  return [
    ...told('same', old.slice(0, head)),
    ...between(old.slice(head, old.length - tail), now.slice(head, now.length - tail)),
    ...told('same', old.slice(old.length - tail)),
  ];
}

/** Without what is the same, but for a few lines around what is not; a gap is undefined. */
export function excerptOf(diff: readonly DiffLine[]): readonly (DiffLine | undefined)[] {
  const shown = new Set<number>();
  diff.forEach(({ kind }, at) => {
    if (kind === 'same') return;
    for (let i = at - CONTEXT; i <= at + CONTEXT; i++) shown.add(i);
  });
  return diff.flatMap((line, at): readonly (DiffLine | undefined)[] => {
    if (shown.has(at)) return [line];
    return at === 0 || shown.has(at - 1) ? [undefined] : [];
  });
}

const linesOf = (text: string): readonly string[] =>
  text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r\n|[\n\r]/);

const told = (kind: DiffLine['kind'], texts: readonly string[]): readonly DiffLine[] =>
  texts.map((text) => ({ kind, text }));

function between(old: readonly string[], now: readonly string[]): readonly DiffLine[] {
  if (old.length * now.length > MOST_CELLS || old.length === 0 || now.length === 0)
    return [...told('removed', old), ...told('added', now)];
  const common = commonLengths(old, now);
  const lengthAt = (i: number, j: number): number => common[i * (now.length + 1) + j] ?? 0;
  const out: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < old.length && j < now.length) {
    if (old[i] === now[j]) {
      out.push({ kind: 'same', text: old[i] ?? '' });
      i++;
      j++;
    } else if (lengthAt(i + 1, j) >= lengthAt(i, j + 1)) out.push({ kind: 'removed', text: old[i++] ?? '' });
    else out.push({ kind: 'added', text: now[j++] ?? '' });
  }
  return [...out, ...told('removed', old.slice(i)), ...told('added', now.slice(j))];
}

/** How many lines the rests of both from each place on have in common, a row for each line of the first one. */
function commonLengths(old: readonly string[], now: readonly string[]): Uint32Array {
  const width = now.length + 1;
  const lengths = new Uint32Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i--)
    for (let j = now.length - 1; j >= 0; j--)
      lengths[i * width + j] =
        old[i] === now[j]
          ? (lengths[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(lengths[(i + 1) * width + j] ?? 0, lengths[i * width + j + 1] ?? 0);
  return lengths;
}
