/** Template actions of a text made harmless for a parser, without moving anything else. */
export interface MaskedText {
  /** As long as the original, with the same line breaks. */
  readonly text: string;
  readonly masked: boolean;
  /** Offsets `[start, end)` of what was masked, in order, not overlapping. */
  readonly ranges: readonly (readonly [number, number])[];
}

const DELIMITERS = [
  { open: '{{{', close: '}}}', multiline: true },
  { open: '{{', close: '}}', multiline: true },
  { open: '{%', close: '%}', multiline: true },
  // A Jinja comment; only when closed on its line, as `{#` also starts a flow map with a comment.
  { open: '{#', close: '#}', multiline: false },
] as const;

/**
 * Masks Mustache, Jinja and Go template actions: a line of nothing but actions becomes blank, an action within a line
 * becomes word characters of the same length. `${{ … }}` is an expression of CI systems and valid YAML: left alone.
 */
export function maskTemplates(text: string): MaskedText {
  const ranges = findActions(text);
  if (ranges.length === 0) return { text, masked: false, ranges };
  const parts: string[] = [];
  let from = 0;
  for (const [start, end] of ranges) {
    parts.push(text.slice(from, start), cover(text.slice(start, end)));
    from = end;
  }
  parts.push(text.slice(from));
  return { text: blankActionLines(text, parts.join(''), ranges), masked: true, ranges };
}

function findActions(text: string): [number, number][] {
  const ranges: [number, number][] = [];
  const next = searcher(text);
  for (let at = text.indexOf('{'); at >= 0; at = text.indexOf('{', at)) {
    const end = actionEnd(text, at, next);
    if (end !== undefined) ranges.push([at, end]);
    at = end ?? at + 1;
  }
  return ranges;
}

/** Next place of a token at or after an offset; each stretch of text is searched once, whatever is asked. */
function searcher(text: string): (token: string, from: number) => number {
  const found = new Map<string, number>();
  return (token, from) => {
    const known = found.get(token);
    if (known !== undefined && known >= from) return known;
    const at = text.indexOf(token, from);
    const place = at < 0 ? Number.POSITIVE_INFINITY : at;
    found.set(token, place);
    return place;
  };
}

function actionEnd(text: string, at: number, next: ReturnType<typeof searcher>): number | undefined {
  if (text[at - 1] === '$') return undefined;
  for (const { open, close, multiline } of DELIMITERS) {
    if (!text.startsWith(open, at)) continue;
    const inner = at + open.length;
    const end = next(close, inner);
    if (end < (multiline ? Number.POSITIVE_INFINITY : next('\n', inner))) return end + close.length;
  }
  return undefined;
}

/** Word characters on the first line; further lines of one action become white space. */
function cover(action: string): string {
  const newline = action.indexOf('\n');
  if (newline < 0) return 'x'.repeat(action.length);
  const first = action[newline - 1] === '\r' ? newline - 1 : newline;
  return 'x'.repeat(first) + action.slice(first).replace(/[^\r\n]/g, ' ');
}

function blankActionLines(
  original: string,
  masked: string,
  ranges: readonly (readonly [number, number])[],
): string {
  const parts: string[] = [];
  let kept = 0;
  for (let i = 0; i < ranges.length;) {
    const start = original.lastIndexOf('\n', (ranges[i]?.[0] ?? 0) - 1) + 1;
    let bare = true;
    let at = start;
    let end = start;
    // All actions whose lines hang together are judged as one.
    for (; i < ranges.length; i++) {
      const [open, close] = ranges[i] ?? [0, 0];
      if (at > start && original.slice(at, open).includes('\n')) break;
      bare &&= original.slice(at, open).trim() === '';
      at = close;
    }
    end = original.indexOf('\n', at);
    if (end < 0) end = original.length;
    bare &&= original.slice(at, end).trim() === '';
    if (!bare) continue;
    parts.push(masked.slice(kept, start), masked.slice(start, end).replace(/[^\r\n]/g, ' '));
    kept = end;
  }
  parts.push(masked.slice(kept));
  return parts.join('');
}

/** Whether `[start, end)` meets a masked range. */
export function touchesMask(
  ranges: readonly (readonly [number, number])[],
  start: number,
  end: number,
): boolean {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ranges[middle]?.[1] ?? 0) <= start) low = middle + 1;
    else high = middle;
  }
  const range = ranges[low];
  return range !== undefined && range[0] < end;
}
