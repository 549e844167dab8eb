/** GitHub counts bytes of UTF-8, not characters; these are the only places that do so too. Texts are made well-formed first. */

export function byteLength(text: string): number {
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    const point = text.codePointAt(i) ?? 0;
    bytes += bytesOf(point);
    if (point > 0xffff) i++;
  }
  return bytes;
}

/** The longest beginning of at most so many bytes that ends between two code points. */
export function cutBytes(text: string, most: number): string {
  const whole = text.toWellFormed();
  let bytes = 0;
  for (let i = 0; i < whole.length; i++) {
    const point = whole.codePointAt(i) ?? 0;
    bytes += bytesOf(point);
    if (bytes > most) return whole.slice(0, i);
    if (point > 0xffff) i++;
  }
  return whole;
}

/** At most so many characters, with an ellipsis where something is missing; never half a pair of surrogates. */
export function cutChars(text: string, most: number): string {
  const whole = text.toWellFormed();
  return whole.length <= most ? whole : `${whole.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** A lone surrogate counts as the replacement it becomes. */
function bytesOf(point: number): number {
  if (point < 0x80) return 1;
  if (point < 0x800) return 2;
  return point > 0xffff ? 4 : 3;
}
