import { canonicalJson, digestOf } from '../../core/digest.ts';
import { renderAbandonedCheck } from '../../core/report/abandoned-check.ts';
import { readExternalId, writeExternalId } from '../../core/report/external-id.ts';
import { searchRun } from '../publish-check.ts';
import type { CheckRow } from '../store.ts';
import type { Look } from './context.ts';
import { subjectOf, workOf } from './subject.ts';

/** An open pull request with this head, and what its own check came to. */
export interface Holder {
  readonly number: number;
  readonly conclusion: string | undefined;
}

/**
 * Runs of pull requests that had this commit once, and were closed or pushed on. GitHub goes by the newest run on a commit:
 * an old red one would block, and an old green one would open, what is still judged here. So they say what those say that
 * have the commit now.
 */
export async function settleAbandoned(look: Look, holders: readonly Holder[]): Promise<void> {
  const { state, deps } = look;
  const held = new Set(holders.map((h) => subjectOf(h.number)));
  const rows = await deps.store.checks(state.repository.id, state.head);
  const abandoned = rows.filter((c) => c.subject.startsWith('pull/') && !held.has(c.subject));
  const passes = holders.every((h) => h.conclusion === 'success');
  const open = holders.map((h) => h.number).sort((a, b) => a - b);
  for (const row of abandoned) await settle(row, open, passes, look);
}

async function settle(left: CheckRow, open: readonly number[], passes: boolean, look: Look): Promise<void> {
  const { deps, lease, hosting } = look;
  const row = await withRun(left, look);
  if (row.run === undefined || row.digest === undefined) return;
  const report = renderAbandonedCheck(open, passes);
  const { repository, head, subject, digest } = row;
  const externalId = writeExternalId({ repository: repository.id, subject, digest });
  const written = digestOf(canonicalJson([externalId, report]));
  if (row.written === written) return;
  await deps.renew(lease);
  await hosting.updateCheck(repository, row.run, { head, externalId, report });
  // Should it have come back to this commit meanwhile, it is looked at after this.
  const owner = await deps.store.pullRequest(repository.id, Number(subject.slice('pull/'.length)));
  await deps.store.apply(
    lease,
    {
      checks: [{ ...row, written, conclusion: 'abandoned' }],
      want: owner?.state === 'open' ? [workOf(owner)] : [],
    },
    deps.now(),
  );
}

/** It may stand there without our knowing: whoever began it has gone on to another commit before an answer came. */
async function withRun(row: CheckRow, { deps, lease, hosting }: Look): Promise<CheckRow> {
  if (row.run !== undefined) return row;
  const run = await searchRun(row, lease, hosting, deps);
  const digest = readExternalId(run?.externalId ?? '')?.digest;
  if (!run || digest === undefined) return row;
  const { repository, head, subject } = row;
  return { repository, head, subject, run: run.id, digest };
}
