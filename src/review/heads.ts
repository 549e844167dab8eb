import type { Head } from '../core/ledger/chain.ts';
import type { AuditRecord, RecordDraft } from '../core/model/record.ts';
import { code, fence } from '../core/report/escape.ts';
import { later, type LookDeps } from './deps.ts';
import { NotThere, Refused, Rejected } from './hosting-errors.ts';
import type { CheckDraft, Hosting, RepositoryState } from './hosting.ts';
import type { Lease, Store } from './store.ts';
import type { RepositoryRef } from './work.ts';

/** Signs where a chain ends. What it signs depends on the chain alone: the same end, the same text. */
export interface HeadSigner {
  readonly keyId: string;
  /** Statement and signature in one line, as `threatgate heads` reads it. */
  sign(
    head: Head,
    repository: RepositoryRef,
    at: string,
  ): { readonly statement: string; readonly signature: string };
}

/** Name of the check run that shows it. It is required by nobody. */
export const HEAD_CHECK = 'Threatgate audit head';

const EVERY_MS = 24 * 60 * 60_000;
const PAGE = 500;

/**
 * Once a day the end of a chain that grew is signed and shown on GitHub, where whoever holds the database cannot take it
 * back: a chain that is cut off or written anew afterwards does not have that record at that place.
 */
export async function publishHead(
  { repository, defaultTip }: RepositoryState,
  lease: Lease,
  hosting: Hosting,
  deps: LookDeps,
): Promise<void> {
  const { heads: signer, store, now } = deps;
  if (signer === undefined || defaultTip === undefined) return;
  const past = await store.records({ repository: repository.id, kinds: ['head-published'] });
  const before = past.at(-1);
  if (before && now() < later(before.at, EVERY_MS)) return;
  const last = await lastRecord(repository, before?.sequence ?? 1, store);
  // That an end was shown is a record, too, and nothing to show by itself.
  if (last === undefined || last.kind === 'head-published') return;
  const signed = signer.sign(last, repository, last.at);
  const run = await show(
    repository,
    checkOf(defaultTip, repository, last, signer.keyId, signed.statement),
    lease,
    hosting,
    deps,
  );
  if (run === undefined) return;
  await store.apply(lease, { records: [published(repository, last, defaultTip, run, signed, deps)] }, now());
}

async function lastRecord(
  { id }: RepositoryRef,
  from: number,
  store: Pick<Store, 'records'>,
): Promise<AuditRecord | undefined> {
  for (let next = from, last: AuditRecord | undefined; ;) {
    const page = await store.records({ repository: id, from: next, most: PAGE });
    last = page.at(-1) ?? last;
    if (page.length < PAGE) return last;
    next += PAGE;
  }
}

/**
 * Number of the run; undefined where GitHub does not take one. A run of an earlier try, whose answer was lost, says the same
 * and is found by what it is about.
 */
async function show(
  repository: RepositoryRef,
  draft: CheckDraft,
  lease: Lease,
  hosting: Hosting,
  { renew, log }: LookDeps,
): Promise<number | undefined> {
  try {
    const found = await hosting.findChecks(repository, draft.head, HEAD_CHECK);
    const same = found.find(({ externalId }) => externalId === draft.externalId);
    if (same) return same.id;
    await renew(lease);
    return (await hosting.createCheck(repository, draft)).id;
  } catch (error) {
    if (!(error instanceof Refused || error instanceof NotThere || error instanceof Rejected)) throw error;
    log.warn({ repository: repository.id, err: error }, 'the end of the chain could not be shown');
    return undefined;
  }
}

function checkOf(
  head: string,
  { id, name }: RepositoryRef,
  { sequence, hash }: Head,
  keyId: string,
  statement: string,
): CheckDraft {
  return {
    name: HEAD_CHECK,
    head,
    externalId: `threatgate-head:1:${id}:${sequence}:${hash}`,
    report: {
      conclusion: 'success',
      title: `Record ${sequence}`,
      summary: `The audit trail of ${code(name)} ends with record ${sequence}, ${code(hash)}, signed by key ${code(keyId)}. It says nothing about this commit.\n`,
      text: `Keep this line in a file, and compare it with the database by \`threatgate heads --check FILE\`.\n\n${fence([statement], 'json')}\n`,
      annotations: [],
      buttons: [],
    },
  };
}

function published(
  repository: RepositoryRef,
  { sequence, hash }: Head,
  commit: string,
  run: number,
  { signature }: { readonly signature: string },
  { heads, now }: LookDeps,
): RecordDraft {
  return {
    kind: 'head-published',
    repository,
    at: now(),
    source: `head/${sequence}/check-run`,
    commit,
    details: { sequence, hash, keyId: heads?.keyId, signature, where: `check-run/${run}` },
  };
}
