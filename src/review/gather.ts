import type { Change, ChangedFile, Content, SourceFile, UnreadableReason } from '../core/model/change.ts';
import type { Doubt } from '../core/model/doubt.ts';
import type { Policy } from '../core/model/policy.ts';
import { pathMatcher } from '../core/paths.ts';
import { directoryOf, readersOfPath } from '../core/resources.ts';
import { selectionOf, type Selection } from '../core/selection.ts';
import type { ModelSources } from '../core/assess.ts';
import { compareTrees, type ChangedEntry } from './compare-trees.ts';
import type { Repository, Tree, TreeEntry } from './ports.ts';

export interface Gathered {
  readonly change: Change;
  readonly models: ModelSources;
}

export interface Bounds {
  /** Unchanged files beside changed ones fetched as context, at most. */
  readonly contextFiles: number;
  /** Unchanged files anywhere that tell what is known already, at most. */
  readonly knownFiles: number;
  /** Model files read per side, at most. */
  readonly modelFiles: number;
}

const BOUNDS: Bounds = { contextFiles: 600, knownFiles: 300, modelFiles: 200 };

/** Reads everything the pipeline needs about one change: both trees, then the blobs that matter, in one batch. */
export async function gather(
  repository: Repository,
  base: string,
  head: string,
  policy: Policy,
  bounds: Bounds = BOUNDS,
): Promise<Gathered> {
  const [baseTree, headTree] = await Promise.all([repository.tree(base), repository.tree(head)]);
  const selection = selectionOf(policy);
  const changed = compareTrees(baseTree, headTree);
  const opened = changed.filter((e) => isOpened(e.path, selection));
  const context = contextEntries(changed, headTree, selection, bounds);
  const known = knownEntries(
    changed,
    headTree,
    selection,
    bounds,
    new Set(context.entries.map((e) => e.path)),
  );
  const models = {
    base: modelEntries(baseTree, selection, bounds),
    head: modelEntries(headTree, selection, bounds),
  };
  const entries = [
    ...opened.flatMap((e) => [e.base, e.head]),
    ...context.entries,
    ...known.entries,
    ...models.base.entries,
    ...models.head.entries,
  ];
  const blobs = await repository.blobs(
    [...new Set(entries.flatMap((e) => (e?.kind === 'file' ? [e.id] : [])))],
    policy.limits.fileBytes,
  );
  const isOpen = new Set(opened.map((e) => e.path));
  return {
    change: {
      repository: repository.name,
      base,
      head,
      files: changed.map((e) => changedFile(e, isOpen.has(e.path), blobs)),
      context: textsOf([...context.entries, ...known.entries], blobs),
      doubts: [
        ...incomplete(baseTree, headTree),
        ...context.doubts,
        ...known.doubts,
        ...models.base.doubts,
        ...models.head.doubts,
      ],
    },
    models: { base: modelTexts(models.base.entries, blobs), head: modelTexts(models.head.entries, blobs) },
  };
}

/** Only the models of a change, for a pull request that brings the model of another one. */
export async function gatherModels(
  repository: Repository,
  base: string,
  head: string,
  policy: Policy,
  bounds: Bounds = BOUNDS,
): Promise<ModelSources & { readonly touched: boolean; readonly doubts: readonly Doubt[] }> {
  const [baseTree, headTree] = await Promise.all([repository.tree(base), repository.tree(head)]);
  const selection = selectionOf(policy);
  const before = modelEntries(baseTree, selection, bounds);
  const after = modelEntries(headTree, selection, bounds);
  const ids = [...before.entries, ...after.entries].flatMap((e) => (e.kind === 'file' ? [e.id] : []));
  const blobs = await repository.blobs([...new Set(ids)], policy.limits.fileBytes);
  return {
    base: modelTexts(before.entries, blobs),
    head: modelTexts(after.entries, blobs),
    touched: compareTrees(baseTree, headTree).some((e) => selection.isModel(e.path)),
    doubts: [...incomplete(baseTree, headTree), ...before.doubts, ...after.doubts],
  };
}

const isOpened = (path: string, s: Selection): boolean => s.isCode(path) || s.isGovernance(path);

function changedFile(e: ChangedEntry, open: boolean, blobs: ReadonlyMap<string, Content>): ChangedFile {
  return {
    path: e.path,
    status: e.status,
    ...(e.base ? { base: contentOf(e.base, open, blobs) } : {}),
    ...(e.head ? { head: contentOf(e.head, open, blobs) } : {}),
  };
}

const NOT_A_FILE: Readonly<Record<Exclude<TreeEntry['kind'], 'file'>, readonly [UnreadableReason, string]>> =
  {
    symlink: ['symlink', 'it is a symbolic link, and links are not followed'],
    submodule: ['submodule', 'it is a submodule, whose content is in another repository'],
    unsafe: ['unsafe-path', 'its path is not valid'],
  };

function contentOf(entry: TreeEntry, open: boolean, blobs: ReadonlyMap<string, Content>): Content {
  if (!open) return { kind: 'unopened', id: entry.id };
  if (entry.kind !== 'file') {
    const [reason, detail] = NOT_A_FILE[entry.kind];
    return { kind: 'unreadable', reason, detail };
  }
  return (
    blobs.get(entry.id) ?? { kind: 'unreadable', reason: 'missing', detail: 'its content was not delivered' }
  );
}

interface Picked {
  readonly entries: readonly TreeEntry[];
  readonly doubts: readonly Doubt[];
}

/** Unchanged neighbours of changed files whose reader reads a directory as one unit. */
function contextEntries(
  changed: readonly ChangedEntry[],
  head: Tree,
  selection: Selection,
  bounds: Bounds,
): Picked {
  const readersIn = new Map<string, Set<string>>();
  for (const e of changed) {
    if (!selection.isCode(e.path)) continue;
    for (const r of readersOfPath(e.path)) {
      if (r.unit !== 'directory') continue;
      const dir = directoryOf(e.path);
      readersIn.set(dir, (readersIn.get(dir) ?? new Set()).add(r.id));
    }
  }
  const isChanged = new Set(changed.map((e) => e.path));
  const found = head.entries.filter((e) => {
    const ids = readersIn.get(directoryOf(e.path));
    return (
      ids &&
      e.kind === 'file' &&
      !isChanged.has(e.path) &&
      selection.isCode(e.path) &&
      readersOfPath(e.path).some((r) => ids.has(r.id))
    );
  });
  return capped(found, bounds.contextFiles, (left) => ({
    code: 'too-many-files',
    message: `${left} unchanged files beside the changed ones were not read as context.`,
    remedy: 'Facts that depend on those files may be missing; a smaller pull request is judged completely.',
    weight: 'note',
  }));
}

/** Unchanged files of the whole tree by which readers tell whether something is new to the repository. */
function knownEntries(
  changed: readonly ChangedEntry[],
  head: Tree,
  selection: Selection,
  bounds: Bounds,
  taken: ReadonlySet<string>,
): Picked {
  const wanting = new Set(
    changed
      .filter((e) => selection.isCode(e.path))
      .flatMap((e) => readersOfPath(e.path).filter((r) => r.everywhere !== undefined)),
  );
  if (wanting.size === 0) return { entries: [], doubts: [] };
  const wanted = pathMatcher([...wanting].flatMap((r) => r.everywhere ?? []));
  const isChanged = new Set(changed.map((e) => e.path));
  const found = head.entries.filter(
    (e) =>
      e.kind === 'file' &&
      !isChanged.has(e.path) &&
      !taken.has(e.path) &&
      wanted(e.path) &&
      selection.isCode(e.path),
  );
  return capped(found, bounds.knownFiles, (left) => ({
    code: 'too-many-files',
    message: `${left} unchanged files were not read to see what is known already.`,
    remedy: 'Something may be called new here that another part of the repository already has.',
    weight: 'note',
  }));
}

function modelEntries(tree: Tree, selection: Selection, bounds: Bounds): Picked {
  const found = tree.entries.filter((e) => e.kind === 'file' && selection.isModel(e.path));
  return capped(found, bounds.modelFiles, (left) => ({
    code: 'too-many-files',
    message: `${left} files at places of threat models were not read: more than ${bounds.modelFiles}.`,
    remedy: 'Name the model files under `model.paths` and leave the others out under `model.ignore`.',
    weight: 'doubt',
  }));
}

function capped(found: readonly TreeEntry[], most: number, doubt: (left: number) => Doubt): Picked {
  const sorted = [...found].sort((x, y) => (x.path < y.path ? -1 : 1));
  return {
    entries: sorted.slice(0, most),
    doubts: sorted.length > most ? [doubt(sorted.length - most)] : [],
  };
}

function textsOf(entries: readonly TreeEntry[], blobs: ReadonlyMap<string, Content>): SourceFile[] {
  return entries.flatMap((e) => {
    const content = blobs.get(e.id);
    return content?.kind === 'text' ? [{ path: e.path, text: content.text }] : [];
  });
}

function modelTexts(
  entries: readonly TreeEntry[],
  blobs: ReadonlyMap<string, Content>,
): ModelSources['head'] {
  return entries.map((e) => ({ path: e.path, content: contentOf(e, true, blobs) }));
}

function incomplete(base: Tree, head: Tree): Doubt[] {
  if (base.complete && head.complete) return [];
  return [
    {
      code: 'file-list-incomplete',
      message: 'The list of files was cut short, so not every change is known.',
      remedy: 'Evaluate with the command line in a checkout of the repository, or split the pull request.',
      weight: 'doubt',
    },
  ];
}
