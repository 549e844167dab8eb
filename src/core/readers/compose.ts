import type { Value } from '../model/value.ts';
import { topLevelKeys } from '../syntax/top-level-keys.ts';
import { readYamlSource } from '../syntax/yaml-source.ts';
import { entries, get } from '../values/value.ts';
import { readEnvironment } from './compose/interpolation.ts';
import { readComposeFile } from './compose/project.ts';
import type { Reader } from './reader.ts';

/** Sets the variables of the Compose files beside it. */
const ENVIRONMENT = /(?:^|\/)\.env$/;
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
    'Reads Compose files by name, and any YAML with services that have an image or a build: services, networks, volumes, secrets and configs, short and long forms as one, with the variables that an `.env` beside them sets. Placeholders of Mustache and Jinja are tolerated; included and extended files are named, not merged.',
  paths: ['**/*.yaml', '**/*.yml', '**/.env'],
  priority: 40,
  unit: 'directory',
  recognises: (file) => {
    if (ENVIRONMENT.test(file.path)) return true;
    if (!NAMED.test(file.path) && !/services|\\[xuU][0-9A-Fa-f]{2}/.test(file.text)) return false;
    const documents = topLevelKeys(file);
    if (NAMED.test(file.path)) return documents.some((keys) => SECTIONS.some((key) => keys.has(key)));
    const own = documents.some((keys) => keys.has('services') && !FOREIGN.some((key) => keys.has(key)));
    return own && readYamlSource(file).documents.some((d) => startsSomething(d.value));
  },
  read: (files) => {
    const beside = files.find((file) => ENVIRONMENT.test(file.path));
    const environment = readEnvironment(beside?.text ?? '');
    const readings = files
      .filter((file) => file !== beside)
      .map((file) => readComposeFile(file, environment));
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
