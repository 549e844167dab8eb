import type { Fact } from '../model/fact.ts';
import type { Detector, Evidence, Rule } from './detector.ts';
import { makeFact } from '../facts/make-fact.ts';
import { isFirstPartyOwner } from '../semantics/supply-chain.ts';
import { secretsIn, expressionsIn } from '../syntax/workflow-expression.ts';
import { entries, text } from '../values/value.ts';
import { viewJob, type JobView, type UsedAction } from '../workflows/job-view.ts';
import { permissionsOf, powers } from '../workflows/permissions.ts';
import { workflowUnits, type WorkflowUnit } from '../workflows/units.ts';

const ADDED: Rule = {
  id: 'workflow-actions/third-party-added',
  title: 'Action or reusable workflow of somebody else added',
  why: 'The action runs with the job’s token and secrets. A tag or branch can be moved to other code at any time; a full commit cannot.',
  categories: ['ci-supply-chain', 'external-dependency'],
};
const FIRST_PARTY: Rule = {
  id: 'workflow-actions/first-party-added',
  title: 'Action of GitHub’s own added',
  why: 'Published by the platform that runs the workflow anyway; listed for completeness.',
  categories: ['ci-supply-chain'],
};
const PIN_LOST: Rule = {
  id: 'workflow-actions/pin-lost',
  title: 'Action no longer fixed to a commit',
  why: 'Whoever controls the tag or branch can now change what runs here without a change in this repository.',
  categories: ['ci-supply-chain'],
};

/** Other versions of an action that is used already are no facts, unless the version stops being a commit. */
export const detector: Detector = {
  id: 'workflow-actions',
  title: 'Actions of others',
  rules: [ADDED, FIRST_PARTY, PIN_LOST],
  detect(evidence) {
    const used = namesAndOwners(
      evidence.base.resources
        .filter((r) => r.stack === 'github-actions')
        .flatMap((r) => viewJob(r).actions.map((a) => a.name)),
    );
    return workflowUnits(evidence).flatMap((u) => [...added(u, used, evidence), ...pinLost(u)]);
  },
};

/** Actions that run here already, and `owner/` of each. */
const namesAndOwners = (names: readonly string[]): ReadonlySet<string> =>
  new Set(names.flatMap((n) => [n, ownerOf(n)]));

/** `owner/`, or the image itself for a container. */
const ownerOf = (name: string): string =>
  name.startsWith('docker://') ? name : name.slice(0, name.indexOf('/') + 1);

function added(u: WorkflowUnit, used: ReadonlySet<string>, evidence: Evidence): Fact[] {
  const before = new Set(u.before.flatMap((j) => j.actions.map((a) => a.name)));
  const seen = new Set<string>();
  return u.after.flatMap((job) =>
    job.actions.flatMap((action) => {
      const fresh = !before.has(action.name) && !seen.has(action.name);
      seen.add(action.name);
      const party = fresh ? partyOf(action, evidence.change.repository) : 'own';
      return party === 'own' ? [] : [addedFact(u, job, action, party, used)];
    }),
  );
}

/** Whose action it is. Local paths and the repository owner's own are one's own; expressions name nobody. */
function partyOf(action: UsedAction, repository: string): 'own' | 'first-party' | 'third-party' {
  if (action.name.startsWith('docker://')) return 'third-party';
  const [owner, name] = action.name.split('/');
  if (
    owner === undefined ||
    owner === '' ||
    owner.startsWith('.') ||
    name === undefined ||
    action.name.includes('${{')
  )
    return 'own';
  if (repository.includes('/') && owner === repository.split('/')[0]?.toLowerCase()) return 'own';
  return isFirstPartyOwner(owner) ? 'first-party' : 'third-party';
}

function addedFact(
  u: WorkflowUnit,
  job: JobView,
  action: UsedAction,
  party: 'first-party' | 'third-party',
  used: ReadonlySet<string>,
): Fact {
  const known = used.has(action.name);
  const ownerKnown = known || used.has(ownerOf(action.name));
  const pinned = isPinned(action);
  const third = party === 'third-party';
  const noun = action.reusable ? 'reusable workflow' : 'action';
  const version = action.ref === undefined ? '' : `@${pinned ? action.ref.slice(0, 12) : action.ref}`;
  const trusted = third && isGivenSecret(action);
  const power = third && !ownerKnown ? powers(permissionsOf(job.resource)) : [];
  const ending = !third
    ? ''
    : `, ${pinned ? '' : 'not '}fixed to a commit${trusted ? ', and gives it a secret' : ''}${power.length > 0 ? `; the job may write ${power.join(', ')}` : ''}`;
  return makeFact({
    rule: third ? ADDED.id : FIRST_PARTY.id,
    kind: 'dependency-added',
    categories: third ? ADDED.categories : FIRST_PARTY.categories,
    signals: ['action-added'],
    resource: u.subject,
    line: action.line,
    statement: `${u.phrase} uses the ${third ? 'third-party' : 'GitHub'} ${noun} \`${action.name}${version}\`${ending}${known ? ', as other workflows here already do' : ownerKnown ? ', of an owner whose actions already run here' : ''}`,
    after: `${action.name}${action.ref === undefined ? '' : `@${action.ref}`}`,
    deciding: third && !known && (trusted || (!ownerKnown && (!pinned || power.length > 0))),
    detail: action.name,
    family: 'ci-cd',
    element: third ? 'external-entity' : 'process',
  });
}

/** Whether an action is given a secret of the repository's, its token apart: then it matters even when it cannot be moved. */
function isGivenSecret(action: UsedAction): boolean {
  const inputs = entries(action.with).flatMap((e) => text(e.value) ?? []);
  return inputs
    .flatMap(expressionsIn)
    .flatMap(secretsIn)
    .some((s) => s !== 'GITHUB_TOKEN');
}

/** A full commit id, or an image by digest, cannot be moved. */
function isPinned(action: UsedAction): boolean {
  if (action.name.startsWith('docker://')) return action.name.includes('@sha256:');
  return /^[0-9a-f]{40}$|^[0-9a-f]{64}$/i.test(action.ref ?? '');
}

function pinLost(u: WorkflowUnit): Fact[] {
  const before = u.before.flatMap((j) => j.actions);
  const names = new Set<string>();
  return u.after.flatMap((job) =>
    job.actions.flatMap((action) => {
      const old = before.filter((a) => a.name === action.name);
      if (old.length === 0 || !old.every(isPinned) || isPinned(action) || names.has(action.name)) return [];
      names.add(action.name);
      return [
        makeFact({
          rule: PIN_LOST.id,
          kind: 'setting-changed',
          categories: PIN_LOST.categories,
          signals: ['action-added'],
          resource: u.subject,
          line: action.line,
          statement: `${u.phrase} takes \`${action.name}\` by \`${action.ref ?? 'no version'}\` instead of by commit`,
          before: old[0]?.ref ?? '',
          after: action.ref ?? '',
          deciding: true,
          detail: action.name,
          family: 'ci-cd',
          element: 'external-entity',
        }),
      ];
    }),
  );
}
