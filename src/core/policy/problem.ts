/** Something wrong in a policy file: what, where, and what to do. */
export interface PolicyProblem {
  readonly file: string;
  /** 1-based, inside the file. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly remedy: string;
}

/** A problem by the path of the value it is about; `key` when the key and not its value is wrong. */
export interface PlacedProblem {
  readonly path: readonly (string | number)[];
  readonly on: 'key' | 'value';
  readonly message: string;
  readonly remedy: string;
}
