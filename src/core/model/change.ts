import type { Doubt } from './doubt.ts';

/** Why the bytes of a file are not at hand as text. */
export type UnreadableReason =
  'missing' | 'too-large' | 'binary' | 'not-utf8' | 'symlink' | 'submodule' | 'unsafe-path';

/**
 * One side of a file. `unopened` means that no reader, no model format and no policy rule reads this path, so its
 * bytes were never fetched: that is an explained "no", not a doubt. `id` tells equal bytes from others.
 */
export type Content =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'unopened'; readonly id: string }
  | { readonly kind: 'unreadable'; readonly reason: UnreadableReason; readonly detail: string };

export interface ChangedFile {
  /** Path from the repository root, with `/`. A renamed file is one removed and one added: resources are matched, not files. */
  readonly path: string;
  readonly status: 'added' | 'removed' | 'modified';
  readonly base?: Content;
  readonly head?: Content;
}

/** A text that a reader or a format may read. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** A pull request as data: both sides of every changed file, from the merge base. */
export interface Change {
  /** `owner/name`, or the folder's name for a local checkout. */
  readonly repository: string;
  /** Commit id of the merge base. */
  readonly base: string;
  /** Commit id of the head, or `worktree`. */
  readonly head: string;
  readonly files: readonly ChangedFile[];
  /** Unchanged files of the same directories that readers need as context; the same on both sides. */
  readonly context: readonly SourceFile[];
  /** What the gathering could not do (incomplete list, missing blob). */
  readonly doubts: readonly Doubt[];
}
