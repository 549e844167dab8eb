import type { SourceFile } from '../model/change.ts';
import type { Doubt } from '../model/doubt.ts';
import type { Resource } from '../model/resource.ts';

/** What a reader made of one unit on one side. Nothing a contributor writes may make a reader throw. */
export interface Reading {
  readonly resources: readonly Resource[];
  /** Files that could not be read wholly, with line and column; the readable part is in `resources`. */
  readonly doubts: readonly Doubt[];
}

/** One stack: text → resources. Pure; one file per reader in this folder, found by the generator through `export const reader`. */
export interface Reader {
  /** Also the `stack` of its resources. */
  readonly id: string;
  readonly title: string;
  /** One sentence for the reference page: what it reads and what it leaves alone. */
  readonly about: string;
  /** Globs (minimatch, `dot: true`, `nocase: true`) of paths worth opening; bytes decide after that. */
  readonly paths: readonly string[];
  /**
   * Whether a file at such a path is really ours; cheap, by sniffing. The first reader in generated order that says
   * yes gets the file, so readers of self-evident names come before those that share `*.yaml`: `priority`, high first.
   */
  readonly priority: number;
  recognises(file: SourceFile): boolean;
  /** `directory`: all its files of one directory are read together (and unchanged siblings are fetched); `file`: each alone. */
  readonly unit: 'directory' | 'file';
  /**
   * Paths of which unchanged files are wanted from the whole tree when one of ours changed, because what is new there
   * may be known elsewhere: the other manifests of a repository.
   */
  readonly everywhere?: readonly string[];
  /** `files` is never empty, sorted by path, all recognised. */
  read(files: readonly SourceFile[]): Reading;
}
