import { z } from 'zod';
import type { PolicyFile } from '../hosting.ts';
import { policyOfFiles, type PolicyReading } from '../read-policy.ts';
import type { RepositoryRow, Store } from '../store.ts';

const document = z.object({ organisation: z.string(), repository: z.string() });

/**
 * The rules that were last seen on the default branch, without asking anybody. Undefined before the first look, and where
 * what is kept are no rules of ours.
 */
export async function keptPolicy(
  { repository, policy }: Pick<RepositoryRow, 'repository' | 'policy'>,
  store: Pick<Store, 'document'>,
): Promise<PolicyReading | undefined> {
  const kept = policy === undefined ? undefined : await store.document(policy);
  if (!kept) return undefined;
  const texts = document.parse(JSON.parse(kept.text));
  return policyOfFiles(repository.name, fileOf(texts.repository), fileOf(texts.organisation));
}

const UNREADABLE = 'unreadable: ';

/** As `policy-change.ts` writes them. */
function fileOf(text: string): PolicyFile {
  if (text === '') return { kind: 'absent' };
  return text.startsWith(UNREADABLE)
    ? { kind: 'unreadable', why: text.slice(UNREADABLE.length) }
    : { kind: 'text', text, id: 'kept' };
}
