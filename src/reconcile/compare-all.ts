import type { Ledger } from '../audit/read-ledger.ts';
import { parseRecord } from '../core/ledger/chain.ts';
import type { Environment } from '../github/environment.ts';
import { UserError } from '../review/errors.ts';
import { reconcile, type Answer, type Question } from './reconcile.ts';

export interface Compared {
  readonly answers: readonly Answer[];
  /** Repositories of several that could not be compared: the others are nevertheless. */
  readonly failed: readonly { readonly name: string; readonly why: string; readonly remedy: string }[];
}

/** One after the other; `names` undefined for every repository with records. Of a single one the error is thrown. */
export async function compareAll(
  ledger: Ledger,
  names: readonly string[] | undefined,
  question: Omit<Question, 'repository'>,
  env: Environment,
): Promise<Compared> {
  const all = names ?? (await namesIn(ledger));
  const answers: Answer[] = [];
  const failed: Compared['failed'][number][] = [];
  for (const name of all)
    try {
      answers.push(await reconcile(ledger, { ...question, repository: name }, env));
    } catch (error) {
      if (!(error instanceof UserError) || all.length === 1) throw error;
      failed.push({ name, why: error.message, remedy: error.remedy });
    }
  return { answers, failed };
}

/** As they are called in their last records. */
async function namesIn(ledger: Ledger): Promise<readonly string[]> {
  const names: string[] = [];
  for (const id of await ledger.repositories()) {
    const { sequence = 0 } = (await ledger.head(id)) ?? {};
    const [row] = await ledger.rows(id, sequence - 1, 1);
    if (row) names.push(parseRecord(row.text).repository.name);
  }
  if (names.length === 0) throw new UserError('The database has no records at all.', 'Check --database.');
  return names.sort();
}
