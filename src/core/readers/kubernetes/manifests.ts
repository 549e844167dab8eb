import { LIMITS } from '../../limits.ts';
import type { SourceFile } from '../../model/change.ts';
import type { Doubt } from '../../model/doubt.ts';
import type { Resource } from '../../model/resource.ts';
import type { Span } from '../../model/span.ts';
import type { Value } from '../../model/value.ts';
import { doubtsOf } from '../../syntax/doubts.ts';
import { parseJson } from '../../syntax/json.ts';
import { blockSpan, indexLines, type LineIndex } from '../../syntax/lines.ts';
import { readYamlSource } from '../../syntax/yaml-source.ts';
import { at, get, items, resolve, text } from '../../values/value.ts';
import { POD_PLACES } from './reference-paths.ts';

/** A manifest before its references are known. */
export interface Draft {
  readonly manifest: Omit<Resource, 'references'>;
  readonly address: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly values: Value;
}

interface Manifest {
  readonly value: Value;
  readonly span: Span;
}

/** Files that look like manifests and configure a tool on somebody's machine instead of a cluster. */
const NOT_OF_A_CLUSTER =
  /^(?:skaffold|kustomize\.config\.k8s\.io|backstage\.io|client\.authentication\.k8s\.io|krew\.googlecontainertools\.github\.com|config\.kubernetes\.io)\//;

export function readManifests(files: readonly SourceFile[]): {
  readonly drafts: readonly Draft[];
  readonly doubts: readonly Doubt[];
} {
  const drafts: Draft[] = [];
  const doubts: Doubt[] = [];
  for (const file of files) {
    const read = file.path.toLowerCase().endsWith('.json') ? readJson(file) : readYaml(file);
    doubts.push(...read.doubts);
    const index = indexLines(file.text);
    for (const manifest of read.manifests.flatMap((m) => expandList(m, index))) {
      const draft = draftOf(file.path, manifest);
      if (!draft) continue;
      if (drafts.length >= LIMITS.resources) {
        const problem = {
          message: `More than ${LIMITS.resources} manifests in this directory`,
          column: 1,
          limit: true,
        };
        doubts.push(...doubtsOf(file.path, 'manifests', [{ ...problem, line: manifest.span.startLine }]));
        return { drafts, doubts };
      }
      drafts.push(draft);
    }
  }
  return { drafts, doubts };
}

function readYaml(file: SourceFile): { manifests: readonly Manifest[]; doubts: readonly Doubt[] } {
  const { documents, doubts } = readYamlSource(file);
  const manifests = documents.flatMap(({ value, startLine, endLine }) =>
    value ? [{ value, span: { startLine, endLine } }] : [],
  );
  return { manifests, doubts };
}

function readJson(file: SourceFile): { manifests: readonly Manifest[]; doubts: readonly Doubt[] } {
  const { value, errors } = parseJson(file.text);
  const doubts = doubtsOf(file.path, 'JSON', errors);
  return {
    manifests: value ? [{ value, span: blockSpan(indexLines(file.text), value.line, value) }] : [],
    doubts,
  };
}

/** The members of a `List`; any other manifest as it is. */
function expandList(manifest: Manifest, index: LineIndex): readonly Manifest[] {
  const members = get(manifest.value, 'items');
  if (!text(get(manifest.value, 'kind'))?.endsWith('List') || !members || resolve(members).kind !== 'list')
    return [manifest];
  return items(members).map((value) => ({ value, span: blockSpan(index, value.line, value) }));
}

function draftOf(file: string, { value, span }: Manifest): Draft | undefined {
  const kind = text(get(value, 'kind'));
  const version = text(get(value, 'apiVersion'));
  if (value.kind !== 'map' || !kind || !version) return undefined;
  if (NOT_OF_A_CLUSTER.test(version) || (kind === 'Config' && version === 'v1')) return undefined;
  const namespace = written(at(value, 'metadata', 'namespace')) ?? '-';
  const generated = written(at(value, 'metadata', 'generateName'));
  const name = written(at(value, 'metadata', 'name')) ?? (generated ? `${generated}*` : stem(file));
  const slash = file.lastIndexOf('/');
  const address = `${kind}/${namespace}/${name}`;
  const manifest = {
    stack: 'kubernetes',
    address,
    scope: slash < 0 ? '' : file.slice(0, slash),
    type: isPatch(kind, value) ? 'KustomizePatch' : kind,
    name,
    file,
    span,
    values: value,
  };
  return { manifest, address, kind, name, namespace, values: value };
}

const WORKLOADS: ReadonlySet<string> = new Set([
  'Pod',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'Job',
  'CronJob',
]);

/** Whether it only changes a manifest that is elsewhere: containers without any image could not be started. */
function isPatch(kind: string, value: Value): boolean {
  if (get(value, '$patch')) return true;
  if (!WORKLOADS.has(kind) || !get(value, 'spec')) return false;
  const containers = POD_PLACES.flatMap((place) => items(at(value, ...place, 'spec', 'containers')));
  return containers.every((container) => !get(container, 'image'));
}

/** A name as it stands, placeholder or not. */
function written(value: Value | undefined): string | undefined {
  const known = text(value) ?? (value?.kind === 'expression' ? value.text : undefined);
  return known === '' ? undefined : known;
}

function stem(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '');
}
