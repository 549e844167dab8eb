import type { Generated, Kysely, Transaction as KyselyTransaction } from 'kysely';
import type { Instant } from '../review/store.ts';
import type { ViewTables } from './view/tables.ts';

/** The tables as queries see them; `migrations/` has them as the database sees them. JSON is text. */
export interface Tables extends ViewTables {
  readonly deliveries: DeliveryTable;
  readonly work: WorkTable;
  readonly installations: InstallationTable;
  readonly signals: SignalTable;
  readonly pull_requests: PullRequestTable;
  readonly links: LinkTable;
  readonly checks: CheckTable;
  readonly shown: ShownTable;
  readonly comments: CommentTable;
  readonly repositories: RepositoryTable;
  readonly chains: ChainTable;
  readonly records: RecordTable;
  readonly documents: DocumentTable;
  readonly removals: RemovalTable;
  readonly web_sessions: SessionTable;
  readonly invitations: InvitationTable;
}

export type Queries = Kysely<Tables>;
export type Transaction = KyselyTransaction<Tables>;

export interface DeliveryTable {
  guid: string;
  event: string;
  action: string;
  key: string;
  received_at: Instant;
}

/** One row per subject: see `queue.ts`. */
export interface WorkTable {
  key: string;
  installation: number;
  subject: string;
  wanted: number;
  done: number;
  since: Instant;
  next_at: Instant;
  attempts: number;
  token: string | null;
  lease_until: Instant | null;
  reason: string | null;
}

export interface InstallationTable {
  id: number;
  paused_until: Instant;
  reason: string;
}

export interface SignalTable {
  id: Generated<number>;
  key: string;
  guid: string;
  received_at: Instant;
  signal: string;
}

export interface PullRequestTable {
  repository: number;
  number: number;
  name: string;
  installation: number;
  state: string;
  head: string;
  base_ref: string;
  base: string | null;
  digest: string | null;
  conclusion: string | null;
  evaluated_at: Instant | null;
  memory: string;
  links: string;
}

/** `pull_requests.links` the other way round, in lower case. */
export interface LinkTable {
  repository: number;
  number: number;
  target: string;
}

export interface CheckTable {
  repository: number;
  head: string;
  subject: string;
  name: string;
  intent: Instant | null;
  run: number | null;
  written: string | null;
  conclusion: string | null;
  digest: string | null;
  shown_at: Instant | null;
}

export interface ShownTable {
  id: Generated<number>;
  repository: number;
  number: number;
  head: string;
  digest: string;
  at: Instant;
}

export interface CommentTable {
  repository: number;
  number: number;
  component: string;
  name: string;
  intent: Instant | null;
  comment: number | null;
  written: string | null;
  state: string;
}

export interface RepositoryTable {
  id: number;
  name: string;
  installation: number;
  active: number;
  default_branch: string | null;
  protected_branches: string;
  policy: string | null;
  swept_at: Instant | null;
  rules_read_at: Instant | null;
  tips: string;
}

/** The head of each repository's chain; its row is the lock that appenders take. */
export interface ChainTable {
  repository: number;
  sequence: number;
  hash: string;
}

/** `text` is the record; the other columns repeat what queries look for. */
export interface RecordTable {
  repository: number;
  sequence: number;
  previous: string;
  hash: string;
  kind: string;
  source: string;
  at: Instant;
  actor: string | null;
  pull_request: number | null;
  text: string;
}

/** Stays where a chain has been that was removed when its time was over. */
export interface RemovalTable {
  repository: number;
  /** Its name, and where its chain ended. */
  name: string;
  sequence: number;
  hash: string;
  /** How many were removed with it. */
  documents: number;
  first_at: Instant;
  last_at: Instant;
  removed_at: Instant;
  removed_by: string;
  /** Digest of the package that has all of it. */
  archive: string;
}

export interface DocumentTable {
  digest: string;
  kind: string;
  text: string;
}

/** Somebody who is logged in to the pages. */
export interface SessionTable {
  id: string;
  login_state: string;
  account: string;
  login: string;
  token: string;
  created_at: Instant;
  seen_at: Instant;
  expires_at: Instant;
  ended_at: Instant | null;
}

export interface InvitationTable {
  id: Generated<number>;
  login: string;
  login_key: string;
  account: string | null;
  repositories: string;
  created_at: Instant;
  until: Instant;
  revoked_at: Instant | null;
}
