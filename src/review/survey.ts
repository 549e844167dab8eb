import { readModels } from '../core/formats/read-models.ts';
import type { SourceFile } from '../core/model/change.ts';
import type { Doubt } from '../core/model/doubt.ts';
import type { Policy } from '../core/model/policy.ts';
import type { Resource } from '../core/model/resource.ts';
import type { ThreatModel } from '../core/model/threat-model.ts';
import { readResources } from '../core/resources.ts';
import { selectionOf } from '../core/selection.ts';
import type { Repository, TreeEntry } from './ports.ts';

/** Everything one commit (or the working tree) declares, rather than what a change does to it. */
export interface Survey {
  /** Number of files in the tree. */
  readonly files: number;
  /** What the readers were given. */
  readonly texts: readonly SourceFile[];
  readonly resources: readonly Resource[];
  readonly models: readonly ThreatModel[];
  /** Files at places of threat models that are none. */
  readonly notModels: readonly string[];
  readonly doubts: readonly Doubt[];
}

/** Files opened at most, in order of their paths: a survey of a huge repository is a sample and says so. */
const MOST_FILES = 5_000;

/** Reads the whole tree with the readers and formats of the gate. `what` leaves out the half that is not needed. */
export async function survey(
  repository: Repository,
  commit: string,
  policy: Policy,
  what: 'models' | 'everything',
): Promise<Survey> {
  const tree = await repository.tree(commit);
  const selection = selectionOf(policy);
  const files = tree.entries.filter((e) => e.kind === 'file').sort((a, b) => (a.path < b.path ? -1 : 1));
  const modelEntries = files.filter((e) => selection.isModel(e.path));
  const codeEntries = what === 'everything' ? files.filter((e) => selection.isCode(e.path)) : [];
  const opened = codeEntries.slice(0, MOST_FILES);
  const blobs = await repository.blobs(
    [...modelEntries, ...opened].map((e) => e.id),
    policy.limits.fileBytes,
  );
  const texts = (entries: readonly TreeEntry[]): SourceFile[] =>
    entries.flatMap((e) => {
      const content = blobs.get(e.id);
      return content?.kind === 'text' ? [{ path: e.path, text: content.text }] : [];
    });
  const models = readModels(texts(modelEntries));
  const sources = texts(opened);
  const code = readResources(sources);
  return {
    files: tree.entries.length,
    texts: sources,
    resources: code.resources,
    models: models.models,
    notModels: models.notModels,
    doubts: [
      ...unread(modelEntries, blobs),
      ...models.doubts,
      ...code.doubts,
      ...(codeEntries.length > opened.length ? [sampled(codeEntries.length - opened.length)] : []),
    ],
  };
}

function unread(entries: readonly TreeEntry[], blobs: Awaited<ReturnType<Repository['blobs']>>): Doubt[] {
  return entries.flatMap((e): Doubt[] => {
    const content = blobs.get(e.id);
    if (content?.kind !== 'unreadable') return [];
    return [
      {
        code: 'model-unreadable',
        message: `The threat model \`${e.path}\` could not be read: ${content.detail}.`,
        remedy: 'Keep the model in a text file of moderate size.',
        file: e.path,
        line: 1,
        weight: 'doubt',
      },
    ];
  });
}

function sampled(left: number): Doubt {
  return {
    code: 'too-many-files',
    message: `${left} files were not opened: more than ${MOST_FILES} declare resources.`,
    remedy: 'Run it in the folders one by one, or leave out generated files under `ignore` in the policy.',
    weight: 'note',
  };
}
