import { holdsOf, type Hold } from '../core/audit/holds.ts';
import type { Account } from '../core/model/account.ts';
import type { RecordDraft } from '../core/model/record.ts';
import { UserError } from '../review/errors.ts';
import type { RepositoryRef } from '../review/work.ts';
import type { Recorder } from '../store/open-recorder.ts';

export interface HoldRequest {
  readonly action: 'place' | 'release';
  readonly name: string;
  readonly reason: string;
  /** Names; undefined for all there are. */
  readonly repositories: readonly string[] | undefined;
  readonly by: Account;
  readonly at: string;
}

/** Names of the repositories whose records say something new. Throws `UserError` for one that nobody knows. */
export async function changeHold(recorder: Recorder, request: HoldRequest): Promise<readonly string[]> {
  const drafts: RecordDraft[] = [];
  for (const repository of await chosen(recorder, request.repositories)) {
    const records = await recorder.records({
      repository: repository.id,
      kinds: ['hold-placed', 'hold-released'],
    });
    const stands = holdsOf(records).some(({ name }) => name === request.name);
    if (stands === (request.action === 'place')) continue;
    drafts.push(draftOf(request, repository, records.at(-1)?.sequence ?? 0));
  }
  return (await recorder.append(drafts)).map(({ repository }) => repository.name);
}

function draftOf(request: HoldRequest, repository: RepositoryRef, before: number): RecordDraft {
  const { action, name, reason, by, at } = request;
  return {
    kind: action === 'place' ? 'hold-placed' : 'hold-released',
    repository,
    at,
    source: `hold/${name}/${before}`,
    actor: { ...by, role: 'holds a token of GitHub and may write to the database' },
    details: { hold: name, reason },
  };
}

export async function standingHolds(
  recorder: Recorder,
): Promise<readonly (Hold & { readonly repository: string })[]> {
  const out: (Hold & { readonly repository: string })[] = [];
  for (const { id, name } of await recorder.repositories()) {
    const records = await recorder.records({ repository: id, kinds: ['hold-placed', 'hold-released'] });
    out.push(...holdsOf(records).map((hold) => ({ ...hold, repository: name })));
  }
  return out;
}

/** In order of their names. */
export async function chosen(
  recorder: Pick<Recorder, 'repositories'>,
  names: readonly string[] | undefined,
): Promise<readonly RepositoryRef[]> {
  const all = [...(await recorder.repositories())].sort((a, b) => (a.name < b.name ? -1 : 1));
  if (names === undefined) return all;
  return names.map((name) => {
    const found = all.find((each) => each.name.toLowerCase() === name.toLowerCase());
    if (found) return found;
    throw new UserError(
      `There is no record of a repository ${JSON.stringify(name)}.`,
      'Write it as it is called in its last record; `threatgate hold list` and the pages name them.',
    );
  });
}
