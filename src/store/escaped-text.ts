/**
 * PostgreSQL refuses U+0000 in text, and no UTF-8 holds half of a surrogate pair; both can come in a signed payload. They
 * are written as U+001B and four hexadecimal digits, in both engines, and read back as they came. JSON is never touched:
 * it has none of these characters outside its own escapes.
 */
const SPECIAL = /[\0\u001b\p{Surrogate}]/gu;
const ESCAPED = /\u001b([0-9a-f]{4})/g;

export function escapeText(text: string): string {
  return text.replace(SPECIAL, (char) => `\u001b${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

export function unescapeText(text: string): string {
  return text.includes('\u001b')
    ? text.replace(ESCAPED, (_, digits: string) => String.fromCharCode(parseInt(digits, 16)))
    : text;
}

export function escapeAll(parameters: readonly unknown[]): unknown[] {
  return parameters.map((value) => (typeof value === 'string' ? escapeText(value) : value));
}

export function unescapeRows(rows: readonly Record<string, unknown>[]): void {
  for (const row of rows)
    for (const column in row) {
      const value = row[column];
      if (typeof value === 'string') row[column] = unescapeText(value);
    }
}
