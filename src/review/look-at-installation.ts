import type { RecordDraft } from '../core/model/record.ts';
import type { LookDeps } from './deps.ts';
import { Refused } from './hosting.ts';
import type { Lease, RepositoryRow, WaitingSignal } from './store.ts';
import type { RepositoryRef } from './work.ts';

/** The App was installed, removed, or given other repositories: each comes under the gate or leaves it, on record. */
export async function lookAtInstallation(lease: Lease, deps: LookDeps): Promise<void> {
  const { store } = deps;
  const { installation } = lease.work;
  const signals = await store.signals(lease.key);
  const last = signals.at(-1);
  const now = deps.now();
  const granted = await grantedRepositories(installation, deps);
  const known = (await store.repositories()).filter((r) => r.installation === installation);
  const isGranted = new Set(granted.map((r) => r.id));
  for (const repository of granted) {
    const row = known.find((r) => r.repository.id === repository.id);
    const records = row?.active === true ? [] : [record('installed', repository, last, row, now)];
    await store.apply(
      lease,
      {
        records,
        repository: { protectedBranches: '[]', tips: '{}', ...row, repository, installation, active: true },
        want: [{ installation, subject: { kind: 'repository', repository } }],
      },
      now,
    );
  }
  for (const row of known.filter((r) => r.active && !isGranted.has(r.repository.id)))
    await store.apply(
      lease,
      {
        records: [record('uninstalled', row.repository, last, row, now)],
        repository: { ...row, active: false },
      },
      now,
    );
  await store.apply(lease, { handled: signals.map((s) => s.id) }, now);
}

/** A removed or suspended installation answers nothing any more: it grants nothing. */
async function grantedRepositories(installation: number, deps: LookDeps): Promise<readonly RepositoryRef[]> {
  try {
    return await deps.app.installation(installation).repositories();
  } catch (error) {
    if (error instanceof Refused || (error instanceof Error && error.name === 'NotThere')) return [];
    throw error;
  }
}

function record(
  kind: 'installed' | 'uninstalled',
  repository: RepositoryRef,
  last: WaitingSignal | undefined,
  row: RepositoryRow | undefined,
  now: string,
): RecordDraft {
  const signal = last?.signal.kind === 'installation-changed' ? last.signal : undefined;
  return {
    kind,
    repository,
    at: now,
    // Without an event it was found by a sweep; a repository can come and go more than once.
    source: `${kind}/${last?.guid ?? now}/${row?.sweptAt ?? 'never'}`,
    ...(signal ? { actor: { ...signal.by, role: `${signal.action} the App` } } : {}),
    details: { action: signal?.action ?? 'found' },
  };
}
