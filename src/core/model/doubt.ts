/**
 * A named reason not to conclude. A doubt never passes; it says what was missing and what to do about it.
 * The codes are a closed list: every way of not knowing has a name, and no doubt is a free-form string.
 */
export type DoubtCode =
  | 'file-list-incomplete'
  | 'file-missing'
  | 'file-too-large'
  | 'file-binary'
  | 'file-not-utf8'
  | 'file-is-symlink'
  | 'file-is-submodule'
  | 'unsafe-path'
  | 'parse-error'
  | 'parse-limit'
  | 'template-not-rendered'
  | 'model-unreadable'
  | 'model-missing'
  | 'linked-model-unreadable'
  | 'policy-invalid'
  | 'policy-unreadable'
  | 'too-many-files'
  | 'too-many-facts'
  | 'discussion-incomplete'
  | 'internal-error';

export interface Doubt {
  readonly code: DoubtCode;
  /** What happened, in one sentence, already safe of secrets but not yet escaped for a surface. */
  readonly message: string;
  /** What the reader of the message can do about it. */
  readonly remedy: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  /** `doubt` withholds a pass; `note` is shown and withholds nothing (policy decides, see `unreadable`). */
  readonly weight: 'doubt' | 'note';
}
