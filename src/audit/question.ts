import type { KeyObject } from 'node:crypto';
import type { Period } from '../core/model/audit.ts';
import type { Manifest } from './package.ts';

/** What a package is to be of. */
export interface Question {
  readonly period: Period;
  /** Names; undefined for all there are. */
  readonly repositories: readonly string[] | undefined;
  /** Undefined: nothing is drawn. */
  readonly sample: { readonly size: number; readonly seed: string } | undefined;
  /** Folder that does not exist yet, or is empty. */
  readonly output: string;
  readonly key: KeyObject | undefined;
  readonly generatedAt: string;
  /** Where the records were filled in from for this package alone; absent where a service kept them. */
  readonly origin?: NonNullable<Manifest['origin']>;
  /** Told what is being done, for a person who waits. */
  readonly progress: (text: string) => void;
}

/** What became of it, for a person to be told. */
export interface Made {
  readonly manifest: Omit<Manifest, 'digest'>;
  readonly digest: string;
  readonly documents: number;
  /** Rows of the files with exceptions, of the register, and of the sample. */
  readonly exceptions: number;
  readonly answers: number;
  readonly drawn: number;
}
