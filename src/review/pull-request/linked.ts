import type { ModelSource } from '../../core/assess.ts';
import { canonicalJson, digestOf } from '../../core/digest.ts';
import { findLinks, type Link } from '../../core/linked/find-links.ts';
import type { Doubt } from '../../core/model/doubt.ts';
import type { Policy } from '../../core/model/policy.ts';
import type { LookDeps } from '../deps.ts';
import { gatherModels } from '../gather.ts';
import { NotThere, Refused } from '../hosting-errors.ts';
import type { Hosting, PullRequestState } from '../hosting.ts';
import type { RepositoryRef } from '../work.ts';

/** Models that pull requests in other repositories bring. */
export interface Linked {
  readonly models: { readonly base: readonly ModelSource[]; readonly head: readonly ModelSource[] };
  readonly doubts: readonly Doubt[];
  /** `owner/name#12` of each, in small letters. */
  readonly targets: readonly string[];
  /** Digest of everything in here: equal keys, equal models. */
  readonly key: string;
}

type Found = Pick<Linked, 'models' | 'doubts'>;

/** Where a linked pull request can be read, or why it cannot. */
export type Place =
  | { readonly hosting: Hosting; readonly repository: RepositoryRef }
  | { readonly why: string; readonly remedy: string };

/** `owner/name` → its place. */
export type FindRepository = (name: string) => Promise<Place>;

/** What the App follows: links to where it is installed. */
export const linkedModels = (state: PullRequestState, policy: Policy, deps: LookDeps): Promise<Linked> =>
  followLinks(state, policy, async (name) => {
    const known = (await deps.store.repositories()).find(
      (r) => r.active && r.repository.name.toLowerCase() === name.toLowerCase(),
    );
    return known
      ? { hosting: deps.app.installation(known.installation), repository: known.repository }
      : {
          why: 'Threatgate is not installed there, so it cannot be read',
          remedy: `Install the App on ${name}.`,
        };
  });

/** Follows `Threat-Model: owner/name#12` in the body and the commit trailers. What cannot be followed is a doubt. */
export async function followLinks(
  state: PullRequestState,
  policy: Policy,
  find: FindRepository,
): Promise<Linked> {
  const { links, problems } = findLinks(
    state.body,
    state.commits.map((c) => c.message),
    policy,
  );
  const found = await Promise.all(links.map((link) => followed(link, policy, find)));
  const models = {
    base: found.flatMap((f) => f.models.base),
    head: found.flatMap((f) => f.models.head),
  };
  const doubts = [...problems, ...found.flatMap((f) => f.doubts)];
  return {
    models,
    doubts,
    targets: links.map((link) => nameOf(link).toLowerCase()),
    key: links.length === 0 ? '' : digestOf(canonicalJson([models, doubts])),
  };
}

export const nameOf = (link: Link): string => `${link.repository}#${link.number}`;

async function followed(link: Link, policy: Policy, find: FindRepository): Promise<Found> {
  try {
    return await follow(link, policy, find);
  } catch (error) {
    if (error instanceof Refused)
      return doubt(link, 'GitHub does not let Threatgate read it', `Allow it to read ${link.repository}.`);
    if (error instanceof NotThere)
      return doubt(link, 'a part of it is not there', 'Comment `/threatgate recheck`.');
    throw error;
  }
}

async function follow(link: Link, policy: Policy, find: FindRepository): Promise<Found> {
  const place = await find(link.repository);
  if ('why' in place) return doubt(link, place.why, place.remedy);
  const { hosting } = place;
  const state = await hosting.pullRequest(place.repository, link.number, []);
  if (!state) return doubt(link, 'there is no such pull request', 'Correct the number.');
  if (state.state === 'closed')
    return doubt(link, 'it was closed without being merged', 'Reopen it, or link another one.');
  if (policy.linked.mustBeMerged && state.state !== 'merged')
    return doubt(link, 'the policy asks for it to be merged, and it is open', 'Merge it first.');
  const repository = hosting.repository(place.repository);
  const base = await hosting.mergeBase(state);
  const models = await gatherModels(repository, base, state.head, policy);
  if (!models.touched)
    return doubt(link, 'it changes no threat model', 'Change the model there, or take the link out.');
  const named = (side: readonly ModelSource[]): readonly ModelSource[] =>
    side.map((m) => ({ ...m, path: `${nameOf(link)}/${m.path}` }));
  return { models: { base: named(models.base), head: named(models.head) }, doubts: models.doubts };
}

function doubt(link: Link, why: string, remedy: string): Found {
  return {
    models: { base: [], head: [] },
    doubts: [
      {
        code: 'linked-model-unreadable',
        message: `The linked pull request \`${nameOf(link)}\` does not count: ${why}.`,
        remedy,
        weight: 'doubt',
      },
    ],
  };
}
