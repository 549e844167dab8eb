import type { AuditRecord } from '../core/model/record.ts';
import { Broken } from './broken.ts';
import { Chain } from './chain.ts';
import { requireBounded } from './package.ts';
import { HostileFile } from './read-file.ts';
import { verification, type Verification } from './verification.ts';

/** A file with records alone: the chains, and nothing to compare their ends with. */
export function verifyRecords(path: string, shown: string): Promise<Verification> {
  return verification(shown, 'records', async (findings) => {
    const file = await HostileFile.open(path, shown);
    try {
      let count = 0;
      for await (const { chain, records } of chainsOf(file)) {
        findings.repositories.push({
          id: chain.repository,
          name: chain.name ?? '',
          records: records.length,
          head: chain.head,
        });
        count += records.length;
      }
      if (count === 0) throw new Broken({ file: shown }, 'There is no record in it.');
      findings.saw('records, each chain from its beginning', count);
    } finally {
      await file.close();
    }
  });
}

/** Each repository with all of its records; they follow each other in order of the ids. */
export async function* chainsOf(
  file: HostileFile,
): AsyncGenerator<{ readonly chain: Chain; readonly records: readonly AuditRecord[] }> {
  let chain: Chain | undefined;
  let records: AuditRecord[] = [];
  let held = 0;
  for await (const { line, text } of file.lines()) {
    const place = { file: file.name, line };
    const id = repositoryOf(text);
    if (id !== undefined && id !== chain?.repository) {
      if (chain !== undefined && id < chain.repository)
        throw new Broken(place, 'Its repository has its place further up.');
      if (chain !== undefined) yield { chain, records };
      [chain, records, held] = [new Chain(id), [], 0];
    }
    if (chain === undefined) throw new Broken(place, 'It is not a record.');
    held += text.length;
    requireBounded('records', held);
    records.push(chain.add(text, place));
  }
  if (chain !== undefined) yield { chain, records };
}

function repositoryOf(text: string): number | undefined {
  try {
    const id = (JSON.parse(text) as { readonly repository?: { readonly id?: unknown } } | null)?.repository
      ?.id;
    return Number.isSafeInteger(id) ? (id as number) : undefined;
  } catch {
    return undefined;
  }
}
