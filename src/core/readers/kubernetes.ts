import type { SourceFile } from '../model/change.ts';
import { topLevelKeys } from '../syntax/top-level-keys.ts';
import { readYamlSource } from '../syntax/yaml-source.ts';
import { readManifests } from './kubernetes/manifests.ts';
import { linkManifests } from './kubernetes/references.ts';
import type { Reader } from './reader.ts';

/** Names that exist in Helm charts only. */
const HELM = /\{\{[^}]{0,200}(?:\.(?:Values|Release|Chart|Capabilities)\b|\binclude\s+")/;

export const reader: Reader = {
  id: 'kubernetes',
  title: 'Kubernetes manifests',
  about:
    'Reads manifests in YAML and JSON, custom resources included, all of one directory together. Mustache and Jinja placeholders are tolerated; templates of Helm charts are left to rendering, unless they are plain YAML.',
  paths: ['**/*.yaml', '**/*.yml', '**/*.json'],
  priority: 50,
  unit: 'directory',
  recognises: (file) =>
    mayNameKinds(file.text) &&
    !needsHelm(file) &&
    topLevelKeys(file).some((keys) => keys.has('apiVersion') && keys.has('kind')),
  read: (files) => {
    const { drafts, doubts } = readManifests(files);
    const linked = linkManifests(drafts);
    return { resources: linked.resources, doubts: [...doubts, ...linked.doubts] };
  },
};

/** Spares most other files a closer look; an escape in a key could spell anything. */
function mayNameKinds(text: string): boolean {
  return (text.includes('apiVersion') && text.includes('kind')) || /\\[xuU][0-9A-Fa-f]{2}/.test(text);
}

/** A Helm template that is no YAML before it is rendered. An action at the margin cannot be part of any value. */
function needsHelm(file: SourceFile): boolean {
  return HELM.test(file.text) && (/^\{\{/m.test(file.text) || readYamlSource(file).template);
}
