import { createScanner } from 'jsonc-parser';

export type Scalar = string | number | boolean | null;

/** What a walk tells. A path is `runs[].results[].level`: lists leave out their numbers. */
export interface Visitor {
  readonly open: (path: string) => void;
  readonly close: (path: string) => void;
  /** `key`: of the value itself, where its holder is an object. */
  readonly scalar: (path: string, value: Scalar, key: string) => void;
}

interface Frame {
  readonly isObject: boolean;
  readonly path: string;
  key: string;
  expectsKey: boolean;
}

/** Kinds of tokens, as the scanner numbers them. */
const TOKEN = {
  openBrace: 1,
  closeBrace: 2,
  openBracket: 3,
  closeBracket: 4,
  comma: 5,
  colon: 6,
  null: 7,
  true: 8,
  false: 9,
  string: 10,
  number: 11,
  end: 17,
} as const;

const DEEPEST = 100;
/** No path that anybody listens to is longer. */
const LONGEST_PATH = 300;

/**
 * Walks a JSON text from its beginning to its end without making anything of it: of a hundred megabytes only what the visitor
 * keeps stays in memory. False when it is broken, cut off, or deeper than anything that people write.
 */
export function walkJson(text: string, visitor: Visitor): boolean {
  const scanner = createScanner(text, true);
  const walk = new Walk(visitor);
  for (;;) {
    const token: number = scanner.scan();
    const failed: number = scanner.getTokenError();
    if (failed !== 0) return false;
    if (token === TOKEN.end) return walk.isWhole;
    if (!walk.take(token, () => scanner.getTokenValue())) return false;
  }
}

class Walk {
  readonly #visitor: Visitor;
  readonly #frames: Frame[] = [];
  #values = 0;

  constructor(visitor: Visitor) {
    this.#visitor = visitor;
  }

  get isWhole(): boolean {
    return this.#frames.length === 0 && this.#values === 1;
  }

  /** False where the token cannot stand. */
  take(token: number, value: () => string): boolean {
    const top = this.#frames.at(-1);
    switch (token) {
      case TOKEN.openBrace:
      case TOKEN.openBracket:
        return this.#open(token === TOKEN.openBrace);
      case TOKEN.closeBrace:
      case TOKEN.closeBracket:
        return this.#close(token === TOKEN.closeBrace);
      case TOKEN.comma:
        if (top) top.expectsKey = top.isObject;
        return top !== undefined;
      case TOKEN.colon:
        return top?.isObject === true && !top.expectsKey;
      case TOKEN.string:
        return top?.isObject === true && top.expectsKey ? this.#key(top, value()) : this.#scalar(value());
      case TOKEN.number:
        return this.#scalar(Number(value()));
      case TOKEN.true:
      case TOKEN.false:
        return this.#scalar(token === TOKEN.true);
      case TOKEN.null:
        return this.#scalar(null);
      default:
        return false;
    }
  }

  #open(isObject: boolean): boolean {
    if (this.#frames.length >= DEEPEST || !this.#mayHold()) return false;
    const path = this.#path();
    this.#frames.push({ isObject, path, key: '', expectsKey: isObject });
    this.#visitor.open(path);
    return true;
  }

  #close(isObject: boolean): boolean {
    const top = this.#frames.pop();
    if (top?.isObject !== isObject) return false;
    this.#visitor.close(top.path);
    return true;
  }

  #key(top: Frame, key: string): boolean {
    top.key = key;
    top.expectsKey = false;
    return true;
  }

  #scalar(value: Scalar): boolean {
    if (!this.#mayHold()) return false;
    this.#visitor.scalar(this.#path(), value, this.#frames.at(-1)?.key ?? '');
    return true;
  }

  /** One value at the top, and no value where a key has to be. */
  #mayHold(): boolean {
    const top = this.#frames.at(-1);
    if (top) return !top.isObject || !top.expectsKey;
    this.#values += 1;
    return this.#values === 1;
  }

  #path(): string {
    const top = this.#frames.at(-1);
    if (!top) return '';
    const path = top.isObject ? `${top.path}${top.path === '' ? '' : '.'}${top.key}` : `${top.path}[]`;
    return path.length > LONGEST_PATH ? '…' : path;
  }
}
