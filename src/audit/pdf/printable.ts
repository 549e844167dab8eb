import { plain } from '../../core/report/escape.ts';

/**
 * Whether a character can be shown as it is: it runs from left to right, joins with no neighbour, and is seen. Scripts that do
 * not would need a layout of their own, and one that is nearly right shows another text than the one on record.
 */
const SIMPLE =
  /^(?=[\p{L}\p{N}\p{P}\p{S} ])[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Armenian}\p{Script=Georgian}\p{Script=Common}]$/u;

const hex = (character: string): string =>
  (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');

/**
 * A text for paper: whatever cannot be shown stands there by its code point, as on every other surface. `has`: whether the
 * font has the character.
 */
export class Printable {
  readonly #has: (codePoint: number) => boolean;
  readonly #known = new Map<string, string>();

  constructor(has: (codePoint: number) => boolean) {
    this.#has = has;
  }

  text(text: string): string {
    if (/^[ -~]*$/.test(text)) return text;
    let shown = '';
    for (const character of plain(text)) shown += this.#character(character);
    return shown;
  }

  #character(character: string): string {
    const known = this.#known.get(character);
    if (known !== undefined) return known;
    const simple = SIMPLE.test(character) && this.#has(character.codePointAt(0) ?? 0);
    const shown = simple ? character : `<U+${hex(character)}>`;
    this.#known.set(character, shown);
    return shown;
  }
}
