import { differenceOf } from '../approval/grounds.ts';
import { standingOf, type Standing } from '../approval/standing.ts';
import type { Approval, Approvals } from '../model/approval.ts';
import type { Policy } from '../model/policy.ts';
import type { Judgement } from '../model/verdict.ts';
import { judge } from './judgement.ts';

const TITLE = 'Somebody independent approved exactly this';

export interface ApprovalCase {
  readonly required: boolean;
  readonly approvals: Approvals;
  readonly digest: string;
  readonly policy: Policy;
  readonly at: string;
  /** What there is to approve now: `groundsOf`. Asked for only when an earlier decision has to be explained. */
  readonly grounds: () => readonly string[];
}

/** TM004: an independent, eligible person's yes on the final content, or a stated exception. */
export function judgeApproval(c: ApprovalCase): Judgement {
  if (!c.required) return judge('TM004', TITLE, 'not-applicable', 'The policy asks for no approval.');
  const standing = standingOf(c.approvals.entries);
  const valid = standing.find((s) => isInForce(s, c.digest, c.at));
  if (valid) return judge('TM004', TITLE, 'pass', describe(valid.entry));
  const children = standing.map((s) =>
    judge('TM004.entry', `By @${s.entry.actor.login}`, 'info', whyNot(s, c)),
  );
  return judge('TM004', TITLE, 'pending', `Waits for ${whom(c.policy)}.`, {
    remedy: 'An eligible person approves the pull request, or comments `/threatgate approve`.',
    children,
  });
}

/** A waiver or emergency in force: it excuses what a rule says, and is a record of its own. */
export function exceptionInForce(
  approvals: Approvals,
  digest: string,
  at: string,
  doubtful: boolean,
): Approval | undefined {
  const inForce = standingOf(approvals.entries).filter((s) => isInForce(s, digest, at));
  const kinds = doubtful ? (['emergency'] as const) : (['emergency', 'waive'] as const);
  return kinds.flatMap((kind) => inForce.filter((s) => s.entry.kind === kind))[0]?.entry;
}

const isInForce = ({ entry: e, takenBack }: Standing, digest: string, at: string): boolean =>
  !takenBack && e.eligible && e.digest === digest && (!e.expires || e.expires > at);

export function describe(e: Approval): string {
  const reason = e.reason ? `: ${e.reason}` : '';
  switch (e.kind) {
    case 'waive':
      return `Waived by @${e.actor.login}${e.expires ? ` until ${e.expires}` : ''}${reason}`;
    case 'emergency':
      return `Let through as an emergency (${e.incident ?? 'no incident named'}) by @${e.actor.login}${reason}; a review afterwards is due.`;
    default:
      return `Approved by @${e.actor.login}${e.role ? `, ${e.role},` : ''} at ${e.at}.`;
  }
}

/** A decision that does not hold is explained: who took it back, what changed since, when it ran out. */
function whyNot({ entry: e, takenBack }: Standing, c: ApprovalCase): string {
  if (takenBack) {
    const by = takenBack.actor.id === e.actor.id ? '' : ` by @${takenBack.actor.login}`;
    return `Was taken back${by} at ${takenBack.at}${takenBack.reason ? `: ${takenBack.reason}` : '.'}`;
  }
  if (!e.eligible) return `Does not count: ${e.reason ?? 'not eligible'}.`;
  if (e.digest !== c.digest) {
    const difference = e.facts && differenceOf(e.facts, c.grounds());
    return `Was given for other content${difference ? `. Since then ${difference}.` : ': the facts or the model changed since.'}`;
  }
  if (e.expires && e.expires <= c.at) return `Ran out on ${e.expires}.`;
  return 'Does not count.';
}

/** Names in a sentence; whoever wants all of them opens the policy. */
const NAMED = 5;

export function whom(policy: Policy): string {
  const named = [...policy.approval.teams, ...policy.approval.users].map((n) =>
    n.startsWith('@') ? n : `@${n}`,
  );
  const who =
    named.length > NAMED
      ? `${named.slice(0, NAMED).join(', ')} or one of ${named.length - NAMED} others`
      : named.join(' or ');
  if (named.length > 0) return `approval by ${who}, not the author`;
  return 'approval by somebody other than the author and the committers';
}
