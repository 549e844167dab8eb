import { canonicalJson, digestOf } from '../core/digest.ts';
import type { CheckRunReport } from '../core/report/check-run.ts';
import { readExternalId, writeExternalId } from '../core/report/external-id.ts';
import { begin, later, SETTLED_MS, type LookDeps } from './deps.ts';
import { Later, NotThere, RateLimited, Refused, Rejected } from './hosting-errors.ts';
import type { FoundCheck, Hosting, WrittenCheck } from './hosting.ts';
import type { Changes, CheckRow, Lease } from './store.ts';
import type { RepositoryRef, Work } from './work.ts';

/** What is to be shown, and where. */
export interface CheckPlan {
  readonly repository: RepositoryRef;
  readonly head: string;
  /** `pull/12` or `group`. */
  readonly subject: string;
  readonly digest: string;
  readonly report: CheckRunReport;
  /** This subject's own conclusion, which another pull request with the same head may have to respect. */
  readonly conclusion: string;
  /** Who has to be looked at when the conclusion is another than before: asked for in the step that stores it. */
  readonly dependents?: readonly Work[];
}

/**
 * Shows the report: creates the check run, brings it up to date, or does nothing when it stands there already. Before GitHub
 * is asked to create one, the intent is stored; an intent without a run means that nobody knows whether it was created, and
 * then it is searched for, once GitHub's lists can be trusted to show it.
 */
export async function publishCheck(
  plan: CheckPlan,
  lease: Lease,
  hosting: Hosting,
  deps: LookDeps,
): Promise<CheckRow> {
  const row = (await deps.store.checks(plan.repository.id, plan.head)).find(
    (c) => c.subject === plan.subject,
  );
  const externalId = writeExternalId({
    repository: plan.repository.id,
    subject: plan.subject,
    digest: plan.digest,
  });
  const written = digestOf(canonicalJson([externalId, plan.report]));
  if (row?.run !== undefined && row.written === written)
    return row.conclusion === plan.conclusion
      ? row
      : save({ ...row, conclusion: plan.conclusion }, lease, deps, plan.dependents);
  const run = row?.run ?? (await searchRun(row, lease, hosting, deps))?.id;
  const check = { head: plan.head, externalId, ...detailsOf(plan, deps), report: plan.report };
  const answer =
    run === undefined
      ? await create(plan, () => hosting.createCheck(plan.repository, check), lease, deps)
      : await update(plan, () => hosting.updateCheck(plan.repository, run, check), lease, deps);
  return save(
    {
      ...rowOf(plan),
      run: answer.id,
      written,
      conclusion: plan.conclusion,
      digest: plan.digest,
      shownAt: answer.at,
    },
    lease,
    deps,
    row?.conclusion === plan.conclusion ? [] : plan.dependents,
  );
}

/** Leads to its page, or, for a merge group, to that of its repository. Nothing is written for the sake of it alone. */
function detailsOf(
  { repository, subject }: CheckPlan,
  { pagesUrl }: LookDeps,
): { readonly detailsUrl?: string } {
  if (pagesUrl === undefined) return {};
  const path = subject.startsWith('pull/') ? `${repository.name}/${subject}` : repository.name;
  return { detailsUrl: `${pagesUrl}/${path}` };
}

const rowOf = (plan: CheckPlan): CheckRow => ({
  repository: plan.repository,
  head: plan.head,
  subject: plan.subject,
});

/** The run of an earlier try of which nobody knows the end; undefined when there is certainly none. */
export async function searchRun(
  row: CheckRow | undefined,
  lease: Lease,
  hosting: Hosting,
  deps: LookDeps,
): Promise<FoundCheck | undefined> {
  if (row?.intent === undefined) return undefined;
  const settled = later(row.intent, SETTLED_MS);
  if (deps.now() < settled) throw new Later('a check run may have been created a moment ago', settled);
  await deps.renew(lease);
  const found = (await hosting.findChecks(row.repository, row.head)).filter((c) => {
    const id = readExternalId(c.externalId);
    return id?.repository === row.repository.id && id.subject === row.subject;
  });
  return found.sort((a, b) => a.id - b.id)[0];
}

async function create(
  plan: CheckPlan,
  ask: () => Promise<WrittenCheck>,
  lease: Lease,
  deps: LookDeps,
): Promise<WrittenCheck> {
  await begin(lease, deps, (intent) => save({ ...rowOf(plan), intent }, lease, deps));
  try {
    return await ask();
  } catch (error) {
    // These say that nothing was created; anything else leaves the intent, so that the next look searches first.
    if (error instanceof RateLimited || error instanceof Refused || error instanceof Rejected)
      await save(rowOf(plan), lease, deps);
    throw error;
  }
}

async function update(
  plan: CheckPlan,
  ask: () => Promise<WrittenCheck>,
  lease: Lease,
  deps: LookDeps,
): Promise<WrittenCheck> {
  await deps.renew(lease);
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof NotThere)) throw error;
    // GitHub deletes runs of long ago. Whether this is one is found out by the next look, which searches first.
    const intent = deps.now();
    await save({ ...rowOf(plan), intent }, lease, deps);
    throw new Later('the check run is not there any more', later(intent, SETTLED_MS));
  }
}

async function save(
  row: CheckRow,
  lease: Lease,
  deps: LookDeps,
  want: readonly Work[] = [],
): Promise<CheckRow> {
  const shown: Pick<Changes, 'shown'> =
    row.digest !== undefined && row.shownAt !== undefined && row.subject.startsWith('pull/')
      ? {
          shown: {
            repository: row.repository,
            number: Number(row.subject.slice('pull/'.length)),
            shown: { head: row.head, digest: row.digest, at: row.shownAt },
          },
        }
      : {};
  await deps.store.apply(lease, { checks: [row], want, ...shown }, deps.now());
  return row;
}
