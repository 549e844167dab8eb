import type { Classification } from '../classify.ts';
import type { Change, ChangedFile, Content } from '../model/change.ts';
import type { Doubt, DoubtCode } from '../model/doubt.ts';
import type { ModelDelta } from '../model/model-delta.ts';
import type { Policy } from '../model/policy.ts';
import { pathMatcher } from '../paths.ts';
import { readersOfPath } from '../resources.ts';

export interface DoubtSources {
  /** From before the pipeline: an invalid policy. */
  readonly earlier: readonly Doubt[];
  readonly change: Change;
  readonly code: Classification;
  readonly models: { readonly base: readonly Source[]; readonly head: readonly Source[] };
  readonly base: { readonly doubts: readonly Doubt[] };
  readonly head: { readonly doubts: readonly Doubt[] };
  readonly delta: ModelDelta;
  readonly policy: Policy;
}

interface Source {
  readonly path: string;
  readonly content: Content;
}

/** Every reason not to conclude, weighed: what the change broke is a doubt, what was unreadable before is the policy's choice. */
export function gatherDoubts(s: DoubtSources): Doubt[] {
  const isArchitecture = pathMatcher(s.policy.architecture);
  const weigh = (path: string, broken: boolean): Doubt['weight'] =>
    broken || s.policy.unreadable === 'doubt' || isArchitecture(path) ? 'doubt' : 'note';
  const changed = new Set(s.change.files.map((f) => f.path));
  const all = [
    ...s.earlier,
    ...s.change.doubts,
    ...s.change.files.flatMap((f) => unreadable(f, s, weigh)),
    ...parseDoubts(s, changed, weigh),
    ...modelDoubts(s),
    ...s.code.doubts,
  ];
  return unique(all).sort(inOrder);
}

const CODE_OF: Readonly<Record<Extract<Content, { kind: 'unreadable' }>['reason'], DoubtCode>> = {
  missing: 'file-missing',
  'too-large': 'file-too-large',
  binary: 'file-binary',
  'not-utf8': 'file-not-utf8',
  symlink: 'file-is-symlink',
  submodule: 'file-is-submodule',
  'unsafe-path': 'unsafe-path',
};

const REMEDY: Readonly<Record<string, string>> = {
  missing: 'Run the check again; if it stays, fetch the commit completely.',
  'too-large': 'Split the file, or list it under `ignore` in the policy if it declares nothing.',
  binary: 'Keep declarations in text files, or list the file under `ignore` in the policy.',
  'not-utf8': 'Save the file as UTF-8.',
  symlink: 'Replace the link by the file, or list it under `ignore` in the policy.',
  submodule: 'Gate the submodule in its own repository.',
  'unsafe-path': 'Rename the file.',
};

/**
 * A changed file whose head bytes are not at hand as text. It breaks the verdict when its name alone says that it declares
 * something (a reader takes even an empty file there) or when a reader did read it at base.
 */
function unreadable(
  file: ChangedFile,
  s: DoubtSources,
  weigh: (path: string, broken: boolean) => Doubt['weight'],
): Doubt[] {
  const content = file.head?.kind === 'unreadable' ? file.head : undefined;
  if (!content) return [];
  const bySelf = readersOfPath(file.path).some((r) => r.recognises({ path: file.path, text: '' }));
  const broken =
    content.reason !== 'submodule' &&
    (bySelf || s.code.base.readBy.has(file.path) || content.reason === 'missing');
  return [
    {
      code: CODE_OF[content.reason],
      message: `\`${file.path}\` could not be read: ${content.detail}.`,
      remedy: REMEDY[content.reason] ?? 'Mend the file.',
      file: file.path,
      line: 1,
      weight: weigh(file.path, broken),
    },
  ];
}

/** Parse problems of changed files at head; unchanged neighbours and problems that base has too are not this change's. */
function parseDoubts(
  s: DoubtSources,
  changed: ReadonlySet<string>,
  weigh: (path: string, broken: boolean) => Doubt['weight'],
): Doubt[] {
  const before = new Set(s.code.base.doubts.map((d) => d.file ?? ''));
  return s.code.head.doubts
    .filter((d) => !d.file || changed.has(d.file))
    .map((d) => ({
      ...d,
      weight: d.weight === 'note' ? 'note' : weigh(d.file ?? '', !before.has(d.file ?? '')),
    }));
}

/** A model that cannot be read matters when the change touched it, or when facts need it. */
function modelDoubts(s: DoubtSources): Doubt[] {
  const before = new Map(s.models.base.map((m) => [m.path, m.content]));
  const touched = (path: string, content: Content | undefined): boolean => {
    const old = before.get(path);
    return !(old?.kind === 'text' && content?.kind === 'text' && old.text === content.text);
  };
  const needed = s.code.facts.some((f) => f.deciding);
  const contentOf = new Map(s.models.head.map((m) => [m.path, m.content]));
  const fromReading = s.head.doubts.map((d): Doubt => ({
    ...d,
    weight: needed || touched(d.file ?? '', contentOf.get(d.file ?? '')) ? d.weight : 'note',
  }));
  const fromBytes = s.models.head.flatMap((m): Doubt[] =>
    m.content.kind === 'unreadable'
      ? [
          {
            code: 'model-unreadable',
            message: `The file \`${m.path}\`, at a place of threat models, could not be read: ${m.content.detail}.`,
            remedy: REMEDY[m.content.reason] ?? 'Mend the file.',
            file: m.path,
            line: 1,
            weight: before.get(m.path)?.kind === 'text' ? 'doubt' : 'note',
          },
        ]
      : [],
  );
  return [...fromReading, ...fromBytes];
}

function unique(doubts: readonly Doubt[]): Doubt[] {
  const seen = new Map<string, Doubt>();
  for (const d of doubts) {
    const key = `${d.code}\n${d.file ?? ''}\n${d.line ?? 0}\n${d.message}`;
    const old = seen.get(key);
    if (!old || (old.weight === 'note' && d.weight === 'doubt')) seen.set(key, d);
  }
  return [...seen.values()];
}

function inOrder(x: Doubt, y: Doubt): number {
  const key = (d: Doubt): string =>
    `${d.weight}\n${d.file ?? ''}\n${String(d.line ?? 0).padStart(9, '0')}\n${d.code}\n${d.message}`;
  return key(x) < key(y) ? -1 : key(x) > key(y) ? 1 : 0;
}
