import { recordedModels } from '../core/audit/recorded-models.ts';
import { digestOf } from '../core/digest.ts';
import { readModels } from '../core/formats/read-models.ts';
import type { SourceFile } from '../core/model/change.ts';
import type { Policy } from '../core/model/policy.ts';
import type { AuditRecord, RecordDraft } from '../core/model/record.ts';
import { selectionOf } from '../core/selection.ts';
import type { LookDeps } from './deps.ts';
import type { Hosting, RepositoryState } from './hosting.ts';
import type { Repository } from './ports.ts';
import { text } from './pull-request/said.ts';
import { policyOfFiles } from './read-policy.ts';
import type { Changes, Store } from './store.ts';
import type { RepositoryRef } from './work.ts';

const UNRULED = 'The policy could not be used, so that models at places which only it names were not read.';
/** Model files that are read; that there are more is said. */
const MOST_FILES = 200;

/**
 * The register of risks as of any day is made of these records: git has the files, but not which of them counted when, and
 * an auditor of next year has no checkout. Undefined when the models on the default branch say what is on record already.
 * The first record, of a repository without any model too, tells from when on this is known.
 */
export async function modelsChange(
  state: RepositoryState,
  hosting: Hosting,
  { store, now }: Pick<LookDeps, 'store' | 'now'>,
): Promise<Required<Pick<Changes, 'records' | 'documents'>> | undefined> {
  const { repository, defaultBranch: branch, defaultTip: commit } = state;
  if (commit === undefined) return undefined;
  const { policy, doubts } = await policyOfFiles(repository.name, state.policy, state.organisationPolicy);
  const unread = doubts.length > 0 ? [UNRULED] : [];
  const whole = await modelsAt(hosting.repository(repository), commit, policy, unread);
  const digest = digestOf(whole);
  const last = await lastModelsRecord(repository, store);
  const before = text(last?.details['document']);
  if (before === digest) return undefined;
  const record: RecordDraft = {
    kind: 'model-recorded',
    repository,
    at: now(),
    // What was said before may be said again: each time after another record.
    source: `models/${digest}/${last?.sequence ?? 0}`,
    commit,
    details: { branch, before, document: digest },
  };
  return { records: [record], documents: [{ digest, kind: 'models', text: whole }] };
}

export const lastModelsRecord = async (
  { id }: RepositoryRef,
  store: Pick<Store, 'records'>,
): Promise<AuditRecord | undefined> =>
  (await store.records({ repository: id, kinds: ['model-recorded'] })).at(-1);

async function modelsAt(
  contents: Repository,
  commit: string,
  policy: Policy,
  unruled: readonly string[],
): Promise<string> {
  const tree = await contents.tree(commit);
  const selection = selectionOf(policy);
  const entries = tree.entries
    .filter(({ path }) => selection.isModel(path))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  const read = entries.slice(0, MOST_FILES);
  const unread = [
    ...unruled,
    ...(tree.complete
      ? []
      : ['The list of files was cut short, so that there may be models that were not read.']),
    ...(entries.length > read.length
      ? [`Only ${MOST_FILES} of ${entries.length} model files were read.`]
      : []),
  ];
  const files = read.filter(({ kind }) => kind === 'file');
  const blobs = await contents.blobs([...new Set(files.map(({ id }) => id))], policy.limits.fileBytes);
  const texts: SourceFile[] = [];
  for (const { path, id } of files) {
    const content = blobs.get(id);
    if (content?.kind === 'text') texts.push({ path, text: content.text });
    else unread.push(`The threat model \`${path}\` could not be read.`);
  }
  return recordedModels(readModels(texts), unread);
}
