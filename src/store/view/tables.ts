/** Tables of `schema.ts` as queries see them. */
export interface ViewTables {
  readonly view_state: { id: number; version: number; made: number };
  readonly view_repositories: ViewRepositoryTable;
  readonly view_called: { name_key: string; repository: number };
  readonly view_changes: ViewChangeTable;
  readonly view_answers: ViewAnswerTable;
}

export interface ViewRepositoryTable {
  repository: number;
  /** Sequence number and hash of the last record that was taken in. */
  taken: number;
  head: string;
  /** Up to where the chain was known to have nothing more. */
  seen: number;
  /** Records that were taken in. */
  shown: number;
  name: string;
  name_key: string;
  first_at: string;
  last_at: string;
  /** When the latest record was written, in milliseconds and as it says. */
  latest: number;
  latest_at: string;
  problem_at: number | null;
  problem: string | null;
}

export interface ViewChangeTable {
  repository: number;
  record: number;
  at: number;
  pull_request: number | null;
  id: string;
  /** List, variant and part of each entry, by number, and whether it is counted for its repository. */
  entries: string;
  entry: string;
}

export interface ViewAnswerTable {
  repository: number;
  record: number;
  since: number;
  until: number;
  pull_request: number | null;
  kind: string;
  key: string;
  owner: string;
}
