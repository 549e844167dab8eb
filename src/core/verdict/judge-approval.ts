import type { Approval, Approvals } from '../model/approval.ts';
import type { Policy } from '../model/policy.ts';
import type { Judgement } from '../model/verdict.ts';
import { judge } from './judgement.ts';

const TITLE = 'Somebody independent approved exactly this';

/** TM004: an independent, eligible person's yes on the final content, or a stated exception. */
export function judgeApproval(
  required: boolean,
  approvals: Approvals,
  digest: string,
  policy: Policy,
  at: string,
): Judgement {
  if (!required) return judge('TM004', TITLE, 'not-applicable', 'The policy asks for no approval.');
  const standing = standingEntries(approvals.entries);
  const valid = standing.find((e) => isInForce(e, digest, at));
  if (valid) return judge('TM004', TITLE, 'pass', describe(valid));
  const children = standing.map((e) =>
    judge('TM004.entry', `By @${e.actor.login}`, 'info', whyNot(e, digest, at)),
  );
  return judge('TM004', TITLE, 'pending', `Waits for ${whom(policy)}.`, {
    remedy: 'An eligible person approves the pull request, or comments `/threatgate approve`.',
    children,
  });
}

/** A waiver or emergency in force: it excuses what a rule says, and is a record of its own. */
export function exceptionInForce(approvals: Approvals, digest: string, at: string): Approval | undefined {
  return standingEntries(approvals.entries).find(
    (e) => (e.kind === 'waive' || e.kind === 'emergency') && isInForce(e, digest, at),
  );
}

const isInForce = (e: Approval, digest: string, at: string): boolean =>
  e.eligible && e.digest === digest && (!e.expires || e.expires > at);

/** The last word of every person; a revocation takes back what its author said before. */
function standingEntries(entries: readonly Approval[]): Approval[] {
  const last = new Map<string, Approval>();
  for (const e of entries) {
    last.delete(e.actor.id);
    if (e.kind !== 'revoke') last.set(e.actor.id, e);
  }
  return [...last.values()];
}

export function describe(e: Approval): string {
  const reason = e.reason ? `: ${e.reason}` : '';
  switch (e.kind) {
    case 'waive':
      return `Waived by @${e.actor.login}${e.expires ? ` until ${e.expires}` : ''}${reason}`;
    case 'emergency':
      return `Let through as an emergency (${e.incident ?? 'no incident named'}) by @${e.actor.login}${reason}; a review afterwards is due.`;
    default:
      return `Approved by @${e.actor.login} at ${e.at}.`;
  }
}

function whyNot(e: Approval, digest: string, at: string): string {
  if (!e.eligible) return `Does not count: ${e.reason ?? 'not eligible'}.`;
  if (e.digest !== digest) return 'Was given for other content: the facts or the model changed since.';
  if (e.expires && e.expires <= at) return `Ran out on ${e.expires}.`;
  return 'Does not count.';
}

export function whom(policy: Policy): string {
  const named = [...policy.approval.teams, ...policy.approval.users].map((n) =>
    n.startsWith('@') ? n : `@${n}`,
  );
  if (named.length > 0) return `approval by ${named.join(' or ')}, not the author`;
  return 'approval by somebody other than the author and the committers';
}
