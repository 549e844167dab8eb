/**
 * Bounds on hostile input. They are counts, not clocks, so that the same input always ends the same way.
 * Beyond a bound the reader keeps what it has and names a doubt with code `parse-limit` or `file-too-large`.
 */
export const LIMITS = {
  /** Characters of one file that a parser is given. */
  fileChars: 1_000_000,
  /** Nesting of any syntax tree or value that is walked. */
  depth: 120,
  /** Nodes of one file's tree that are turned into values. */
  nodes: 250_000,
  /** Alias or reference expansions in one document. */
  aliases: 2_000,
  /** Resources of one unit. */
  resources: 20_000,
} as const;
