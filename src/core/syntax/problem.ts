/**
 * Why a text could not be read wholly, with the place: 1-based line and column (in UTF-16 units).
 * `limit` means that a bound of `LIMITS` was reached, not that the text is wrong.
 */
export interface SyntaxProblem {
  readonly message: string;
  readonly line: number;
  readonly column: number;
  readonly limit: boolean;
}

/** Problems of one text that are kept; a file with a hundred errors is told as clearly by its first twenty. */
export const PROBLEMS_KEPT = 20;
