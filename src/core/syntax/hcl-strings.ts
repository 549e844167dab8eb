const QUOTE = 34;
const DOLLAR = 36;
const PERCENT = 37;
const BACKSLASH = 92;
const BRACE = 123;

/** The text of `[start, end)` when that is exactly one quoted string without interpolation; else undefined. */
export function readQuoted(text: string, start: number, end: number): string | undefined {
  let plain = true;
  let at = start + 1;
  for (; at < end - 1; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return undefined;
    if (code === BACKSLASH) {
      plain = false;
      at++;
    } else if ((code === DOLLAR || code === PERCENT) && text.charCodeAt(at + 1) === BRACE) {
      if (text.charCodeAt(at - 1) !== code || text.charCodeAt(at - 2) === code) return undefined;
      plain = false;
    }
  }
  if (at !== end - 1 || text.charCodeAt(at) !== QUOTE) return undefined;
  const inner = text.slice(start + 1, at);
  return plain ? inner : unescapeQuoted(inner);
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['"', '"'],
  ['\\', '\\'],
]);

/** The escapes of a quoted template; unknown ones stay as written. */
export function unescapeQuoted(raw: string): string {
  if (!raw.includes('\\')) return unescapeMarkers(raw);
  const pattern = /\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))|([$%])\4\{/gs;
  return raw.replace(pattern, (all, short?: string, long?: string, letter?: string, marker?: string) => {
    if (marker !== undefined) return `${marker}{`;
    if (letter !== undefined) return ESCAPES.get(letter) ?? all;
    const code = Number.parseInt(short ?? long ?? '', 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });
}

/** `$${` → `${` and `%%{` → `%{`: the only escapes of a heredoc. */
export function unescapeMarkers(raw: string): string {
  return raw.includes('{') ? raw.replace(/([$%])\1\{/g, '$1{') : raw;
}

/** One stretch of a template's literal text, and whether something stands before it on its first line. */
export interface Stretch {
  readonly text: string;
  readonly continues: boolean;
}

/** Removes the indentation that all lines share, as `<<-` asks for; blank lines do not count towards it. */
export function dedent(stretches: readonly Stretch[]): string[] {
  const split = stretches.map(({ text, continues }) => {
    const lines = text.split('\n');
    return continues ? { head: lines.slice(0, 1), lines: lines.slice(1) } : { head: [], lines };
  });
  const indents = split.flatMap(({ lines }, stretch) =>
    lines.flatMap((line, index) => {
      const filled = index === lines.length - 1 && stretch < split.length - 1;
      return filled || line.trim() !== '' ? [indentation(line)] : [];
    }),
  );
  const shared = indents.reduce((least, indent) => Math.min(least, indent), Number.POSITIVE_INFINITY);
  return split.map(({ head, lines }) =>
    [...head, ...lines.map((line) => line.slice(Math.min(shared, indentation(line))))].join('\n'),
  );
}

function indentation(line: string): number {
  let at = 0;
  while (line[at] === ' ' || line[at] === '\t') at++;
  return at;
}
