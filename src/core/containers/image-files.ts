import type { Evidence } from '../detectors/detector.ts';
import type { Resource } from '../model/resource.ts';
import { get, text, truth } from '../values/value.ts';

/** The stages of one Dockerfile on both sides, in written order; a side without the file is empty. */
export interface ImageFile {
  /** Path at head, or at base when the file is gone. */
  readonly path: string;
  readonly base: readonly Resource[];
  readonly head: readonly Resource[];
}

/** Dockerfiles that the change touches. A renamed file is the same image. */
export function imageFiles(evidence: Evidence): ImageFile[] {
  const deltas = evidence.deltas.filter((d) => (d.head ?? d.base)?.stack === 'dockerfile');
  if (deltas.length === 0) return [];
  const base = stagesByFile(evidence.base.resources);
  const head = stagesByFile(evidence.head.resources);
  const renamed = new Map(
    deltas.flatMap((d) =>
      d.base && d.head && d.base.file !== d.head.file && !head.has(d.base.file)
        ? [[d.head.file, d.base.file] as const]
        : [],
    ),
  );
  const gone = new Set(renamed.values());
  const paths = new Set(deltas.map((d) => (d.head ?? d.base)?.file ?? ''));
  return [...paths]
    .filter((path) => !gone.has(path) || head.has(path))
    .sort()
    .map((path) => ({
      path,
      base: base.get(path) ?? base.get(renamed.get(path) ?? '') ?? [],
      head: head.get(path) ?? [],
    }));
}

function stagesByFile(resources: readonly Resource[]): Map<string, Resource[]> {
  const out = new Map<string, Resource[]>();
  for (const r of resources) {
    if (r.stack !== 'dockerfile') continue;
    const stages = out.get(r.file) ?? [];
    out.set(r.file, stages);
    stages.push(r);
  }
  return out;
}

export interface RootImage {
  /** Repository without tag and digest; empty when nothing is written. */
  readonly name: string;
  readonly tag: string;
  readonly digest: boolean;
  readonly line: number;
}

/** The image a stage comes from in the end, through the stages it builds on. */
export function rootImage(stage: Resource, stages: readonly Resource[]): RootImage {
  let now = stage;
  for (let steps = 0; steps < stages.length; steps++) {
    const parent = text(get(get(now.values, 'from'), 'stage'));
    const found = parent === undefined ? undefined : stages.find((s) => s !== now && s.name === parent);
    if (!found) break;
    now = found;
  }
  const from = get(now.values, 'from');
  return {
    name: text(get(from, 'image')) ?? '',
    tag: text(get(from, 'tag')) ?? '',
    digest: get(from, 'digest') !== undefined,
    line: from?.line ?? now.span.startLine,
  };
}

/** `root`, `user`, or `unknown` where the base image decides. */
export function userKind(stage: Resource, stages: readonly Resource[]): 'root' | 'user' | 'unknown' {
  const user = (text(get(stage.values, 'user')) ?? '').split(':')[0] ?? '';
  if (user === '') return rootImage(stage, stages).tag.includes('nonroot') ? 'user' : 'unknown';
  if (user.startsWith('$')) return 'unknown';
  return user === 'root' || /^0+$/.test(user) ? 'root' : 'user';
}

/** The stage that becomes the image. */
export const finalOf = (stages: readonly Resource[]): Resource | undefined =>
  stages.find((s) => truth(get(s.values, 'final')) === true) ?? stages.at(-1);
