/** A range of lines in one file: 1-based, both ends included. */
export interface Span {
  readonly startLine: number;
  readonly endLine: number;
}

/** A point in one file: 1-based line and column. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Which version of the repository something was seen in: the merge base or the head of the change. */
export type Side = 'base' | 'head';
