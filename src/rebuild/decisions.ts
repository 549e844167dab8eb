import type { RecordDraft } from '../core/model/record.ts';
import type { PullRequestState } from '../review/hosting.ts';
import { isLate } from '../review/pull-request/afterwards.ts';
import { claimsOf, type Claim } from '../review/pull-request/claims.ts';
import { standing } from '../review/pull-request/endings.ts';
import { LETTING, restsOn, whyNot, type Letting } from './named.ts';
import type { Sighting } from './past.ts';

/** What people said about a pull request, and what there is to judge it by. */
export interface Discussion {
  readonly state: PullRequestState;
  /** Those with a text that is believed, oldest first. */
  readonly sightings: readonly Sighting[];
  readonly now: string;
  /** How long an emergency may wait for its review, by the rules as they are now; those of then may be gone. */
  readonly reviewWithinMs: number;
}

/** Who was an approver then, GitHub does not remember: neither teams, nor permissions, nor what was shown to whom. */
const UNKNOWN = 'no verdict that GitHub still has counts it, and who could decide then is not known any more';

/**
 * What GitHub shows that people said, as records. It counts where the gate's own verdict rested on just that: neither the word
 * of a person alone nor that of a verdict alone makes a decision.
 */
export function decisionsOf(
  discussion: Discussion,
  known: ReadonlySet<string>,
  past: readonly RecordDraft[],
): readonly RecordDraft[] {
  const drafts: RecordDraft[] = [];
  for (const claim of claimsOf(discussion.state, [])) {
    if (known.has(claim.source)) continue;
    const draft = isLate(claim, discussion.state)
      ? late(claim, discussion)
      : early(claim, discussion, [...past, ...drafts]);
    if (draft) drafts.push(draft);
  }
  return drafts;
}

function early(
  claim: Claim,
  discussion: Discussion,
  before: readonly RecordDraft[],
): RecordDraft | undefined {
  const { command } = claim;
  if (command.kind === 'help' || command.kind === 'recheck') return undefined;
  if (command.kind === 'wrong') return refused(claim, discussion, 'command', command.message, command.remedy);
  if (command.kind === 'revoke') return ending(claim, command, discussion, before);
  const kind = LETTING.get(command.kind);
  const counted = kind && sightingThatCounts(claim, kind, discussion);
  if (kind && counted?.digest !== undefined) return decided(claim, kind, counted, discussion);
  if (kind && kind !== 'approved' && mayHaveStood(claim, discussion))
    return decided(claim, kind, undefined, discussion);
  const why = discussion.sightings.map(({ told }) => told && whyNot(told, claim.by.login)).findLast(Boolean);
  return refused(claim, discussion, command.kind, why ?? UNKNOWN);
}

/**
 * The first verdict since then that rests on it: what it was about is what that verdict is about. A verdict hears the last word
 * of everybody, so that a later one of the same person is what it rests on.
 */
function sightingThatCounts(
  claim: Claim,
  kind: Letting,
  { state, sightings }: Discussion,
): Sighting | undefined {
  const since = Date.parse(claim.at);
  const later = claimsOf(state, [])
    .filter(({ by, command }) => by.id === claim.by.id && WORDS.has(command.kind))
    .map(({ at }) => Date.parse(at))
    .filter((at) => at > since);
  return sightings.find(({ told, completedAt }) => {
    const at = Date.parse(completedAt ?? '');
    return (
      told !== undefined &&
      at >= since &&
      !later.some((word) => word <= at) &&
      restsOn(told, kind, claim.by.login)
    );
  });
}

const WORDS: ReadonlySet<string> = new Set([...LETTING.keys(), 'revoke']);

/**
 * A verdict names one decision that it rests on, and keeps silent about a waiver that stood beside an approval. Whoever could
 * have made one is taken to have made it: rather an exception too many than one too few.
 */
function mayHaveStood({ by, remark }: Claim, { state, sightings }: Discussion): boolean {
  const hands = [state.author, ...state.commits.flatMap((c) => c.people)];
  const refused = sightings.some(({ told }) => told !== undefined && whyNot(told, by.login) !== undefined);
  return (
    by.kind === 'user' && remark?.insider === true && !refused && !hands.some((who) => who?.id === by.id)
  );
}

/** Without a sighting it is not known what it was about, nor whether it counted. */
function decided(
  claim: Claim,
  kind: Letting,
  sighting: Sighting | undefined,
  { state, now, reviewWithinMs }: Discussion,
): RecordDraft {
  const { command } = claim;
  const due = new Date(Date.parse(claim.at) + reviewWithinMs).toISOString();
  return {
    ...frame(claim, state, now),
    kind,
    actor: {
      ...claim.by,
      role: sighting ? `counted by the verdict of ${sighting.where}` : 'not known whether it counted',
    },
    ...(sighting?.digest === undefined ? {} : { digest: sighting.digest }),
    details: {
      via: claim.via,
      saidAt: claim.at,
      ...(command.kind === 'approve' ? { statement: command.statement } : {}),
      ...(command.kind === 'waive' ? { reason: command.reason, expires: command.expires } : {}),
      ...(command.kind === 'emergency'
        ? { reason: command.reason, incident: command.incident, reviewDue: due }
        : {}),
    },
  };
}

/**
 * One's own is taken back by anybody. Somebody else's, unless a verdict after that still rests on it: rather ended once too
 * often than once too seldom.
 */
function ending(
  claim: Claim,
  { target, reason }: Extract<Claim['command'], { readonly kind: 'revoke' }>,
  discussion: Discussion,
  before: readonly RecordDraft[],
): RecordDraft {
  const wanted = (target ?? claim.by.login).toLowerCase();
  const decision = standing(before).find(({ actor }) => actor.login.toLowerCase() === wanted);
  if (!decision) return refused(claim, discussion, 'revoke', 'Nothing of that person that counts was found.');
  const own = decision.actor.id === claim.by.id;
  const kind = decision.kind as Letting;
  const stillStands = discussion.sightings.some(
    ({ told, completedAt }) =>
      told !== undefined &&
      Date.parse(completedAt ?? '') >= Date.parse(claim.at) &&
      restsOn(told, kind, decision.actor.login),
  );
  if (!own && stillStands)
    return refused(
      claim,
      discussion,
      'revoke',
      'a verdict after it still rests on what was to be taken back',
    );
  const { id, login } = decision.actor;
  return {
    ...frame(claim, discussion.state, discussion.now),
    kind: 'approval-ended',
    actor: { ...claim.by, role: own ? 'own decision' : 'took it back' },
    ...(decision.digest === undefined ? {} : { digest: decision.digest }),
    details: { via: claim.via, saidAt: claim.at, reason, ...(own ? {} : { target: { id, login } }) },
  };
}

/** After the merge no verdict is made any more, so that nothing tells whether whoever reviews then might do so. */
function late(claim: Claim, discussion: Discussion): RecordDraft | undefined {
  const { command } = claim;
  if (command.kind === 'help' || command.kind === 'recheck') return undefined;
  return refused(
    claim,
    discussion,
    command.kind === 'wrong' ? 'command' : command.kind,
    command.kind === 'approve'
      ? 'said after the merge; whether it could be a review of what had been let through is not known any more'
      : 'The pull request was merged, and nothing could be decided about it any more.',
  );
}

function refused(
  claim: Claim,
  { state, now }: Discussion,
  decision: string,
  reason: string,
  remedy?: string,
): RecordDraft {
  return {
    ...frame(claim, state, now),
    kind: 'decision-refused',
    actor: { ...claim.by, role: 'not shown to be eligible' },
    details: { decision, via: claim.via, saidAt: claim.at, reason, remedy },
  };
}

const frame = (
  { source }: Claim,
  { repository, number, head }: PullRequestState,
  at: string,
): Omit<RecordDraft, 'kind' | 'details'> => ({ repository, at, source, pullRequest: number, commit: head });
