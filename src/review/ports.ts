import type { Content } from '../core/model/change.ts';

/** One file of a commit's tree. */
export interface TreeEntry {
  /** From the repository root, with `/`. A path that is not UTF-8 has replacement characters and `kind: 'unsafe'`. */
  readonly path: string;
  /** Immutable content id (blob id); equal ids mean equal bytes. */
  readonly id: string;
  readonly kind: 'file' | 'symlink' | 'submodule' | 'unsafe';
  /** Of a file: whether it may be executed. GitHub counts a change of that alone as a changed file; nothing else looks at it. */
  readonly executable?: boolean;
  /** Bytes, where the listing tells. */
  readonly size?: number;
}

export interface Tree {
  readonly entries: readonly TreeEntry[];
  /** False when the listing was cut short: never a silent half. */
  readonly complete: boolean;
}

/** Where both sides of a change are read from: a local checkout or GitHub. Throws `UserError` for what the user can mend. */
export interface Repository {
  /** `owner/name`, or the folder's name. */
  readonly name: string;
  defaultBranch(): Promise<string>;
  /** Commit id of a revision. */
  resolve(revision: string): Promise<string>;
  mergeBase(base: string, head: string): Promise<string>;
  tree(commit: string): Promise<Tree>;
  /** Texts by content id; an id that is not there comes back as `missing`, one over the limit as `too-large`. */
  blobs(ids: readonly string[], limitBytes: number): Promise<ReadonlyMap<string, Content>>;
}
