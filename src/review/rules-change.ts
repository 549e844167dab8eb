import { requiredness, rulesText, statementsOf, type RuledBranch } from '../core/audit/branch-rules.ts';
import { heldRules } from '../core/audit/configuration.ts';
import { digestOf } from '../core/digest.ts';
import type { RecordDraft } from '../core/model/record.ts';
import { later, type LookDeps } from './deps.ts';
import { NotThere, Refused } from './hosting-errors.ts';
import type { BranchTip, Hosting, RepositoryState } from './hosting.ts';
import { text } from './pull-request/said.ts';
import type { Changes, Document, Instant, RepositoryRow } from './store.ts';

/** GitHub tells an App of changed rules only with rights that it does not need otherwise, so they are read now and then. */
const READ_EVERY_MS = 6 * 60 * 60_000;
/** Branches whose rules are read; the default branch is the first one. */
const MOST_BRANCHES = 20;

export interface RulesChange extends Required<Pick<Changes, 'records' | 'documents'>> {
  /** When they were read. */
  readonly readAt: Instant;
}

/**
 * What GitHub itself demands of the guarded branches, and who need not obey: on record whenever it is something else than
 * before, because GitHub forgets it. Undefined when it was read a short while ago.
 */
export async function rulesChange(
  { repository, defaultBranch }: RepositoryState,
  guarded: readonly BranchTip[],
  row: RepositoryRow | undefined,
  hosting: Hosting,
  { store, now, checkName }: Pick<LookDeps, 'store' | 'now' | 'checkName'>,
): Promise<RulesChange | undefined> {
  const at = now();
  if (row?.rulesReadAt !== undefined && at < later(row.rulesReadAt, READ_EVERY_MS)) return undefined;
  const branches = await ruledBranches(repository, guarded, hosting);
  const whole = rulesText(branches);
  const document: Document = { digest: digestOf(whole), kind: 'rules', text: whole };
  const past = await store.records({ repository: repository.id, kinds: ['rules-changed'] });
  const last = past.at(-1);
  const before = text(last?.details['after']);
  if (before === document.digest) return { readAt: at, records: [], documents: [] };
  const statements = statementsOf(branches);
  const held = heldRules(past);
  const record: RecordDraft = {
    kind: 'rules-changed',
    repository,
    at,
    // Rules may come back that were there before.
    source: `rules/${document.digest}/${last?.sequence ?? 0}`,
    details: {
      before,
      after: document.digest,
      document: document.digest,
      branch: defaultBranch,
      required: requiredness(checkName, branches.find(({ branch }) => branch === defaultBranch)?.rules),
      begins: statements.filter((sentence) => !held.includes(sentence)),
      ends: held.filter((sentence) => !statements.includes(sentence)),
    },
  };
  return { readAt: at, records: [record], documents: [document] };
}

async function ruledBranches(
  repository: RepositoryState['repository'],
  guarded: readonly BranchTip[],
  hosting: Hosting,
): Promise<readonly RuledBranch[]> {
  const out: RuledBranch[] = [];
  for (const { name: branch } of guarded.slice(0, MOST_BRANCHES)) {
    try {
      out.push({ branch, rules: await hosting.branchRules(repository, branch) });
    } catch (error) {
      // A branch that is gone meanwhile has no rules; what is refused is said to be unknown.
      if (error instanceof Refused) out.push({ branch, rules: undefined });
      else if (!(error instanceof NotThere)) throw error;
    }
  }
  return out;
}
