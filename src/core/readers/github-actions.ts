import type { SourceFile } from '../model/change.ts';
import type { Value } from '../model/value.ts';
import type { Reader, Reading } from './reader.ts';
import { doubtsOf } from '../syntax/doubts.ts';
import { parseYaml } from '../syntax/yaml.ts';
import { readAction } from './github-actions/action.ts';
import { readWorkflow } from './github-actions/workflow.ts';

const WORKFLOW = /^\.github\/workflows\/[^/]+\.ya?ml$/i;

export const reader: Reader = {
  id: 'github-actions',
  title: 'GitHub Actions',
  about:
    'Workflows and actions: triggers, token permissions, jobs, runners, secrets, used actions and script steps.',
  paths: ['.github/workflows/*.{yml,yaml}', '**/action.{yml,yaml}'],
  priority: 95,
  unit: 'file',
  recognises: (file) => WORKFLOW.test(file.path) || /^runs\s{0,20}:/m.test(file.text),
  read: (files) => {
    const readings = files.map(readFile);
    return { resources: readings.flatMap((r) => r.resources), doubts: readings.flatMap((r) => r.doubts) };
  },
};

function readFile(file: SourceFile): Reading {
  const { documents, errors } = parseYaml(file.text);
  const what = WORKFLOW.test(file.path) ? 'a GitHub Actions workflow' : 'a GitHub action';
  const root: Value | undefined = documents[0]?.value;
  if (root?.kind !== 'map') {
    const shape = {
      message: 'The document is not a mapping',
      line: root?.line ?? 1,
      column: 1,
      limit: false,
    };
    return { resources: [], doubts: doubtsOf(file.path, what, errors.length > 0 ? errors : [shape]) };
  }
  const resources = WORKFLOW.test(file.path) ? readWorkflow(file, root) : readAction(file, root);
  return { resources, doubts: doubtsOf(file.path, what, errors) };
}
