import type { AuditRecord } from '../../core/model/record.ts';
import { text } from '../pull-request/said.ts';
import type { Lease, Store } from '../store.ts';
import type { RepositoryRef, Subject, Work } from '../work.ts';

export type Group = Extract<Subject, { kind: 'merge-group' }>;

/** `refs/heads/gh-readonly-queue/<base, may have slashes>/pr-<number>-<parent>` */
const REF = /^refs\/heads\/gh-readonly-queue\/(.+)\/pr-([1-9]\d{0,14})-([0-9a-f]{40})$/;

/** The pull request that a group is built for; 0 when its ref names none. */
export const numberOf = ({ headRef }: Group): number => Number(REF.exec(headRef)?.[2] ?? 0);

/** Groups that stand on this one and were judged after it was judged for the first time. */
export async function standingOn(
  { repository, headSha }: Group,
  first: AuditRecord,
  { work }: Lease,
  store: Pick<Store, 'records'>,
): Promise<readonly Work[]> {
  const since = await store.records({
    repository: repository.id,
    kinds: ['merge-group-evaluated'],
    from: first.sequence + 1,
  });
  return since
    .filter((r) => r.details['parent'] === headSha)
    .flatMap((r) => workOf(r, repository, work.installation));
}

/**
 * The group of a pull request that does not pass any more, if its last one did: an approval can be taken back while the
 * queue waits, and what GitHub would merge is the group. Empty once the group is judged anew, or when the head has moved,
 * which makes the queue drop it.
 */
export async function groupInDoubt(
  repository: RepositoryRef,
  number: number,
  { work }: Lease,
  store: Pick<Store, 'pullRequest' | 'records'>,
): Promise<readonly Work[]> {
  const row = await store.pullRequest(repository.id, number);
  if (row?.state !== 'open' || row.conclusion === undefined || row.conclusion === 'success') return [];
  const groups = await store.records({
    repository: repository.id,
    pullRequest: number,
    kinds: ['merge-group-evaluated'],
  });
  const last = groups.at(-1);
  return last?.details['passes'] === true && last.details['pullRequestHead'] === row.head
    ? workOf(last, repository, work.installation)
    : [];
}

/** The group with this head, if one was judged. */
export async function groupAt(
  repository: RepositoryRef,
  headSha: string,
  { work }: Lease,
  store: Pick<Store, 'records'>,
): Promise<readonly Work[]> {
  const all = await store.records({ repository: repository.id, kinds: ['merge-group-evaluated'] });
  const last = all.findLast((r) => r.commit === headSha);
  return last ? workOf(last, repository, work.installation) : [];
}

function workOf(record: AuditRecord, repository: RepositoryRef, installation: number): readonly Work[] {
  const [headRef, baseRef] = [text(record.details['headRef']), text(record.details['baseRef'])];
  const [headSha, baseSha] = [record.commit, text(record.details['parent'])];
  if (headRef === undefined || baseRef === undefined || headSha === undefined || baseSha === undefined)
    return [];
  return [{ installation, subject: { kind: 'merge-group', repository, headRef, headSha, baseRef, baseSha } }];
}
