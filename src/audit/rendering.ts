import { UserError } from '../review/errors.ts';
import type { Derived } from './derive.ts';
import type { Manifest } from './package.ts';
import type { Sheet } from './sheet.ts';

/** What a rendering is made of. Nothing else may be in it, or nobody could make it again. */
export interface Contents {
  /** The manifest without its digest, and of the files those that are no renderings. */
  readonly stated: Omit<Manifest, 'digest'>;
  readonly derived: Derived;
  /** All tables, the information sheet included. */
  readonly sheets: readonly Sheet[];
}

/**
 * A file that says again what stands in the tables, for a program that wants it in another form. It is made anew when it is
 * verified, and compared byte by byte.
 */
export interface Rendering {
  readonly name: string;
  /**
   * Packages beside us that decide about its bytes, with their versions: with others it cannot be made anew. Throws
   * `NotInstalled`.
   */
  readonly madeWith?: () => Promise<string>;
  /** The same bytes for the same contents, on every machine. */
  readonly pieces: () => AsyncGenerator<Uint8Array, void>;
}

/** A rendering that is small enough to be made at once. */
export const wholeRendering = (name: string, bytes: () => Promise<Uint8Array> | Uint8Array): Rendering => ({
  name,
  pieces: async function* () {
    yield await bytes();
  },
});

/** The command line runs from the bundle alone; what makes some renderings is a package beside it. */
export class NotInstalled extends UserError {
  readonly what: string;
  constructor(what: string, rendering: string, cause: unknown) {
    super(
      `${rendering} cannot be made: the package ${what} is not installed beside this file.`,
      'Install threatgate with npm, or use its container image.',
      { cause },
    );
    this.what = what;
  }
}

const day = (instant: string): string => instant.slice(0, 10);

/** Dates and nothing else, for it goes where nothing is escaped. */
export const titleOf = ({ stated: { query } }: Contents): string =>
  `Evidence of changes from ${day(query.from)} to ${day(query.to)}`;
