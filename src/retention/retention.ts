import { happenedAt } from '../core/audit/rebuilt.ts';
import { fateOf, type Fate } from '../core/audit/retention.ts';
import type { Account } from '../core/model/account.ts';
import { UserError } from '../review/errors.ts';
import type { RepositoryRef } from '../review/work.ts';
import type { Keeper, Removed } from '../store/open-keeper.ts';
import type { Recorder } from '../store/open-recorder.ts';

/** A chain, and what is to become of it. */
export interface Judged {
  readonly repository: RepositoryRef;
  readonly records: number;
  /** The earliest instant that it speaks of. */
  readonly firstAt: string;
  readonly lastAt: string;
  readonly head: { readonly sequence: number; readonly hash: string };
  readonly fate: Fate;
}

/** In order of their names. `now`: an instant; `years`: how long records are kept at least. */
export async function judgeChains(
  recorder: Recorder,
  repositories: readonly RepositoryRef[],
  now: string,
  years: number,
): Promise<readonly Judged[]> {
  const out: Judged[] = [];
  for (const repository of repositories) {
    const records = await recorder.records({ repository: repository.id });
    const [first, last] = [records[0], records.at(-1)];
    if (first === undefined || last === undefined) continue;
    out.push({
      repository,
      records: records.length,
      // What was filled in speaks of the time before its record.
      firstAt: records.map(happenedAt).sort()[0] ?? first.at,
      lastAt: last.at,
      head: { sequence: last.sequence, hash: last.hash },
      fate: fateOf(records, now, years),
    });
  }
  return out;
}

export interface RemovalOrder {
  /** Only what is removable of it is removed. */
  readonly chains: readonly Judged[];
  readonly by: Account;
  /** Digest of the package that has all of them; it was made and verified before. */
  readonly archive: string;
  readonly at: string;
  readonly years: number;
}

/** One after the other, each whole: what was removed before something went wrong is removed, and has its line. */
export async function removeChains(keeper: Keeper, order: RemovalOrder): Promise<readonly Removed[]> {
  const { chains, by, archive, at, years } = order;
  const out: Removed[] = [];
  for (const { repository, head, fate } of chains) {
    if (fate.kind !== 'removable') continue;
    const removal = { repository: repository.id, head, by: `${by.login} (${by.id})`, archive, at };
    out.push(
      await keeper.remove(removal, (records) => {
        const now = fateOf(records, at, years);
        if (now.kind === 'kept')
          throw new UserError(`${repository.name} is kept: ${now.why}`, 'Nothing of it was removed.');
      }),
    );
  }
  return out;
}
