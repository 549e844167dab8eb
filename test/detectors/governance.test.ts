import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { detector } from '../../src/core/detectors/governance.ts';
import { detector as pathRules } from '../../src/core/detectors/path-rules.ts';
import type { ChangedFile } from '../../src/core/model/change.ts';
import type { Fact } from '../../src/core/model/fact.ts';
import { evidence, make } from '../access/evidence.ts';
import { stopwatch } from '../stopwatch.ts';

function file(path: string, base: string | undefined, head: string | undefined): ChangedFile {
  const text = (t: string) => ({ kind: 'text', text: t }) as const;
  return {
    path,
    status: base === undefined ? 'added' : head === undefined ? 'removed' : 'modified',
    ...(base === undefined ? {} : { base: text(base) }),
    ...(head === undefined ? {} : { head: text(head) }),
  };
}
const detect = (...files: ChangedFile[]): readonly Fact[] =>
  detector.detect(evidence([], [], { change: { files } }));

describe('governance', () => {
  test('policy: a setting, but not a comment or the order of keys', () => {
    const facts = detect(
      file('.github/threatgate.yml', 'version: 1\nmode: enforce\n', '# hello\nversion: 1\n\nmode: observe\n'),
    );
    expect(facts).toMatchObject([
      {
        rule: 'governance/policy',
        kind: 'policy-changed',
        categories: ['ci-supply-chain'],
        signals: ['policy-file-changed'],
        deciding: true,
        line: 4,
        side: 'head',
      },
    ]);
    expect(facts[0]?.statement).toBe(
      'The policy of this gate in `.github/threatgate.yml` changed: `mode` from enforce to observe',
    );
    expect(
      detect(file('.github/threatgate.yml', 'a: 1\nb: {c: 2}\n', '# x\nb:\n  c: 2 # y\na: 1\n')),
    ).toEqual([]);
    expect(detect(file('other/threatgate.yml', 'a: 1\n', 'a: 2\n'))).toEqual([]);
  });

  test('policy: removed, added, broken', () => {
    expect(detect(file('.github/threatgate.yml', 'mode: enforce\n', undefined))).toMatchObject([
      { side: 'base', statement: 'The policy of this gate in `.github/threatgate.yml` is removed' },
    ]);
    expect(detect(file('.github/threatgate.yml', undefined, 'mode: observe\n'))).toMatchObject([
      { side: 'head' },
    ]);
    expect(detect(file('.github/threatgate.yml', 'mode: enforce\n', 'mode: [\n'))).toHaveLength(1);
    expect(
      detect({
        path: '.github/threatgate.yml',
        status: 'modified',
        base: { kind: 'unopened', id: 'x' },
        head: { kind: 'unopened', id: 'x' },
      }),
    ).toMatchObject([{ statement: expect.stringContaining('could not be compared') }]);
  });

  test('owners: who owns what, but neither comments nor the order of names', () => {
    const facts = detect(
      file(
        '.github/CODEOWNERS',
        '# all\n* @acme/all\n/infra/ @acme/sec @acme/ops\n',
        '* @acme/all\n/infra/ @acme/ops # no more\n',
      ),
    );
    expect(facts).toMatchObject([
      {
        rule: 'governance/owners',
        line: 2,
        statement:
          'The code owners in `.github/CODEOWNERS` changed: `/infra/` from @acme/ops @acme/sec to @acme/ops',
      },
    ]);
    expect(detect(file('CODEOWNERS', '* @a @b\n', '# hi\n*   @b @a\n'))).toEqual([]);
    expect(detect(file('CODEOWNERS', '* @a\n/x @b\n', '/x @b\n* @a\n'))).toMatchObject([
      { statement: expect.stringContaining('another order') },
    ]);
  });

  test('protection: rules of branches in settings, but not labels', () => {
    const settings = (reviews: number, label: string): string =>
      `labels:\n  - name: ${label}\nbranches:\n  - name: main\n    protection:\n      reviews: ${reviews}\n`;
    expect(detect(file('.github/settings.yml', settings(2, 'a'), settings(1, 'a')))).toMatchObject([
      { rule: 'governance/protection' },
    ]);
    expect(detect(file('.github/settings.yml', settings(2, 'a'), settings(2, 'b')))).toEqual([]);
    expect(
      detect(file('.github/rulesets/main.json', '{"enforcement": "active"}', '{"enforcement": "disabled"}')),
    ).toHaveLength(1);
  });

  test('protection: declared as a resource', () => {
    const rule = (count: number) =>
      make('github_branch_protection', 'main', {
        pattern: 'main',
        required_pull_request_reviews: [{ required_approving_review_count: count }],
      });
    expect(detector.detect(evidence([rule(2)], [rule(1)]))).toMatchObject([
      {
        rule: 'governance/protection',
        address: 'github_branch_protection.main',
        statement: expect.stringContaining('required_approving_review_count'),
      },
    ]);
    expect(detector.detect(evidence([rule(2)], [])).map((f) => f.signals)).toEqual([
      ['guardrail-loosened', 'policy-file-changed'],
    ]);
    expect(detector.detect(evidence([rule(2)], [rule(2)]))).toEqual([]);
  });

  test('arbitrary texts never throw, and equal ones are no fact', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.string({ unit: 'binary' }),
        fc.constantFrom('.github/threatgate.yml', 'CODEOWNERS', '.github/settings.yml'),
        (x, y, path) => {
          expect(detect(file(path, x, x))).toEqual([]);
          expect(detect(file(path, x, y)).length).toBeLessThanOrEqual(1);
        },
      ),
      { seed: 6, numRuns: 500 },
    );
    const took = stopwatch();
    for (const line of [
      '# '.repeat(500_000),
      ' '.repeat(1_000_000),
      `* ${'@a '.repeat(300_000)}`,
      '\n'.repeat(1_000_000),
    ])
      detect(file('CODEOWNERS', '* @a\n', line));
    expect(took()).toBeLessThan(4_000);
  });
});

describe('path-rules', () => {
  const rule = {
    id: 'crypto',
    paths: ['src/crypto/**'],
    categories: ['secrets-crypto'] as const,
    reason: 'our own key handling',
  };
  const run = (...files: ChangedFile[]): readonly Fact[] =>
    pathRules.detect(evidence([], [], { change: { files }, pathRules: [rule] }));

  test('one fact per rule and folder, with the reason', () => {
    const facts = run(
      file('src/crypto/b.ts', 'x', 'y'),
      file('src/crypto/a.ts', undefined, 'y'),
      file('src/crypto/in/c.ts', 'x', undefined),
      file('src/app.ts', 'x', 'y'),
    );
    expect(facts.map((f) => [f.file, f.side, f.kind, f.deciding, f.categories])).toEqual([
      ['src/crypto/a.ts', 'head', 'path-touched', true, ['secrets-crypto']],
      ['src/crypto/in/c.ts', 'base', 'path-touched', true, ['secrets-crypto']],
    ]);
    expect(facts[0]?.statement).toBe(
      "2 files in `src/crypto` touched, which the policy's rule crypto names: our own key handling",
    );
    expect(new Set(facts.map((f) => f.id)).size).toBe(2);
  });

  test('nothing outside the paths, and the order of files does not count', () => {
    expect(run(file('src/app.ts', 'x', 'y'))).toEqual([]);
    const files = [file('src/crypto/b.ts', 'x', 'y'), file('src/crypto/a.ts', 'x', 'y')];
    expect(run(...files)).toEqual(run(...files.toReversed()));
  });
});
