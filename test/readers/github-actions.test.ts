import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { reader } from '../../src/core/readers/github-actions.ts';
import { at, entries, show, texts } from '../../src/core/values/value.ts';
import { expectHardened, find, meaning, readTexts } from '../support/readings.ts';

const PATH = '.github/workflows/release.yml';
const read = (text: string, path = PATH): ReturnType<typeof readTexts> => readTexts(reader, { [path]: text });

const RELEASE = `name: Release
on:
  push:
    branches: [main]
  schedule:
    - cron: '0 4 * * *'
permissions:
  contents: read
env:
  HUB: \${{ secrets.HUB_USER }}
jobs:
  build:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@0123456789012345678901234567890123456789
      - name: Test
        run: |
          make test
          echo "$TOKEN"
        env:
          TOKEN: \${{ secrets['api-token'] }}
  publish:
    needs: [build]
    runs-on: [self-hosted, linux]
    environment: { name: production, url: https://shop.example }
    permissions: write-all
    container: node:22
    steps:
      - uses: ./.github/actions/setup
      - uses: docker://alpine:3.20
  call:
    uses: example/shared/.github/workflows/deploy.yml@main
    secrets: inherit
`;

describe('workflows', () => {
  const reading = read(RELEASE);

  test('the workflow, its events and its jobs are resources with exact lines', () => {
    expect(reading.doubts).toEqual([]);
    expect(reading.resources.map((r) => [r.type, r.address, r.span.startLine, r.span.endLine])).toEqual([
      ['workflow', PATH, 1, 33],
      ['workflow-trigger', `${PATH}#on.push`, 3, 4],
      ['workflow-trigger', `${PATH}#on.schedule`, 5, 6],
      ['workflow-job', 'job release.build', 12, 21],
      ['workflow-job', 'job release.publish', 22, 30],
      ['workflow-job', 'job release.call', 31, 33],
    ]);
  });

  test('filters of an event are its values', () => {
    expect(show(find(reading, `${PATH}#on.push`).values)).toBe('{event: push, branches: [main]}');
    expect(show(find(reading, `${PATH}#on.schedule`).values)).toBe('{event: schedule, cron: [0 4 * * *]}');
  });

  test('permissions are those in force, and say where they are written', () => {
    const of = (job: string): string => show(at(find(reading, `job release.${job}`).values, 'permissions'));
    const from = (job: string): string =>
      show(at(find(reading, `job release.${job}`).values, 'permissions-from'));
    expect([of('build'), from('build')]).toEqual(['{contents: read}', 'workflow']);
    expect([of('publish'), from('publish')]).toEqual(['{*: write}', 'job']);
  });

  test('secrets are names, from the workflow’s environment too, and all of them when they are inherited', () => {
    const of = (job: string): readonly string[] =>
      texts(at(find(reading, `job release.${job}`).values, 'secrets'));
    expect(of('build')).toEqual(['API-TOKEN', 'HUB_USER']);
    expect(of('publish')).toEqual(['HUB_USER']);
    expect(of('call')).toEqual(['*', 'HUB_USER']);
  });

  test('steps keep action, version and script', () => {
    const build = find(reading, 'job release.build').values;
    expect(show(at(build, 'uses'))).toBe(
      '[{uses: actions/checkout, ref: 0123456789012345678901234567890123456789}]',
    );
    expect(show(at(build, 'run'))).toContain('make test');
    const publish = find(reading, 'job release.publish').values;
    expect(show(at(publish, 'uses'))).toBe('[{uses: ./.github/actions/setup}, {uses: docker://alpine:3.20}]');
    expect(show(at(publish, 'runs-on'))).toBe('[self-hosted, linux]');
    expect(show(at(publish, 'environment'))).toBe('production');
    expect(show(at(publish, 'container'))).toBe('{image: node:22}');
    expect(show(at(find(reading, 'job release.call').values, 'uses'))).toContain('reusable: true');
  });

  test('a job mentions the jobs it waits for', () => {
    expect(find(reading, 'job release.publish').references).toContainEqual({
      to: 'job release.build',
      path: 'needs',
    });
  });

  test('runner labels come from the matrix when the job says so', () => {
    const text =
      'on: push\njobs:\n  t:\n    strategy: {matrix: {os: [ubuntu-24.04, macos-15], include: [{os: own-box}]}}\n    runs-on: ${{ matrix.os }}\n    steps: []\n';
    expect(texts(at(find(read(text), 'job release.t').values, 'runs-on'))).toEqual([
      'ubuntu-24.04',
      'macos-15',
      'own-box',
    ]);
  });

  test.each([
    ['on: push', ['push']],
    ['on: [push, pull_request]', ['push', 'pull_request']],
    ["'on':\n  workflow_dispatch:", ['workflow_dispatch']],
  ])('%s', (on, names) => {
    const { resources } = read(`${on}\njobs: {}\n`);
    expect(resources.filter((r) => r.type === 'workflow-trigger').map((r) => r.name)).toEqual(names);
  });

  test('no permissions anywhere is the default, an empty map is none at all', () => {
    const of = (text: string): unknown => at(find(read(text), 'job release.a').values, 'permissions');
    expect(of('on: push\njobs: {a: {steps: []}}')).toMatchObject({ kind: 'scalar', value: 'default' });
    expect(of('on: push\npermissions: {}\njobs: {a: {steps: []}}')).toMatchObject({
      kind: 'map',
      entries: [],
    });
  });

  test('text that only looks like a secret is none', () => {
    const text =
      "on: push\njobs:\n  a:\n    steps:\n      - run: cat secrets.json && echo ${{ format('secrets.NOPE') }} ${{ secrets.GITHUB_TOKEN }}\n";
    expect(at(find(read(text), 'job release.a').values, 'secrets')).toBeUndefined();
  });
});

describe('actions', () => {
  test('a composite action has steps like a job', () => {
    const text =
      'name: Deploy\nruns:\n  using: composite\n  steps:\n    - uses: actions/cache@v4\n    - run: make deploy\n      shell: bash\n';
    const action = find(read(text, 'ci/deploy/action.yml'), 'ci/deploy/action.yml');
    expect(action.name).toBe('deploy');
    expect(entries(action.values).map((e) => e.key)).toEqual(['name', 'runs-using', 'uses', 'run']);
  });

  test('an action.yml without `runs` belongs to somebody else', () => {
    expect(reader.recognises({ path: 'game/action.yml', text: 'jump: high\n' })).toBe(false);
  });
});

describe('what cannot be read', () => {
  test('is named with its place, and the rest is kept', () => {
    const { doubts, resources } = read('on: push\njobs:\n  a:\n    steps: [\n  b: {}\n');
    expect(doubts[0]).toMatchObject({ code: 'parse-error', file: PATH });
    expect(doubts[0]?.line).toBeGreaterThan(2);
    expect(resources.map((r) => r.address)).toContain(`${PATH}#on.push`);
  });

  test('a list is no workflow', () => {
    expect(read('- a\n- b\n').doubts).toMatchObject([{ code: 'parse-error', line: 1 }]);
  });

  test('hostile texts neither throw nor point outside', () => {
    expectHardened(
      reader,
      PATH,
      (hostile) =>
        `on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: x\n${hostile}\n`,
    );
  });

  test('arbitrary values in every place', () => {
    const scalar = fc.oneof(
      fc.string(),
      fc.constantFrom('${{', '${{ secrets', "${{ secrets['", '}}', '@', 'docker://', '__proto__'),
      fc.integer(),
      fc.constant(null),
      fc.boolean(),
    );
    const tree = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        scalar,
        fc.array(tie('node'), { maxLength: 3 }),
        fc.dictionary(
          fc.constantFrom(
            'on',
            'jobs',
            'steps',
            'uses',
            'run',
            'with',
            'runs-on',
            'permissions',
            'secrets',
            'container',
            'strategy',
            'matrix',
            'environment',
            'if',
            'env',
          ),
          tie('node'),
          { maxKeys: 6 },
        ),
      ),
    })).node;
    fc.assert(
      fc.property(tree, (value) => {
        const { resources } = reader.read([
          { path: PATH, text: JSON.stringify({ on: value, jobs: { a: value, b: { steps: value } } }) },
        ]);
        expect(resources.every((r) => r.values.kind === 'map')).toBe(true);
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});

test('indentation, comments, quotes and line ends do not change the meaning', () => {
  const other = RELEASE.replaceAll('    steps:', '    # how\n    steps:')
    .replace('ubuntu-24.04', '"ubuntu-24.04"')
    .replaceAll('\n', '\r\n');
  // CRLF within a block scalar is the same text after YAML has read it.
  expect(meaning(read(other))).toEqual(meaning(read(RELEASE)));
});
