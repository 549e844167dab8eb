import type { AuditRecord, RecordDraft } from '../core/model/record.ts';
import type { AskedQuestion } from '../core/model/question.ts';
import type { PullRequestState } from '../review/hosting.ts';
import { ownRows } from '../review/afresh/comments.ts';
import { reviewedBefore } from '../review/pull-request/afterwards.ts';
import { answer } from '../review/pull-request/answers.ts';
import { standing } from '../review/pull-request/endings.ts';
import { aboutVerdict } from '../review/pull-request/evaluated.ts';
import type { Document } from '../review/store.ts';
import type { PolicyReading } from '../review/read-policy.ts';
import { decisionsOf } from './decisions.ts';
import { aboutHead, documentOf, evaluationsOf } from './evaluations.ts';
import { exceptionsIn, restsOn } from './named.ts';
import type { Past, Sighting } from './past.ts';

/** A merged pull request with all that GitHub shows of it, and what is on record about it already. */
export interface Merge {
  readonly state: PullRequestState & { readonly merged: NonNullable<PullRequestState['merged']> };
  /** All there are of it and its merge commit. */
  readonly sightings: readonly Sighting[];
  readonly past: readonly AuditRecord[];
  /** Rules as they are now. */
  readonly reading: PolicyReading;
  /** Whether the branch is one that is guarded now. */
  readonly isProtected: boolean;
  readonly hosting: Past['hosting'];
  readonly now: string;
}

export interface Rebuilt {
  /** In the order in which it happened, the merge last but for what follows from it. */
  readonly drafts: readonly RecordDraft[];
  readonly documents: readonly Document[];
  /** Why the merge cannot be explained; undefined when it can. */
  readonly missing: string | undefined;
}

const DAY_MS = 86_400_000;

/** How it came in, as far as GitHub can show it. What it cannot show is never put down in favour of the change. */
export async function rebuildMerge(merge: Merge): Promise<Rebuilt> {
  const { state, past, reading, now } = merge;
  const own = ordered(merge.sightings.filter((s) => s.subject === `pull/${state.number}`));
  const believed = own.filter((s) => s.told !== undefined && wasBefore(s, state.merged.at));
  const known = new Set(past.map((r) => r.source.replace(/\/of\/.*$/, '')));
  const evaluated = evaluationsOf(believed, merge);
  const said = decisionsOf(
    { state, sightings: believed, now, reviewWithinMs: reading.policy.emergency.reviewWithinDays * DAY_MS },
    known,
    past,
  );
  const answered = await answersOf(believed, merge);
  const at = own.findLast((s) => s.head === state.head);
  const spoken = [...past, ...said];
  const group = groupOf(merge);
  const reason = pastTheGate(at, state) ?? pastTheQueue(group);
  const missing = reason === undefined ? whatIsMissing(at, merge, spoken) : undefined;
  const told = missing === undefined || reason !== undefined ? at?.told : undefined;
  const merged = mergedRecord(merge, at, missing, spoken);
  const bypass: RecordDraft = {
    ...merged,
    kind: 'bypassed',
    source: `bypassed/${state.number}`,
    details: { reason, title: told?.head.title, mergedAt: state.merged.at },
  };
  return {
    drafts: [
      ...inTime([...evaluated.drafts, ...said.filter(isEarly(state)), ...answered]),
      ...(group ? [group] : []),
      merged,
      ...(reason === undefined ? [] : [bypass]),
      ...reviewedBefore(spoken, merged.digest ?? '', now),
      ...said.filter((draft) => !isEarly(state)(draft)),
    ],
    documents: evaluated.documents,
    missing,
  };
}

const ordered = (sightings: readonly Sighting[]): readonly Sighting[] =>
  [...sightings].sort((a, b) => Date.parse(a.completedAt ?? '') - Date.parse(b.completedAt ?? '') || 0);

const wasBefore = ({ completedAt }: Sighting, mergedAt: string): boolean =>
  Date.parse(completedAt ?? '') <= Date.parse(mergedAt);

const toldAt = ({ details }: RecordDraft): number => {
  const at = details['saidAt'] ?? details['shownAt'];
  return typeof at === 'string' ? Date.parse(at) : NaN;
};

const isEarly =
  ({ merged }: Merge['state']) =>
  (draft: RecordDraft): boolean =>
    !(toldAt(draft) >= Date.parse(merged.at));

/** What cannot be dated stays where it is. */
const inTime = (drafts: readonly RecordDraft[]): readonly RecordDraft[] =>
  [...drafts].sort((a, b) => toldAt(a) - toldAt(b) || 0);

/** Replies to questions of ours; who ticked a box is not told by GitHub. */
async function answersOf(
  believed: readonly Sighting[],
  { state, past, hosting, now }: Merge,
): Promise<readonly RecordDraft[]> {
  const questions = new Map<string, AskedQuestion>();
  for (const { told } of believed)
    for (const q of told?.whole?.questions ?? [])
      questions.set(JSON.stringify([q.id, q.scope, q.address]), q);
  if (questions.size === 0 || state.ownComments.length === 0) return [];
  const asked = { state, questions: [...questions.values()], comments: ownRows(state), hosting, now };
  return answer([], past, asked);
}

/** What the gate showed stands against the merge, where it can be told that it showed it by then. */
function pastTheGate(at: Sighting | undefined, { merged, number }: Merge['state']): string | undefined {
  if (!at || at.conclusion === undefined || at.conclusion === 'success' || !wasBefore(at, merged.at))
    return undefined;
  const title = at.told ? `: ${at.told.head.title}` : '';
  return `Merged while the check of #${number} said ${at.conclusion}${title}.`;
}

function pastTheQueue(group: RecordDraft | undefined): string | undefined {
  return group?.details['passes'] === false
    ? 'Merged by the queue although the group was not proven: its check was not green.'
    : undefined;
}

/** The group that a queue merged: its commit is the merge. */
function groupOf({ state, sightings, past, now }: Merge): RecordDraft | undefined {
  const { commit, at } = state.merged;
  const found = ordered(sightings).findLast((s) => s.subject === 'group' && s.head === commit);
  const known = past.some((r) => r.kind === 'merge-group-evaluated' && r.commit === commit);
  if (!found || known || !wasBefore(found, at)) return undefined;
  return {
    kind: 'merge-group-evaluated',
    repository: state.repository,
    at: now,
    source: `group/${found.head}/0`,
    pullRequest: state.number,
    commit: found.head,
    ...(found.digest === undefined ? {} : { digest: found.digest }),
    details: {
      passes: found.conclusion === 'success',
      baseRef: state.baseRef,
      shownAt: found.completedAt,
      where: found.where,
    },
  };
}

/** The first thing without which nobody can say why it could pass. */
function whatIsMissing(
  at: Sighting | undefined,
  { state }: Pick<Merge, 'state'>,
  spoken: readonly RecordDraft[],
): string | undefined {
  if (!at)
    return 'No verdict on what was merged is on GitHub any more: the gate was not there, or its check is deleted, as GitHub does after 400 days';
  const { told, where } = at;
  if (at.conclusion === undefined) return `The check had come to nothing: ${where} is not finished`;
  if (!wasBefore(at, state.merged.at))
    return `What the check said when it was merged is not known: ${where} was written at ${at.completedAt ?? 'no instant that is known'}, after it`;
  if (!told) return `The verdict is not believed: ${where} ${at.why ?? 'has none'}`;
  const lost = exceptionsIn(told).find((kind) => !isShown(kind, at, spoken));
  return lost === undefined
    ? undefined
    : `The verdict of ${where} rests on ${lost === 'waived' ? 'a waiver' : 'an emergency'} that GitHub does not show any more`;
}

function isShown(
  kind: 'waived' | 'emergency',
  { told, digest }: Sighting,
  spoken: readonly RecordDraft[],
): boolean {
  return standing(spoken).some(
    (d) => d.kind === kind && d.digest === digest && told !== undefined && restsOn(told, kind, d.actor.login),
  );
}

function mergedRecord(
  { state, isProtected, now }: Merge,
  at: Sighting | undefined,
  missing: string | undefined,
  spoken: readonly RecordDraft[],
): RecordDraft {
  const { merged, author } = state;
  const told = at !== undefined && wasBefore(at, merged.at) ? at.told : undefined;
  const document = told?.whole && documentOf(told.whole).digest;
  const digest = told?.head.digest;
  return {
    kind: 'merged',
    repository: state.repository,
    at: now,
    source: `merged/${state.number}`,
    ...(merged.by ? { actor: { ...merged.by, role: 'merged it' } } : {}),
    pullRequest: state.number,
    commit: state.head,
    ...(digest === undefined ? {} : { digest }),
    details: {
      mergedAt: merged.at,
      mergeCommit: merged.commit,
      tree: merged.tree,
      parents: merged.parents,
      baseRef: state.baseRef,
      check: at && wasBefore(at, merged.at) ? (at.conclusion ?? 'none') : 'none',
      protected: isProtected,
      ...(told ? (told.whole ? aboutVerdict(told.whole) : aboutHead(told.head)) : {}),
      author: { ...author },
      document,
      rests: standing(spoken)
        .filter((d) => digest !== undefined && d.digest === digest)
        .map((d) => d.source),
      missing,
    },
  };
}
