import type { Account, Contributors } from '../model/account.ts';
import type { DecisionKind } from '../model/approval.ts';
import type { Policy } from '../model/policy.ts';

export interface EligibilityInput {
  readonly actor: Account;
  readonly kind: DecisionKind;
  readonly policy: Policy;
  readonly contributors: Contributors;
  /** Account ids of those who accepted a risk on this change. */
  readonly acceptedBy: readonly string[];
  /** Those of the teams named in the policy that the actor is an active member of, as `organisation/team`. */
  readonly membership: readonly string[];
  /** Permission on the repository: decides where the policy names nobody, and for the author of a solo repository. */
  readonly permission?: 'admin' | 'write' | 'read' | 'none';
}

export interface Eligibility {
  readonly eligible: boolean;
  /** What the actor was at that moment, for the record: `approver (team acme/security)`, `author`. */
  readonly role: string;
  /** Why not, and where possible what to do; begins in lower case, without a full stop. Names are not escaped. */
  readonly reason?: string;
}

/**
 * Whether somebody's decision counts, judged by what is known at the moment of the decision. Two things are asked: may
 * this person decide (named, or in a team that is), and are they independent of the change. What is not known counts
 * against it. Identity is the account's id; logins only match the policy, which knows nothing else.
 */
export function judgeEligibility(input: EligibilityInput): Eligibility {
  if (input.actor.kind !== 'user')
    return refuse(input.actor.kind, 'only people decide, not apps or organisations');
  const named = namedAs(input);
  if (isSoloAuthor(input, named)) return { eligible: true, role: 'solo, compensating review' };
  const dependent = dependence(input);
  if (dependent) return dependent;
  if (named) return { eligible: true, role: named };
  return refuse(outsiderRole(input), outsiderReason(input));
}

/** One-person repositories: the author may decide, if it is their repository. Whoever opens a pull request from outside is an author too. */
function isSoloAuthor(input: EligibilityInput, named: string | undefined): boolean {
  const { policy, actor, contributors, permission } = input;
  if (!policy.approval.solo || actor.id !== contributors.author.id) return false;
  return named !== undefined || permission === 'admin' || permission === 'write';
}

/** In which role the actor may decide at all; undefined when they may not. */
function namedAs(input: EligibilityInput): string | undefined {
  const { policy, kind, permission } = input;
  const { approval, emergency } = policy;
  const asApprover = matchIn(approval, input);
  if (asApprover) return `approver (${asApprover})`;
  const asEmergency = kind === 'emergency' ? matchIn(emergency, input) : undefined;
  if (asEmergency) return `emergency approver (${asEmergency})`;
  if (namesSomebody(policy, kind)) return undefined;
  return permission === 'admin' || permission === 'write' ? permission : undefined;
}

function matchIn(
  names: { readonly users: readonly string[]; readonly teams: readonly string[] },
  { actor, membership }: EligibilityInput,
): string | undefined {
  if (names.users.some((login) => sameName(login, actor.login))) return 'user';
  const team = names.teams.find((t) => membership.some((m) => sameName(m, t)));
  return team === undefined ? undefined : `team ${team}`;
}

function namesSomebody({ approval, emergency }: Policy, kind: DecisionKind): boolean {
  const names = [...approval.users, ...approval.teams];
  if (kind === 'emergency') names.push(...emergency.users, ...emergency.teams);
  return names.length > 0;
}

/** Logins and teams are ASCII; nothing else may be folded into them. */
function sameName(a: string, b: string): boolean {
  return a === b || (ascii(a) && ascii(b) && a.toLowerCase() === b.toLowerCase());
}

const ascii = (name: string): boolean => /^[\x21-\x7e]+$/.test(name);

/** What ties the actor to the change, or leaves open whether something does. */
function dependence({ actor, policy, contributors, acceptedBy }: EligibilityInput): Eligibility | undefined {
  const { author, committers, pushers, unattributable } = contributors;
  const isActor = (account: Account): boolean => account.id === actor.id;
  if (isActor(author) && policy.approval.solo)
    return refuse('author', 'is the author, and not known to have write permission on the repository');
  if (isActor(author)) return refuse('author', `is the author of the change; ${ASK_ANOTHER}`);
  if (committers.some(isActor))
    return refuse('committer', `wrote or committed part of the change; ${ASK_ANOTHER}`);
  if (pushers?.some(isActor)) return refuse('pusher', `pushed to the branch of the change; ${ASK_ANOTHER}`);
  if (acceptedBy.includes(actor.id))
    return refuse('risk acceptor', `accepted a risk of this change; ${ASK_ANOTHER}`);
  if (contributors.unlisted === true) return refuse('unknown independence', UNLISTED);
  if (contributors.forgotten === true) return refuse('unknown independence', FORGOTTEN);
  if (unattributable.length > 0) return refuse('unknown independence', unattributed(unattributable));
  if (pushers === undefined)
    return refuse(
      'unknown independence',
      'nobody can tell who pushed the last commit, so nobody can be shown to be independent; push once more (an empty commit will do) and decide again',
    );
  return undefined;
}

const ASK_ANOTHER = 'somebody else has to decide';

const UNLISTED =
  'the pull request has more commits than GitHub lists, so nobody can be shown to be independent of all of them; squash them, or split the pull request';

const FORGOTTEN =
  'not everybody who had a hand in the change over time is remembered, so nobody can be shown to be independent of all of them; open a new pull request for it';

function unattributed(commits: readonly string[]): string {
  const shown = commits.slice(0, 3).map((id) => `\`${id.slice(0, 10)}\``);
  const more = commits.length - shown.length;
  const which = `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  return `no account belongs to the author or committer of ${which}, so nobody can be shown to be independent; add the e-mail address to the account of whoever wrote it, or commit again under a known one`;
}

function outsiderRole({ policy, kind, permission }: EligibilityInput): string {
  return namesSomebody(policy, kind) ? 'not named' : `${permission ?? 'unknown'} permission`;
}

function outsiderReason({ policy, kind, permission }: EligibilityInput): string {
  if (!namesSomebody(policy, kind))
    return permission === undefined
      ? 'the permission on the repository could not be looked up; try again'
      : 'has no write permission on the repository, and the policy names no approvers';
  const { approval, emergency } = policy;
  const lists = kind === 'emergency' ? [approval, emergency] : [approval];
  const names = [...new Set(lists.flatMap((l) => [...l.teams, ...l.users]))].map((n) => `@${n}`);
  const more = names.length - 5;
  const who = `${names.slice(0, 5).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  return `is neither named in the policy nor in a team named there; may decide: ${who}`;
}

function refuse(role: string, reason: string): Eligibility {
  return { eligible: false, role, reason };
}
