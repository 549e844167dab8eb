import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Minimatch } from 'minimatch';
import { pathMatcher } from '../src/core/paths.ts';

const globs = [
  '**/*.tf',
  '**/*.tf.json',
  '**/Dockerfile',
  '**/Dockerfile*',
  'docs/**',
  '.github/workflows/*.{yml,yaml}',
  '**/{test,tests}/**',
  'README.md',
  '**/*.test.*',
  '**/threat[-_]model*',
  '**/*threat?(-|_| )model*.@(md|markdown)',
  '**/@(*stride*|*test*).@(md|ts)',
  'docs/*',
];

test('the fast shapes answer as minimatch does', () => {
  const segment = fc.constantFrom(
    'docs',
    '.github',
    'workflows',
    'test',
    'a',
    'Dockerfile',
    'dockerfile.dev',
    'main.tf',
    'x.tf.json',
    'ci.yml',
    'README.md',
    'a.test.ts',
    '.tf',
    'threat-model.md',
    'my-threatmodel-2.markdown',
    'stride.md',
    'x.TF',
  );
  fc.assert(
    fc.property(
      fc.array(segment, { minLength: 1, maxLength: 4 }),
      fc.subarray(globs, { minLength: 1 }),
      (segments, some) => {
        const path = segments.join('/');
        const expected = some.some((g) => new Minimatch(g, { dot: true, nocase: true }).match(path));
        expect([path, some, pathMatcher(some)(path)]).toEqual([path, some, expected]);
      },
    ),
    { seed: 11, numRuns: 500 },
  );
});

test('no globs match nothing', () => {
  expect(pathMatcher([])('a/b')).toBe(false);
});
