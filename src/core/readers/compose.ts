import type { Value } from '../model/value.ts';
import { topLevelKeys } from '../syntax/top-level-keys.ts';
import { readYamlSource } from '../syntax/yaml-source.ts';
import { entries, get } from '../values/value.ts';
import { readComposeFile } from './compose/project.ts';
import type { Reader } from './reader.ts';

const NAMED = /(?:^|\/)(?:docker-)?compose(?:[.-][^/]*)?\.ya?ml$/i;
/** Of other tools that also have services or a version at the top. */
const FOREIGN = [
  'apiVersion',
  'AWSTemplateFormatVersion',
  'Resources',
  'openapi',
  'swagger',
  'asyncapi',
  'jobs',
  'stages',
];
const SECTIONS = ['services', 'networks', 'volumes', 'secrets', 'configs', 'include', 'version'];

export const reader: Reader = {
  id: 'compose',
  title: 'Docker Compose',
  about:
    'Reads Compose files by name, and any YAML with services that have an image or a build: services, networks, volumes, secrets and configs, short and long forms as one. Placeholders of Mustache and Jinja are tolerated; included and extended files are named, not merged.',
  paths: ['**/*.yaml', '**/*.yml'],
  priority: 40,
  unit: 'file',
  recognises: (file) => {
    if (!NAMED.test(file.path) && !/services|\\[xuU][0-9A-Fa-f]{2}/.test(file.text)) return false;
    const documents = topLevelKeys(file);
    if (NAMED.test(file.path)) return documents.some((keys) => SECTIONS.some((key) => keys.has(key)));
    const own = documents.some((keys) => keys.has('services') && !FOREIGN.some((key) => keys.has(key)));
    return own && readYamlSource(file).documents.some((d) => startsSomething(d.value));
  },
  read: (files) => {
    const readings = files.map(readComposeFile);
    return {
      resources: readings.flatMap((r) => r.resources),
      doubts: readings.flatMap((r) => r.doubts),
    };
  },
};

/** Whether a service says what it is made of. */
function startsSomething(project: Value | undefined): boolean {
  return entries(get(project, 'services')).some(
    ({ value }) => get(value, 'image') !== undefined || get(value, 'build') !== undefined,
  );
}
