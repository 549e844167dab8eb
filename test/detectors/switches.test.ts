import { describe, expect, test } from '@jest/globals';
import { detector } from '../../src/core/detectors/switches.ts';
import { reader as terraform } from '../../src/core/readers/terraform.ts';
import { brief, detectChange } from '../support/changes.ts';
import { briefOf, factsOf } from '../support/stacks.ts';

const variable = (name: string, value: string): string => `variable "${name}" {\n  default = ${value}\n}\n`;

describe('component-switched', () => {
  test('in a file of values, on and off', () => {
    const run = (base: string, head: string): readonly string[] =>
      brief(detectChange(terraform, detector, { 'infra/x.tfvars': base }, { 'infra/x.tfvars': head }));
    expect(run('deploy_importer = false\n', 'deploy_importer = true\n')).toEqual([
      'switches/component-switched infra/x.tfvars#deploy_importer *',
    ]);
    expect(run('colour = "red"\n', 'colour = "red"\ndeploy_importer = true\n')).toEqual([
      'switches/component-switched infra/x.tfvars#deploy_importer *',
    ]);
    expect(run('colour = "red"\n', 'colour = "red"\ndeploy_importer = false\n')).toEqual([]);
  });

  test('what it makes or unmakes is its category', () => {
    const facts = (a: string, b: string): unknown =>
      factsOf(detector, 'terraform', variable('create_worker', a), variable('create_worker', b)).map(
        (f) => f.categories,
      );
    expect([facts('false', 'true'), facts('true', 'false')]).toEqual([
      [['new-component']],
      [['removed-component']],
    ]);
  });

  test.each([
    ['an alarm', variable('create_alarms', 'false'), variable('create_alarms', 'true')],
    ['a feature', variable('enable_dark_mode', 'false'), variable('enable_dark_mode', 'true')],
    ['a number', variable('deploy_timeout', '1'), variable('deploy_timeout', '2')],
    ['a new variable', '', variable('deploy_importer', 'false')],
    ['a text', variable('deploy_region', '"a"'), variable('deploy_region', '"b"')],
  ])('%s is none', (_, base, head) => expect(briefOf(detector, 'terraform', base, head)).toEqual([]));
});

describe('platform-service', () => {
  const apis = (...names: readonly string[]): string =>
    `locals {\n  apis = [${names.map((n) => `"${n}"`).join(', ')}]\n}\n`;
  test('is told and does not decide', () => {
    const facts = factsOf(
      detector,
      'terraform',
      apis('run.googleapis.com', 'clouddebugger.googleapis.com'),
      apis('run.googleapis.com'),
    );
    expect(facts).toMatchObject([
      {
        rule: 'switches/platform-service',
        deciding: false,
        before: 'clouddebugger.googleapis.com',
        side: 'base',
      },
    ]);
  });
  test('another order, or another text, is none', () => {
    expect(
      briefOf(
        detector,
        'terraform',
        apis('a-b.googleapis.com', 'run.googleapis.com'),
        apis('run.googleapis.com', 'a-b.googleapis.com'),
      ),
    ).toEqual([]);
    expect(
      briefOf(
        detector,
        'terraform',
        apis('run.googleapis.com'),
        apis('run.googleapis.com', 'https://x.test'),
      ),
    ).toEqual([]);
  });
});
