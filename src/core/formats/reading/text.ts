/** Bound on what is kept of one description: enough to compare, never a copy of a whole document. */
const TEXT_CHARS = 4_000;

/** A name for comparison: letters and digits of any script, lower case, one space between words. */
export function normaliseName(name: string): string {
  const words = name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, ' ')
    .trim();
  // Names of signs only (`*`, `->`) still differ from each other.
  return words === '' ? name.trim() : words;
}

/** One line of text without HTML tags, white space collapsed. */
export function oneLine(text: string): string {
  return stripTags(text).replace(/\s+/g, ' ').trim().slice(0, TEXT_CHARS);
}

/** Tags of HTML that people write into models; other words in angle brackets are placeholders and stay. */
const TAG =
  /<\/?(?:a|b|i|u|s|p|em|strong|span|div|font|code|pre|kbd|mark|small|sub|sup|del|ins|ul|ol|li|h[1-6]|hr|img|table|thead|tbody|tr|td|th|blockquote|center|details|summary)(?:\s[^<>]{0,200})?\/?>/gi;

/** Text without HTML tags; line ends stay. Linear, whatever the text. */
export function stripTags(text: string): string {
  return text.includes('<') ? text.replace(/<br\s{0,4}\/?>/gi, '\n').replace(TAG, '') : text;
}

type Given<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

/** The properties that have a value: how optional properties are set without being set to undefined. */
export function given<T extends object>(properties: T): Given<T> {
  return Object.fromEntries(
    Object.entries(properties).filter(([, value]) => value !== undefined),
  ) as Given<T>;
}

/** Sorted by plain comparison, each once. */
export function sortedUnique(texts: Iterable<string>): readonly string[] {
  return [...new Set(texts)].sort();
}
