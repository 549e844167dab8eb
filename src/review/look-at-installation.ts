import type { RecordDraft } from '../core/model/record.ts';
import type { LookDeps } from './deps.ts';
import { NotThere, Refused } from './hosting-errors.ts';
import type { Lease, RepositoryRow, WaitingSignal } from './store.ts';
import type { RepositoryRef, Signal } from './work.ts';

/** The App was installed, removed, or given other repositories: each comes under the gate or leaves it, on record. */
export async function lookAtInstallation(lease: Lease, deps: LookDeps): Promise<void> {
  const { store } = deps;
  const { installation } = lease.work;
  const signals = await store.signals(lease.key);
  const granted = await grantedRepositories(installation, deps);
  const rows = new Map((await store.repositories()).map((row) => [row.repository.id, row]));
  const all = mayDoMore(signals);
  for (const repository of granted)
    if (all || !isKnown(repository, installation, rows.get(repository.id)))
      await admit(repository, lease, signals, deps);
  const isGranted = new Set(granted.map((r) => r.id));
  for (const { repository } of [...rows.values()].filter((r) => r.active && r.installation === installation))
    if (!isGranted.has(repository.id)) await dismiss(repository, lease, signals, deps);
  await store.apply(lease, { handled: signals.map((s) => s.id) }, deps.now());
}

function isKnown({ name }: RepositoryRef, installation: number, row: RepositoryRow | undefined): boolean {
  return row?.active === true && row.installation === installation && row.repository.name === name;
}

/** What was refused for want of a permission is tried again when there is one, and not when its long wait is over. */
const mayDoMore = (signals: readonly WaitingSignal[]): boolean =>
  signals.some(
    ({ signal }) => signal.kind === 'installation-changed' && signal.action === 'new_permissions_accepted',
  );

/** Everything about it is found out by a look at it, which only what is new or has another name needs at once. */
async function admit(
  repository: RepositoryRef,
  lease: Lease,
  signals: readonly WaitingSignal[],
  { store, now }: LookDeps,
): Promise<void> {
  const { installation } = lease.work;
  const row = await store.repository(repository.id);
  const wasIn = row?.active === true && row.installation === installation;
  await store.apply(
    lease,
    {
      records: wasIn ? [] : [record('installed', repository, signals, now())],
      repository: { protectedBranches: '[]', tips: '{}', ...row, repository, installation, active: true },
      want: [{ installation, subject: { kind: 'repository', repository } }],
    },
    now(),
  );
}

async function dismiss(
  repository: RepositoryRef,
  lease: Lease,
  signals: readonly WaitingSignal[],
  { store, now }: LookDeps,
): Promise<void> {
  const row = await store.repository(repository.id);
  if (row?.active !== true || row.installation !== lease.work.installation) return;
  await store.apply(
    lease,
    {
      records: [record('uninstalled', repository, signals, now())],
      repository: { ...row, active: false },
    },
    now(),
  );
}

/** A removed or suspended installation answers nothing any more: it grants nothing. */
async function grantedRepositories(installation: number, deps: LookDeps): Promise<readonly RepositoryRef[]> {
  try {
    return await deps.app.installation(installation).repositories();
  } catch (error) {
    if (!(error instanceof Refused || error instanceof NotThere)) throw error;
    // GitHub refuses for other reasons too, such as a key that it does not know: then nothing was taken away.
    const listed = await deps.app.installations();
    if (listed.some((each) => each.id === installation && !each.suspended)) throw error;
    return [];
  }
}

type Change = Extract<Signal, { kind: 'installation-changed' }>;

/** What an action means for the repositories it is about, and what whoever did it has done. */
const ACTIONS: Readonly<Record<string, readonly ['installed' | 'uninstalled', string]>> = {
  created: ['installed', 'installed the App'],
  added: ['installed', 'gave the repository to the App'],
  unsuspend: ['installed', 'let the App work again'],
  new_permissions_accepted: ['installed', 'accepted permissions of the App'],
  deleted: ['uninstalled', 'uninstalled the App'],
  removed: ['uninstalled', 'took the repository from the App'],
  suspend: ['uninstalled', 'suspended the App'],
};

function record(
  kind: 'installed' | 'uninstalled',
  repository: RepositoryRef,
  signals: readonly WaitingSignal[],
  at: string,
): RecordDraft {
  const cause = signals
    .flatMap(({ guid, signal }) => (signal.kind === 'installation-changed' ? [{ guid, signal }] : []))
    .findLast(({ signal }) => ACTIONS[signal.action]?.[0] === kind && concerns(signal, repository));
  const role = ACTIONS[cause?.signal.action ?? '']?.[1];
  return {
    kind,
    repository,
    at,
    // Without an event it was found by a sweep; a repository can come and go more than once.
    source: `${kind}/${cause?.guid ?? at}`,
    ...(cause && role !== undefined ? { actor: { ...cause.signal.by, role } } : {}),
    details: { action: cause?.signal.action ?? 'found' },
  };
}

/** Only these two are about some repositories; everything else is about all there are. */
function concerns({ action, added, removed }: Change, { id }: RepositoryRef): boolean {
  return (
    (action !== 'added' && action !== 'removed') || [...added, ...removed].some((named) => named.id === id)
  );
}
