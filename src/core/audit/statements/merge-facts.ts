import type { Account } from '../../model/account.ts';
import type { ChangeEntry } from '../../model/audit.ts';
import type { AuditRecord } from '../../model/record.ts';
import { DECISION_KINDS, inForce } from '../decisions.ts';
import { text } from '../details.ts';
import { isRebuilt } from '../rebuilt.ts';
import { indexTrails } from '../trails.ts';

/** A record that a statement rests on: whoever has the records can look it up, and see that it is the same. */
export interface RecordMark {
  readonly record: number;
  readonly hash: string;
}

/** What statements about a merge need besides its row in the population: little, as it is kept for every change of a package. */
export interface MergeFacts {
  /** The commit that the branch got, its tree, and the commit that the branch had before; the last two only where they are on record. */
  readonly commit: string;
  readonly tree: string | undefined;
  readonly onto: string | undefined;
  readonly merged: RecordMark;
  /** Filled in later from what GitHub remembered: nobody judged it when it was merged. */
  readonly rebuilt: boolean;
  /** When the verdict was on record that it was merged with. */
  readonly judgedAt: string;
  readonly verdict: RecordMark | undefined;
  readonly answers: readonly RecordMark[];
  /** Of the answers those that accept a risk. */
  readonly accepted: readonly RecordMark[];
  /** Hashes of the decisions on it, by the number of their record. */
  readonly decisions: ReadonlyMap<number, string>;
  /** Whose approval stood for just this content when it was merged, and whose had been given and did not. */
  readonly approvers: readonly Account[];
  readonly dismissed: readonly Account[];
}

const OBJECT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** Of the merges among these changes; one whose commit is not on record is about nothing that can be stated. */
export function mergeFactsOf(
  changes: readonly ChangeEntry[],
  records: readonly AuditRecord[],
): ReadonlyMap<ChangeEntry, MergeFacts> {
  const trailOf = indexTrails(records);
  return new Map(
    changes.flatMap((change) => {
      const facts = change.pullRequest === undefined ? undefined : factsOf(change, trailOf(change));
      return facts ? [[change, facts] as const] : [];
    }),
  );
}

function factsOf(change: ChangeEntry, trail: readonly AuditRecord[]): MergeFacts | undefined {
  const merged = trail.find((r) => r.kind === 'merged');
  const commit = text(merged?.details['mergeCommit']);
  if (!merged || commit === undefined || !OBJECT.test(commit)) return undefined;
  const before = trail.filter((r) => r.sequence < merged.sequence);
  const verdict = trail.find((r) => r.sequence === change.verdict?.record);
  const tree = text(merged.details['tree']);
  const answered = before.filter((r) => r.kind === 'answered');
  return {
    commit,
    tree: tree !== undefined && OBJECT.test(tree) ? tree : undefined,
    onto: tipBefore(merged),
    merged: markOf(merged),
    rebuilt: isRebuilt(merged),
    judgedAt: (verdict ?? merged).at,
    verdict: verdict && markOf(verdict),
    answers: answered.map(markOf),
    accepted: answered.filter((r) => r.details['answer'] === 'accept').map(markOf),
    decisions: new Map(trail.filter((r) => DECISION_KINDS.includes(r.kind)).map((r) => [r.sequence, r.hash])),
    ...approversOf(change, before),
  };
}

/** Of a squash or a rebase the first parent may be a commit of the same change: only of a merge it is the tip before. */
function tipBefore({ details }: AuditRecord): string | undefined {
  const first = text(details['onto']);
  return details['parents'] === 2 && first !== undefined && OBJECT.test(first) ? first : undefined;
}

const markOf = ({ sequence, hash }: AuditRecord): RecordMark => ({ record: sequence, hash });

function approversOf(
  change: ChangeEntry,
  before: readonly AuditRecord[],
): Pick<MergeFacts, 'approvers' | 'dismissed'> {
  const standing = accountsOf(inForce('approved', before, change.verdict?.digest, change.at));
  const ever = accountsOf(before.filter((r) => r.kind === 'approved'));
  return {
    approvers: [...standing.values()],
    dismissed: [...ever].filter(([id]) => !standing.has(id)).map(([, account]) => account),
  };
}

/** By the number that never changes; the name is the last one. */
function accountsOf(records: readonly AuditRecord[]): ReadonlyMap<string, Account> {
  return new Map(
    records.flatMap(({ actor }) =>
      actor ? [[actor.id, { id: actor.id, login: actor.login, kind: actor.kind }] as const] : [],
    ),
  );
}
