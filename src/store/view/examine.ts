import { isInstant } from '../../core/audit/instants.ts';
import { type Head } from '../../core/ledger/chain.ts';
import { verifyChain } from '../../core/ledger/verify-chain.ts';
import type { AuditRecord } from '../../core/model/record.ts';

/** What taking in needs of a stored record. */
export interface StoredRecord {
  readonly sequence: number;
  readonly previous: string;
  readonly hash: string;
  readonly pull_request: number | null;
  readonly text: string;
}

export interface Problem {
  readonly record: number;
  readonly why: string;
}

export interface Examined {
  /** Those that can be read, whether the chain is sound or not: what stands there is shown. */
  readonly records: readonly AuditRecord[];
  readonly problem: Problem | undefined;
  /** Behind the last one, as the database has it. */
  readonly head: Head;
}

/** Reads stored records behind a place of their chain, and says where they are not as they were written. */
export function examine(rows: readonly StoredRecord[], repository: number, after: Head): Examined {
  let head = after;
  let problem: Problem | undefined;
  const records: AuditRecord[] = [];
  for (const row of rows) {
    const record = readRecord(row, repository);
    if (record !== undefined) records.push(record);
    problem ??= problemOf(row, record, head);
    head = { sequence: row.sequence, hash: row.hash };
  }
  return { records, problem, head };
}

function problemOf(
  { sequence, previous, hash, text }: StoredRecord,
  record: AuditRecord | undefined,
  head: Head,
): Problem | undefined {
  if (sequence !== head.sequence + 1) return { record: head.sequence + 1, why: 'it is missing' };
  const check = verifyChain([text], head);
  if (!check.ok) return { record: sequence, why: check.why };
  if (record === undefined) return { record: sequence, why: 'it is not a record as this version knows them' };
  return previous === record.previous && hash === record.hash
    ? undefined
    : { record: sequence, why: 'the columns beside it say something else' };
}

/** Undefined unless it has everything that is relied upon: the text may have been altered. */
export function readRecord(
  { sequence, pull_request: pullRequest, text }: StoredRecord,
  repository: number,
): AuditRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(value) || !isObject(value['repository']) || !isObject(value['details'])) return undefined;
  const { kind, source, at, actor, commit, digest, hash, previous } = value;
  const strings = [kind, source, at, hash, previous, value['repository']['name']];
  const isWhole =
    strings.every((each) => typeof each === 'string') &&
    isInstant(String(at)) &&
    value['sequence'] === sequence &&
    value['repository']['id'] === repository &&
    repository > 0 &&
    (value['pullRequest'] ?? null) === pullRequest &&
    [commit, digest].every((each) => each === undefined || typeof each === 'string') &&
    (actor === undefined || isActor(actor));
  return isWhole ? (value as unknown as AuditRecord) : undefined;
}

const isActor = (value: unknown): boolean =>
  isObject(value) && ['id', 'login', 'kind', 'role'].every((key) => typeof value[key] === 'string');

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
