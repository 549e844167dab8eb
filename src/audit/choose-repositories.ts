import type { AuditRecord } from '../core/model/record.ts';
import { UserError } from '../review/errors.ts';
import { speaksOfBefore } from './derive.ts';
import type { Question } from './question.ts';
import { pagesOf, type Ledger } from './read-ledger.ts';

/** A repository of the question, and the last of its records that belongs to it; 0 for none. */
export interface Chosen {
  readonly id: number;
  readonly last: number;
}

/** A first pass over the records: which repositories there are, and where the package ends in each. */
export async function chooseRepositories(
  ledger: Ledger,
  { period, repositories, progress }: Question,
): Promise<readonly Chosen[]> {
  const known = new Map<number, string>();
  const names = new Set(repositories?.map((name) => name.toLowerCase()));
  const chosen: Chosen[] = [];
  let inPeriod = false;
  for (const id of await ledger.repositories()) {
    const name = await nameOf(ledger, id);
    known.set(id, name);
    if (repositories !== undefined && !names.has(name.toLowerCase())) continue;
    progress(`Looking through ${name}`);
    let last = 0;
    for await (const page of pagesOf(ledger, id))
      for (const { sequence, text } of page) {
        const record = parsed(text);
        // What cannot be read is named with its place when it is checked.
        if (record !== undefined && !speaksOfBefore(record, period.to)) continue;
        last = sequence;
        inPeriod ||= record === undefined || !speaksOfBefore(record, period.from);
      }
    if (last > 0 || repositories !== undefined) chosen.push({ id, last });
  }
  requireKnown(repositories ?? [], [...known.values()]);
  if (inPeriod) return chosen;
  throw new UserError(
    `There is no record from ${period.from} to ${period.to}${repositories === undefined ? '' : ` in ${repositories.join(', ')}`}.`,
    'Check --from, --to and --database: a time without a single record is not evidence of a time without changes.',
  );
}

/** Its name in the last record: what it is called now. */
export async function nameOf(ledger: Ledger, id: number): Promise<string> {
  const { sequence = 0 } = (await ledger.head(id)) ?? {};
  const [row] = await ledger.rows(id, sequence - 1, 1);
  return (row && parsed(row.text)?.repository.name) ?? `repository ${id}`;
}

/** The parts of a record that are needed before it is checked; undefined when it has not even these. */
function parsed(text: string): AuditRecord | undefined {
  try {
    const record = JSON.parse(text) as AuditRecord;
    return typeof record.at === 'string' &&
      typeof record.details === 'object' &&
      typeof record.repository.name === 'string'
      ? record
      : undefined;
  } catch {
    return undefined;
  }
}

const MOST_NAMED = 20;

function requireKnown(asked: readonly string[], known: readonly string[]): void {
  const there = new Set(known.map((name) => name.toLowerCase()));
  const unknown = asked.find((name) => !there.has(name.toLowerCase()));
  if (unknown === undefined) return;
  const more = known.length > MOST_NAMED ? ` and ${known.length - MOST_NAMED} more` : '';
  const names = [...known].sort().slice(0, MOST_NAMED).join(', ');
  throw new UserError(
    `There is no record of a repository ${JSON.stringify(unknown)}.`,
    known.length === 0 ? 'The database has no records at all.' : `There are records of ${names}${more}.`,
  );
}
