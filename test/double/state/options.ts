/** GitHub's own limits; a test makes them smaller instead of making big things. */
export interface Limits {
  /** Primary: requests, and GraphQL points, per hour. */
  readonly core: number;
  readonly graphql: number;
  /** How a spent primary limit is answered over REST. */
  readonly primaryStatus: 403 | 429;
  /** Secondary: requests that create content, per minute. */
  readonly contentPerMinute: number;
  readonly retryAfter: number;
  readonly pullFiles: number;
  readonly pullCommits: number;
  readonly compareFiles: number;
  readonly compareCommits: number;
  readonly treeEntries: number;
  /** A file with more changed lines, or a longer patch, is listed without its patch. */
  readonly patchLines: number;
  readonly patchBytes: number;
  readonly blobText: number;
  readonly contentsBytes: number;
  readonly bodyCharacters: number;
  readonly checkTextBytes: number;
  readonly deliveryRetention: number;
  readonly tokenLifetime: number;
}

export const GITHUB_LIMITS: Limits = {
  core: 5000,
  graphql: 5000,
  primaryStatus: 403,
  contentPerMinute: 80,
  retryAfter: 60,
  pullFiles: 3000,
  pullCommits: 250,
  compareFiles: 300,
  compareCommits: 250,
  treeEntries: 100_000,
  patchLines: 2000,
  patchBytes: 500_000,
  blobText: 512_000,
  contentsBytes: 1_048_576,
  bodyCharacters: 65_536,
  checkTextBytes: 65_535,
  deliveryRetention: 3 * 24 * 3600_000,
  tokenLifetime: 3600_000,
};
