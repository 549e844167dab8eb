/**
 * One function per surface. Everything a contributor can write (paths, addresses, values, names) passes through one
 * of these before it is shown, so that it can inject neither structure, mentions, links, markup nor control codes.
 * Each takes any string, lone surrogates included, and never throws.
 */

/** C0, DEL, C1, soft hyphen, zero-width and bidi controls, invisible operators, BOM, tags: seen by no reader, obeyed by terminals. */
const INVISIBLE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}\p{Noncharacter_Code_Point}]/gu;

/** One line of plain text: line ends and tabs become a space, everything invisible becomes its code point in words. */
export function plain(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n|[\t\n\r\u2028\u2029]/g, ' ')
    .replace(INVISIBLE, (c) => `<U+${(c.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}>`);
}

/**
 * For a terminal or a build log: no control codes, no direction overrides, no line ends. A build runner obeys lines
 * that begin with `::` and the mark `##[` anywhere, so both are broken up.
 */
export function terminal(text: string): string {
  return plain(text)
    .replace(/(^|\s)::/g, '$1<U+003A>:')
    .replaceAll('##[', '#<U+0023>[');
}

/** For HTML text and quoted attribute values. */
export function html(text: string): string {
  return plain(text).replace(/[&<>"'`=]/g, entity);
}

/** What begins inline structure in GitHub's Markdown. An underscore inside a word does not. */
const MARKDOWN = /[\\`*[\]<>|~&$#@]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu;
/** What begins a block when it comes first: list marks, rules, underlines of headings. */
const MARKDOWN_FIRST = /^(?:[-+=]|\d+(?=[.)]))/;
/** Where GitHub links or replaces after rendering: mentions, numbers, addresses, `:emoji:`. A reference is not enough there. */
const MARKDOWN_LINKS =
  /(?<=[@#])|(?<=\bGH)(?=-\d)|(?<=:)(?=\/\/)|(?<=:)(?=[a-z0-9_+-]+:)|(?<=\b[wW]{3})(?=\.)|(?<=\b(?:mailto|xmpp))(?=:)/;

/** For Markdown prose, table cells and list items included: the text stays text, and nothing in it becomes a link. */
export function markdown(text: string): string {
  return plain(text)
    .trim()
    .split(MARKDOWN_LINKS)
    .map((piece) => piece.replace(MARKDOWN, entity))
    .join('&#8203;')
    .replace(MARKDOWN_FIRST, (first) => first.replace(/./g, entity));
}

/** As an inline code span where that is safe to write, else the same as HTML; both hold in a table cell. Empty text stays empty. */
export function code(text: string): string {
  const shown = plain(text).trim();
  if (shown === '') return '';
  if (/^[\p{L}\p{N} .,:;/=+@#$%^*_?!()[\]{}'"~…-]+$/u.test(shown)) return `\`${shown}\``;
  return `<code>${shown.replace(/[^\p{L}\p{N} ]/gu, entity)}</code>`;
}

/** One of our sentences, which set names in backticks: names and the text between them, each through its own function. */
export function sentence(
  text: string,
  name: (piece: string) => string,
  between: (piece: string) => string,
): string {
  return text
    .split(/(`[^`]+`)/)
    .map((piece) => (/^`[^`]+`$/.test(piece) ? name(piece.slice(1, -1)) : spaced(piece, between)))
    .join('');
}

/** Escapers trim; the spaces around a name belong to the sentence. */
function spaced(piece: string, between: (piece: string) => string): string {
  if (piece.trim() === '') return piece === '' ? '' : ' ';
  return `${/^\s/.test(piece) ? ' ' : ''}${between(piece.trim())}${/\s$/.test(piece) ? ' ' : ''}`;
}

/** A fenced block whose fence no line of the text can close. Lines keep their indentation; nothing else is obeyed inside. */
export function fence(lines: readonly string[], language = ''): string {
  const safe = lines.map((line) => (/^ */.exec(line)?.[0] ?? '') + plain(line.trimStart()));
  let longest = 2;
  for (const line of safe) for (const run of line.matchAll(/`+/g)) longest = Math.max(longest, run[0].length);
  const bar = '`'.repeat(longest + 1);
  return [`${bar}${language}`, ...safe, bar].join('\n');
}

/** For a quoted Mermaid label: everything but letters, digits and a few quiet marks as Mermaid's own entity codes. */
export function mermaid(text: string): string {
  return plain(text).replace(/[^\p{L}\p{N} .,_/-]/gu, (c) => `#${c.codePointAt(0) ?? 0};`);
}

/** A repository path as a relative URI reference: separators stay, every other reserved byte is percent-encoded. */
export function uri(path: string): string {
  return path
    .toWellFormed()
    .split('/')
    .map((segment) => {
      const encoded = encodeURIComponent(segment).replace(
        /[!'()*]/g,
        (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
      );
      // A segment of dots alone would climb or vanish when the reference is resolved.
      return /^\.{1,2}$/.test(segment) ? segment.replaceAll('.', '%2E') : encoded;
    })
    .join('/');
}

/** For a cell of a spreadsheet: text that would be run as a formula is marked as text. */
export function cell(text: string): string {
  const shown = plain(text);
  return /^\s*[=+\-@]/.test(shown) ? `'${shown}` : shown;
}

/** The same in CSV, quoted. */
export function csv(text: string): string {
  return `"${cell(text).replaceAll('"', '""')}"`;
}

function entity(c: string): string {
  return `&#${c.codePointAt(0) ?? 0};`;
}
