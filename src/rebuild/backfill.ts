import { happenedAt } from '../core/audit/rebuilt.ts';
import { CATALOGUE_VERSION } from '../core/catalogue/catalogue.generated.ts';
import { canonicalJson, digestOf } from '../core/digest.ts';
import type { Actor, RecordDraft } from '../core/model/record.ts';
import { RULES_VERSION, VERSION } from '../core/version.generated.ts';
import { policyOfFiles } from '../review/read-policy.ts';
import type { PullRequestState } from '../review/hosting.ts';
import type { Document } from '../review/store.ts';
import type { RepositoryRef } from '../review/work.ts';
import type { Recorder } from '../store/open-recorder.ts';
import { changesOf, type Changes } from './changes.ts';
import { rebuildMerge } from './merge.ts';
import { missingOf, type Found } from './missing.ts';
import type { Past, Sighting } from './past.ts';
import { withPatience, type Patience } from './patience.ts';
import type { Placed } from './pushes.ts';

export interface Work extends Patience {
  readonly past: Past;
  readonly recorder: Pick<Recorder, 'append' | 'records'>;
  /** Changes before are left alone. */
  readonly from: string;
  /** Who fills it in; undefined where GitHub does not say whose token it is. */
  readonly by: Actor | undefined;
  /** Nothing is written. */
  readonly dryRun: boolean;
}

export interface Outcome {
  readonly repository: RepositoryRef;
  readonly merges: number;
  readonly pushes: number;
  /** Merges that stay unexplained. */
  readonly unexplained: number;
  /** Records that were written, or would be. */
  readonly records: number;
  /** False when more changes are left than are filled in at once. */
  readonly complete: boolean;
  readonly missing: readonly string[];
}

/** Changes of one transaction: all of them go on record, or none, and a run that is cut off goes on behind them. */
const STRETCH = 50;
/** Changes of one run. */
export const MOST_CHANGES = 5_000;
/** Commits of a pull request that are asked about, besides those that somebody reviewed. */
const MOST_COMMITS = 10;

/** Puts on record what GitHub remembers of a repository and the ledger does not have. Twice is once. */
export async function backfill(name: string, work: Work): Promise<Outcome> {
  const changes = await changesOf(name, work);
  const outcome = {
    repository: changes.repository,
    merges: 0,
    pushes: 0,
    unexplained: 0,
    records: 0,
    complete: changes.items.length <= MOST_CHANGES,
    missing: new Set<string>(changes.complete ? [] : ['Merges before the newest 50,000.']),
  };
  const items = changes.items.slice(0, MOST_CHANGES);
  for (let at = 0; at < items.length; at += STRETCH) {
    work.tell(`${changes.repository.name}: ${at} of ${items.length} changes`);
    const part = await stretchOf(items.slice(at, at + STRETCH), changes, work);
    const written = await write(part, changes.repository, work);
    outcome.merges += part.found.length;
    outcome.pushes += part.pushes;
    outcome.unexplained += part.found.filter(({ rebuilt }) => rebuilt.missing !== undefined).length;
    outcome.records += written;
    for (const sentence of part.missing) outcome.missing.add(sentence);
  }
  return { ...outcome, missing: [...outcome.missing] };
}

interface Stretch {
  readonly drafts: readonly RecordDraft[];
  readonly documents: readonly Document[];
  readonly found: readonly Found[];
  readonly pushes: number;
  readonly missing: readonly string[];
}

async function stretchOf(items: Changes['items'], changes: Changes, work: Work): Promise<Stretch> {
  const drafts: RecordDraft[] = [];
  const documents: Document[] = [];
  const found: Found[] = [];
  for (const item of items) {
    if ('draft' in item) {
      drafts.push(item.draft);
      continue;
    }
    const one = await withPatience(work, () => findMerge(item.number, changes, work));
    if (!one) continue;
    found.push(one);
    drafts.push(...one.rebuilt.drafts);
    documents.push(...one.rebuilt.documents);
  }
  const pushes = items.filter((item): item is Placed => 'draft' in item).length;
  const missing = [
    ...work.past.missing,
    ...missingOf(found, changes.branches),
    ...(await lostChain(found, changes.repository, work)),
  ];
  return { drafts, documents, found, pushes, missing };
}

async function findMerge(number: number, changes: Changes, work: Work): Promise<Found | undefined> {
  const { past, recorder } = work;
  const { repository } = changes;
  const first = await past.hosting.pullRequest(repository, number, []);
  if (first?.merged === undefined) return undefined;
  const { asked, unasked } = commitsOf(first);
  const { found: sightings, learned } = await past.sightings(first, asked);
  const state = learned ? await past.hosting.pullRequest(repository, number, []) : first;
  if (state?.merged === undefined) return undefined;
  const rebuilt = await rebuildMerge({
    state: { ...state, merged: state.merged },
    sightings,
    past: await recorder.records({ repository: repository.id, pullRequest: number }),
    reading: await policyOfFiles(repository.name, state.policy, state.organisationPolicy),
    isProtected: changes.branches.some((branch) => branch.name === state.baseRef),
    hosting: past.hosting,
    now: work.now(),
  });
  return { state, rebuilt, sightings, unasked };
}

/** What was merged, what it became, what somebody looked at, and the newest others. */
function commitsOf({ head, merged, reviews, commits }: PullRequestState): {
  readonly asked: readonly string[];
  readonly unasked: number;
} {
  const most = new Set([head, merged?.commit, ...reviews.map((r) => r.commit)]);
  const others = commits.map((c) => c.id).filter((id) => !most.has(id));
  for (const id of others.slice(-MOST_COMMITS)) most.add(id);
  return {
    asked: [...most].filter((id) => id !== undefined),
    unasked: Math.max(0, others.length - MOST_COMMITS),
  };
}

/** A check run names the end of the chain as it was then: where this chain has another, an earlier one was lost. */
async function lostChain(
  found: readonly Found[],
  repository: RepositoryRef,
  { recorder }: Work,
): Promise<readonly string[]> {
  const last = found
    .flatMap(({ sightings }) => sightings)
    .reduce<Sighting | undefined>((a, b) => (sequenceIn(b) > sequenceIn(a) ? b : a), undefined);
  const record = last?.told?.record;
  if (!last || !record) return [];
  const [here] = await recorder.records({ repository: repository.id, from: record.sequence, most: 1 });
  return here?.hash === record.hash
    ? []
    : [
        `The chain that ${last.where} names: its record ${record.sequence} was ${record.hash}, and is not in this one.`,
      ];
}

const sequenceIn = (sighting: Sighting | undefined): number => sighting?.told?.record?.sequence ?? 0;

/** All of a stretch or nothing, behind the record that says what follows. */
async function write(part: Stretch, repository: RepositoryRef, work: Work): Promise<number> {
  const drafts = await notRecordedMeanwhile(part.drafts, repository, work);
  if (drafts.length === 0) return 0;
  const opening = openingOf(drafts, part.missing, repository, work);
  const marked = drafts.map((draft) => ({
    ...draft,
    details: { ...draft.details, rebuilt: opening.source },
  }));
  if (work.dryRun) return marked.length + 1;
  const written = await work.recorder.append([opening, ...marked], part.documents);
  return written.length;
}

/** The service goes on beside us: a merge that it has recorded since is told by what it saw. */
async function notRecordedMeanwhile(
  drafts: readonly RecordDraft[],
  { id }: RepositoryRef,
  { recorder }: Work,
): Promise<readonly RecordDraft[]> {
  const merged = new Set(
    (await recorder.records({ repository: id, kinds: ['merged'] })).map((r) => r.pullRequest),
  );
  return drafts.filter((d) => d.pullRequest === undefined || !merged.has(d.pullRequest));
}

/** Named by what follows it, so that two who fill in the same at once write it once. */
function openingOf(
  drafts: readonly RecordDraft[],
  missing: readonly string[],
  repository: RepositoryRef,
  { past, by, now }: Work,
): RecordDraft {
  const name = digestOf(canonicalJson(drafts.map(({ kind, source }) => [kind, source])));
  const source = `rebuilt/${name.slice('sha256:'.length, 'sha256:'.length + 32)}`;
  const times = drafts
    .map(({ kind, at, details }) => happenedAt({ kind, at, details: { ...details, rebuilt: source } }))
    .sort();
  return {
    kind: 'rebuilt',
    repository,
    at: now(),
    source,
    ...(by ? { actor: by } : {}),
    details: {
      from: times[0],
      until: times.at(-1),
      tool: { version: VERSION, rules: RULES_VERSION, catalogue: CATALOGUE_VERSION },
      gate: past.gate,
      missing,
    },
  };
}
