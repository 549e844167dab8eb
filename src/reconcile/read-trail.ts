import { Broken, whereOf } from '../audit/broken.ts';
import { Chain } from '../audit/chain.ts';
import { pagesOf, type Ledger } from '../audit/read-ledger.ts';
import { parseRecord, type Head } from '../core/ledger/chain.ts';
import type { AuditRecord, RecordKind } from '../core/model/record.ts';
import { UserError } from '../review/errors.ts';
import type { RepositoryRef } from '../review/work.ts';

export interface Trail {
  /** The first one, and all that tell of a change or of the gate being there. */
  readonly records: readonly AuditRecord[];
  readonly head: Head;
}

const KEPT: readonly RecordKind[] = ['merged', 'direct-push', 'installed', 'uninstalled', 'gate-outage'];

/** The records of a repository, found by its number, as it may have been renamed. Every one is checked while it is read. */
export async function readTrail(ledger: Ledger, { id, name }: RepositoryRef): Promise<Trail> {
  const known = await ledger.repositories();
  if (!known.includes(id)) throw await unknown(ledger, known, name);
  try {
    return await readChain(ledger, id);
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    throw new UserError(
      `The audit trail is broken at ${whereOf(error.place)}: ${error.why}`,
      'Nothing is compared with it. `threatgate verify --database` tells more.',
      { cause: error },
    );
  }
}

async function readChain(ledger: Ledger, id: number): Promise<Trail> {
  // Read before the records: those that come meanwhile are behind it.
  const end = await ledger.head(id);
  const chain = new Chain(id);
  const records: AuditRecord[] = [];
  let hashThen: string | undefined;
  for await (const page of pagesOf(ledger, id))
    for (const { text } of page) {
      const record = chain.add(text, {});
      if (record.sequence === 1 || KEPT.includes(record.kind)) records.push(record);
      if (record.sequence === end?.sequence) hashThen = record.hash;
    }
  // What was cut off at the end would look like changes that nobody recorded.
  if (end === undefined || (end.sequence > 0 && hashThen !== end.hash))
    throw new Broken(
      { repository: chain.name ?? `repository ${id}` },
      'The chain is said to end with another record than there is.',
    );
  return { records, head: chain.head };
}

const MOST_NAMED = 20;

async function unknown(ledger: Ledger, known: readonly number[], name: string): Promise<UserError> {
  const names: string[] = [];
  for (const id of known.slice(0, MOST_NAMED)) {
    const { sequence = 1 } = (await ledger.head(id)) ?? {};
    const [row] = await ledger.rows(id, sequence - 1, 1);
    names.push(row ? nameIn(row.text) : `repository ${id}`);
  }
  const more = known.length > MOST_NAMED ? ` and ${known.length - MOST_NAMED} more` : '';
  const again = names.some((each) => each.toLowerCase() === name.toLowerCase());
  return new UserError(
    `The database has no record of the repository \`${name}\`${again ? ' that GitHub has now: the one on record was another of that name' : ''}.`,
    names.length === 0
      ? 'It has no records at all. Check --database.'
      : `It has records of ${names.join(', ')}${more}. Check the name and --database.`,
  );
}

function nameIn(text: string): string {
  try {
    return parseRecord(text).repository.name;
  } catch {
    return 'one that cannot be read';
  }
}
