import type { Doubt } from '../../model/doubt.ts';
import type { Reference, Resource } from '../../model/resource.ts';
import type { Value } from '../../model/value.ts';
import { doubtsOf } from '../../syntax/doubts.ts';
import { hostsOfSetting } from '../../values/hosts.ts';
import { entries, get, text } from '../../values/value.ts';
import { indexDirectory, podOf, type Directory, type Pod } from './directory.ts';
import type { Draft } from './manifests.ts';
import {
  HOST_PATHS,
  OBJECT_REFERENCES,
  POD_REFERENCES,
  REFERENCES,
  SELECTORS,
  type ReferencePath,
} from './reference-paths.ts';
import { selectorOf } from './selectors.ts';
import { visitPath } from './visit-path.ts';

/** Adds what the manifests of one directory say about each other. */
export function linkManifests(drafts: readonly Draft[]): {
  readonly resources: readonly Resource[];
  readonly doubts: readonly Doubt[];
} {
  const directory = indexDirectory(drafts);
  const resources = drafts.map((draft): Resource => {
    return { ...draft.manifest, references: referencesOf(draft, directory) };
  });
  const first = drafts[0];
  if (!first || !directory.exhausted()) return { resources, doubts: [] };
  const message = 'The selectors in this directory match more manifests than are followed';
  return {
    resources,
    doubts: doubtsOf(first.manifest.file, 'manifests', [{ message, line: 1, column: 1, limit: true }]),
  };
}

type Add = (to: string | undefined, path: string) => void;

function referencesOf(draft: Draft, directory: Directory): readonly Reference[] {
  const found = new Map<string, Reference>();
  const add: Add = (to, path) => {
    if (to !== undefined && to !== draft.address) found.set(`${to}\n${path}`, { to, path });
  };
  addNames(draft, draft.values, '', REFERENCES.get(draft.kind) ?? [], directory, add);
  const pod = podOf(draft);
  if (pod) addPod(draft, pod, directory, add);
  addObjects(draft, directory, add);
  addSelected(draft, directory, add);
  addHosts(draft, directory, add);
  return [...found.values()];
}

function addNames(
  draft: Draft,
  root: Value,
  prefix: string,
  paths: readonly ReferencePath[],
  directory: Directory,
  add: Add,
): void {
  for (const { path, kind } of paths)
    visitPath(root, path, (value, at) => {
      const name = text(value);
      if (name) add(directory.address(kind, name, draft.namespace), prefix + at);
    });
}

function addPod(draft: Draft, pod: Pod, directory: Directory, add: Add): void {
  addNames(draft, pod.spec, `${pod.path}.`, POD_REFERENCES, directory, add);
  for (const list of ['containers', 'initContainers']) {
    visitPath(pod.spec, `${list}.env`, (variable, at) => {
      const value = text(get(variable, 'value'));
      if (value === undefined) return;
      for (const host of hostsOfSetting(text(get(variable, 'name')) ?? '', value))
        add(directory.serviceOf(host, draft.namespace), `${pod.path}.${at}.value`);
    });
    for (const words of ['command', 'args'])
      visitPath(pod.spec, `${list}.${words}`, (word, at) => {
        for (const host of hostsOfSetting('', text(word) ?? ''))
          add(directory.serviceOf(host, draft.namespace), `${pod.path}.${at}`);
      });
  }
}

/** Objects of the form `{kind, name, namespace}`. */
function addObjects(draft: Draft, directory: Directory, add: Add): void {
  for (const { path, kind: usual } of OBJECT_REFERENCES)
    visitPath(draft.values, path, (object, at) => {
      const name = text(get(object, 'name'));
      const kind = text(get(object, 'kind')) ?? usual;
      if (!name || kind === 'User' || kind === 'Group') return;
      add(directory.address(kind, name, text(get(object, 'namespace')) ?? draft.namespace), at);
    });
}

function addSelected(draft: Draft, directory: Directory, add: Add): void {
  for (const { path, selects } of SELECTORS.get(draft.kind) ?? [])
    visitPath(draft.values, path, (value, at) => {
      const selector = selectorOf(value);
      const empty = selector.exact.length === 0 && selector.others.length === 0;
      // An empty selector selects everything, except in a Service, where it leaves the endpoints to somebody else.
      if (value.kind !== 'map' || (empty && draft.kind === 'Service')) return;
      for (const to of directory.selected(selects, selector, draft.namespace)) add(to, at);
    });
}

function addHosts(draft: Draft, directory: Directory, add: Add): void {
  for (const path of HOST_PATHS.get(draft.kind) ?? [])
    visitPath(draft.values, path, (value, at) =>
      add(directory.serviceOf((text(value) ?? '').toLowerCase(), draft.namespace), at),
    );
  if (draft.kind !== 'ConfigMap') return;
  for (const { key, value } of entries(get(draft.values, 'data')))
    for (const host of hostsOfSetting(key, text(value) ?? ''))
      add(directory.serviceOf(host, draft.namespace), `data.${key}`);
}
