import { topLevelKeys, type TopLevelKeys } from '../syntax/top-level-keys.ts';
import { readTemplate } from './cloudformation/template.ts';
import type { Reader } from './reader.ts';

const RESOURCE_TYPE = /[A-Za-z0-9]::[A-Za-z0-9]/;

export const reader: Reader = {
  id: 'cloudformation',
  title: 'CloudFormation and SAM',
  about:
    'Reads templates in YAML and JSON: resources, parameters, conditions, mappings, outputs and SAM globals, with intrinsic functions resolved as far as the template tells. Macros and included files are not run.',
  paths: ['**/*.yml', '**/*.yaml', '**/*.json', '**/*.template', '**/*.cfn', '**/*.cfn.*'],
  priority: 60,
  unit: 'file',
  recognises: (file) => RESOURCE_TYPE.test(file.text) && isTemplate(topLevelKeys(file)),
  read: (files) => {
    const readings = files.map(readTemplate);
    return {
      resources: readings.flatMap((r) => r.resources),
      doubts: readings.flatMap((r) => r.doubts),
    };
  },
};

function isTemplate(documents: readonly TopLevelKeys[]): boolean {
  // A manifest stays a manifest whatever else is written into it, as the cluster ignores the keys that it does not know.
  if (documents.some((keys) => keys.has('apiVersion') && keys.has('kind'))) return false;
  return documents.some((keys) => keys.has('AWSTemplateFormatVersion') || keys.has('Resources'));
}
