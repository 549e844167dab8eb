import { expect, describe, test } from '@jest/globals';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { pathMatcher } from '../src/core/paths.ts';
import { CROSS_RULES } from '../src/core/policy/cross-check.ts';
import { BUILT_IN_POLICY } from '../src/core/policy/defaults.generated.ts';
import { DEFAULT_IGNORE } from '../src/core/policy/default-ignore.ts';
import { faultOfGlob } from '../src/core/policy/globs.ts';
import { parsePolicies } from '../src/core/policy/merge.ts';
import { parsePolicy } from '../src/core/policy/parse.ts';
import type { PolicyProblem } from '../src/core/policy/problem.ts';
import { policySchema } from '../src/core/policy/schema.ts';
import { STRENGTHS } from '../src/core/policy/strength.ts';
import { CATEGORIES } from '../src/core/model/fact.ts';
import { QUALITY_RULES } from '../src/core/model/policy.ts';
import { nearest } from '../src/core/values/nearest.ts';
import { HOSTILE_YAML } from './support/hostile-yaml.ts';

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
const full = read('fixtures/policy/full.yml');
const policyOf = (text: string) => {
  const reading = parsePolicy(text, 'p.yml');
  if (reading.problems) throw new Error(JSON.stringify(reading.problems));
  return reading.policy;
};
const problemsOf = (text: string): readonly PolicyProblem[] => parsePolicy(text, 'p.yml').problems ?? [];
/** `line:column message`, the way an editor jumps to it. */
const told = (text: string) => problemsOf(text).map((p) => `${p.line}:${p.column} ${p.message}`);

describe('a whole policy', () => {
  test('the commented example is read key by key', () => {
    expect(policyOf(full)).toEqual({
      origin: 'p.yml',
      mode: 'enforce',
      model: { require: 'covered', paths: ['architecture/**/threats.md'], ignore: ['templates/**'] },
      architecture: ['infra/**/*.tf', 'deploy/**/*.yaml'],
      unreadable: 'note',
      ignore: [...DEFAULT_IGNORE, 'playground/**'],
      categories: CATEGORIES.filter((c) => c !== 'logging-monitoring'),
      except: [
        { resource: 'aws_cloudwatch_dashboard.*', reason: 'Dashboards show what is in the model already.' },
      ],
      matching: {
        names: true,
        threshold: 0.85,
        map: [
          { resource: 'infra/prod/aws_db_instance.main', element: 'Ledger database' },
          { resource: 'Deployment/payments/*', element: 'Payment workers' },
        ],
      },
      pathRules: [
        {
          id: 'payment-code',
          paths: ['src/payments/**', 'src/billing/**'],
          categories: ['data-flow', 'secrets-crypto'],
          reason: 'Card data passes through this code.',
        },
      ],
      questions: { enabled: true, maxPerComponent: 4, exclude: ['DNS-R1'], answers: 'required' },
      approval: {
        required: true,
        users: ['grace-h'],
        teams: ['example-org/security-architects'],
        solo: false,
      },
      emergency: { users: ['lin-c'], teams: ['example-org/on-call-leads'], reviewWithinDays: 3 },
      review: {
        everyDays: 90,
        owners: ['lin-c', 'example-org/security-architects'],
        graceDays: 21,
        bypassedDays: 3,
        openIssues: true,
        incidentLabel: 'incident',
      },
      quality: {
        TM001: 'error',
        TM002: 'error',
        TM003: 'error',
        TM004: 'error',
        TM005: 'warning',
        TM006: 'warning',
        TM007: 'off',
        TM008: 'error',
      },
      linked: { repositories: ['example-org/threat-models'], mustBeMerged: true },
      auditors: ['auditor-jane'],
      limits: { fileBytes: 2_000_000 },
    });
  });

  test('the example writes every key of the schema', () => {
    const keys = (schema: z.core.JSONSchema.JSONSchema, prefix = ''): string[] =>
      Object.entries(schema.properties ?? {}).flatMap(([key, inner]) =>
        typeof inner === 'object' ? [`${prefix}${key}`, ...keys(inner, `${prefix}${key}.`)] : [],
      );
    const missing = keys(z.toJSONSchema(policySchema, { io: 'input' })).filter(
      (key) => !new RegExp(`^ *${key.split('.').at(-1) ?? key}:`, 'm').test(full),
    );
    expect(missing).toEqual([]);
  });

  test('without anything it observes', () => {
    expect(BUILT_IN_POLICY.mode).toBe('observe');
    expect(BUILT_IN_POLICY.origin).toBe('built-in');
    for (const empty of ['', '# nothing yet\n', '---\n', 'null\n', '{}', '\ufeff'])
      expect(policyOf(empty)).toEqual({ ...BUILT_IN_POLICY, origin: 'p.yml' });
  });

  test('own globs are added to the default ones, or replace them', () => {
    expect(policyOf('ignore: [a/**]').ignore).toEqual([...DEFAULT_IGNORE, 'a/**']);
    expect(policyOf('ignore_defaults: false\nignore: [a/**]').ignore).toEqual(['a/**']);
  });

  test('every quality rule has a weight', () => {
    expect(Object.keys(BUILT_IN_POLICY.quality)).toEqual([...QUALITY_RULES]);
  });

  test('the reference page and the JSON schema are those of the schema', () => {
    const schema = JSON.parse(read('docs/reference/policy.schema.json')) as object;
    expect(schema).toMatchObject(z.toJSONSchema(policySchema, { io: 'input' }));
    const page = read('docs/reference/policy.md');
    for (const key of Object.keys(STRENGTHS)) expect(page).toContain(`| \`${key}\` |`);
  });
});

describe('what is wrong is told with its place and a way out', () => {
  test.each<readonly [string, string, readonly string[], string]>([
    ['unknown key', 'mode: enforce\nmodes: observe', ['2:1 Unknown key `modes`.'], 'Did you mean `mode`?'],
    [
      'unknown inner key',
      'model:\n  requires: covered',
      ['2:3 Unknown key `requires` in `model`.'],
      'Did you mean `require`?',
    ],
    [
      'unknown key in one line',
      'quality: {TM001: off, TM01: error}',
      ['1:23 Unknown key `TM01` in `quality`.'],
      'Did you mean `TM001`?',
    ],
    [
      'key of JavaScript',
      '__proto__: {mode: enforce}',
      ['1:1 Unknown key `__proto__`.'],
      'known keys: version, mode',
    ],
    [
      'wrong word',
      'mode: enforced',
      ['1:7 `mode` cannot be `enforced`.'],
      'Did you mean `enforce`? Allowed: observe, enforce.',
    ],
    [
      'wrong category',
      'categories:\n  - exposure\n  - expsoure',
      ['3:5 `categories[1]` cannot be `expsoure`.'],
      'Did you mean `exposure`?',
    ],
    [
      'wrong type',
      'model:\n  paths: docs',
      ['2:10 `model.paths` must be a list, not `docs`.'],
      'Write a list here.',
    ],
    ['empty value', 'mode:', ['1:1 `mode` cannot be empty.'], 'Allowed: observe, enforce.'],
    [
      'missing key',
      'except:\n  - resource: aws_x.y',
      ['2:3 `except[0].reason` is missing.'],
      'Add the key `reason`',
    ],
    [
      'number out of range',
      'matching: {threshold: 7}',
      ['1:23 `matching.threshold`: The threshold must be at most 1: no two names are more alike than equal.'],
      'Least likeness',
    ],
    [
      'number below the range',
      'matching:\n  threshold: 0.1',
      [
        '2:14 `matching.threshold`: The threshold must be at least 0.5: below that, every second name is alike.',
      ],
      'Least likeness',
    ],
    [
      'yes is a text',
      'approval:\n  required: yes',
      ['2:13 `approval.required` must be true or false, not `yes`.'],
      'Write true or false here.',
    ],
    ['version of the future', 'version: 2', ['1:10 `version` cannot be `2`.'], 'Allowed: 1.'],
    ['repeated key', 'mode: observe\nmode: enforce', ['2:1 The key `mode` stands twice.'], 'Keep one'],
    ['tag', 'mode: !Ref Mode', ['1:1 `!Ref Mode` is no plain value.'], 'plain YAML'],
    ['list', '- mode: enforce', ['1:1 The policy is not a map of keys.'], 'Write keys'],
    [
      'two documents',
      'mode: enforce\n---\nmode: observe',
      ['3:1 The file holds more than one document.'],
      'Keep one',
    ],
    ['locked in a repository', 'locked: [mode]', ['1:1 Unknown key `locked`.'], 'Known keys'],
  ])('%s', (_, text, expected, remedy) => {
    expect(told(text)).toEqual(expected);
    expect(problemsOf(text)[0]?.remedy).toContain(remedy);
  });

  test('broken YAML', () => {
    const [problem] = problemsOf('mode: enforce\nmodel: [a, b\n');
    expect(problem?.message).toMatch(/^The file is not valid YAML: /);
    expect(problem?.line).toBeGreaterThan(1);
  });
});

describe('cross-checks, each with its twin', () => {
  const cases: readonly (readonly [keyof typeof CROSS_RULES, string, string, string])[] = [
    ['globsMatchSomething', 'ignore: ["/infra/**"]', '1:11', 'ignore: ["infra/**"]'],
    ['globsMatchSomething', 'architecture:\n  - "!infra/**"', '2:6', 'architecture:\n  - "infra/**"'],
    [
      'globsMatchSomething',
      'model: {paths: ["{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}"]}',
      '1:18',
      'model: {paths: ["{a,b}{a,b}"]}',
    ],
    [
      'addressesAreParticular',
      'except: [{resource: "aws_*", reason: not in scope of the model}]',
      '1:22',
      'except: [{resource: "aws_s3_bucket.*", reason: not in scope of the model}]',
    ],
    [
      'addressesAreParticular',
      'matching: {map: [{resource: "**", element: Shop}]}',
      '1:30',
      'matching: {map: [{resource: "service/*-cache", element: Shop}]}',
    ],
    [
      'reasonsSaySomething',
      'except:\n  - resource: aws_x.y\n    reason: TODO',
      '3:13',
      'except:\n  - resource: aws_x.y\n    reason: lives for a day',
    ],
    [
      'reasonsSaySomething',
      'path_rules: [{id: a, paths: [src/**], categories: [exposure], reason: "-------"}]',
      '1:72',
      'path_rules: [{id: a, paths: [src/**], categories: [exposure], reason: parses uploads}]',
    ],
    ['usersAreLogins', 'approval:\n  users: ["@grace"]', '2:12', 'approval:\n  users: ["grace"]'],
    ['usersAreLogins', 'emergency:\n  users: ["@grace"]', '2:12', 'emergency:\n  users: ["grace"]'],
    [
      'teamsNameTheirOrganisation',
      'emergency:\n  teams:\n    - on-call',
      '3:7',
      'emergency:\n  teams:\n    - org/on-call',
    ],
    ['auditorsAreLogins', 'auditors: [a, "@grace"]', '1:16', 'auditors: [grace]'],
    [
      'reviewsHaveOwnersWithNames',
      'review:\n  owners: ["@grace"]',
      '2:13',
      'review:\n  owners: [org/a, grace]',
    ],
    [
      'reasonsSaySomething',
      'except:\n  - resource: aws_x.y\n    reason: ". . . . . ."',
      '3:14',
      'except:\n  - resource: aws_x.y\n    reason: lives for a day',
    ],
    [
      'teamsNameTheirOrganisation',
      'approval:\n  teams:\n    - architects',
      '3:7',
      'approval:\n  teams:\n    - org/architects',
    ],
    [
      'enforcedApprovalHasApprovers',
      'mode: enforce\napproval: {required: true}',
      '2:22',
      'mode: enforce\napproval: {required: true, solo: true}',
    ],
    [
      'pathRulesHaveOneName',
      'path_rules:\n  - {id: a, paths: [x], categories: [exposure], reason: parses uploads}\n  - {id: a, paths: [y], categories: [exposure], reason: parses uploads}',
      '3:10',
      'path_rules:\n  - {id: a, paths: [x], categories: [exposure], reason: parses uploads}\n  - {id: b, paths: [y], categories: [exposure], reason: parses uploads}',
    ],
    ['excludedQuestionsExist', 'questions: {exclude: [OBJ-I99]}', '1:23', 'questions: {exclude: [OBJ-I1]}'],
    [
      'linkedRepositoriesNameTheirOwner',
      'linked: {repositories: [models]}',
      '1:25',
      'linked: {repositories: [org/models]}',
    ],
    [
      'resourcesAreMappedOnce',
      'matching:\n  map:\n    - {resource: aws_x.y, element: Shop}\n    - {resource: aws_x.y, element: shop}',
      '4:18',
      'matching:\n  map:\n    - {resource: aws_x.y, element: Shop}\n    - {resource: aws_x.y, element: Till}',
    ],
  ];
  test.each(cases)('%s (%#)', (_, wrong, place, right) => {
    expect(problemsOf(wrong).map((p) => `${p.line}:${p.column}`)).toEqual([place]);
    expect(problemsOf(right)).toEqual([]);
  });

  test('every rule has a case', () => {
    expect(Object.keys(CROSS_RULES).filter((rule) => !cases.some(([name]) => name === rule))).toEqual([]);
  });
});

describe('globs', () => {
  test.each([
    '',
    '  ',
    '/a',
    './a',
    '../a',
    'a/../b',
    'a\\b',
    '!a',
    '+(a|b)/**',
    '*(a)',
    '*a*b*c*d*',
    'a'.repeat(300),
    '{1..100000}',
    '{a..z}{a..z}',
    '{a,{b,{c,d,e,f,g,h,i,j,k}}}{a,b,c,d,e,f,g,h}{a,b}',
  ])('%j is refused', (glob) => {
    expect(faultOfGlob(glob)).toBeDefined();
  });
  test.each([
    'infra/**',
    '**/*.tf',
    '**/*_test.*',
    '{a,b}/**/*.{yml,yaml}',
    '.github/workflows/*.yml',
    '**/[Dd]ocs/**',
  ])('%j is taken', (glob) => {
    expect(faultOfGlob(glob)).toBeUndefined();
  });

  const ignored = pathMatcher(BUILT_IN_POLICY.ignore);
  test.each([
    'test/unit/app.yaml',
    'modules/net/test/main.tf',
    'tests/data/main.tf',
    'pkg/testdata/deployment.yaml',
    'src/cart.spec.ts',
    'src/cart_test.go',
    'web/node_modules/x/Dockerfile',
    'vendor/github.com/x/y.go',
    'docs/examples/main.tf',
    'services/cart/__tests__/compose.yml',
    'modules/net/net.tftest.hcl',
  ])('%s is ignored by default', (path) => {
    expect(ignored(path)).toBe(true);
  });
  test.each([
    'infra/main.tf',
    'environments/test/main.tf',
    'terraform/test/main.tf',
    'k8s/overlays/test/kustomization.yaml',
    'deploy/values.test.yaml',
    'live/test.tfvars',
    'docs/threat-model.md',
    'docs/architecture/main.tf',
    'examples/complete/main.tf',
    '.github/workflows/test.yml',
    'services/latest/deployment.yaml',
  ])('%s is looked at', (path) => {
    expect(ignored(path)).toBe(false);
  });
});

describe('an organisation’s policy', () => {
  const organisation = (text: string) => ({ path: 'org.yml', text });
  const repository = (text: string) => ({ path: 'repo.yml', text });
  const both = (above: string, own: string) =>
    parsePolicies({ organisation: organisation(above), repository: repository(own) });

  test('nothing, one of the two, both', () => {
    expect(parsePolicies({}).policy).toEqual(BUILT_IN_POLICY);
    expect(parsePolicies({ repository: repository('mode: enforce') }).policy?.origin).toBe('repo.yml');
    expect(parsePolicies({ organisation: organisation('mode: enforce') }).policy).toMatchObject({
      mode: 'enforce',
      origin: 'org.yml',
    });
    const merged = both(
      'mode: enforce\nquality: {TM005: error, TM007: off}',
      'quality: {TM005: off}\nunreadable: doubt',
    ).policy;
    expect(merged).toMatchObject({
      origin: 'repo.yml over org.yml',
      mode: 'enforce',
      unreadable: 'doubt',
      quality: { TM005: 'off', TM007: 'off', TM001: 'error' },
    });
  });

  test.each<readonly [string, string, string, string]>([
    ['mode', 'mode: enforce', 'mode: observe', 'mode: enforce'],
    ['model.require', 'model: {require: updated}', 'model: {require: touched}', 'model: {require: covered}'],
    ['model', 'model: {require: updated}', 'model: {require: touched}', 'model: {require: covered}'],
    ['model.paths', 'model: {paths: [a/**]}', 'model: {paths: [b/**]}', 'model: {paths: []}'],
    ['model.ignore', 'mode: observe', 'model: {ignore: [docs/**]}', 'model: {ignore: []}'],
    ['architecture', 'architecture: [infra/**]', 'architecture: []', 'architecture: [infra/**, k8s/**]'],
    ['unreadable', 'unreadable: doubt', 'unreadable: note', 'unreadable: doubt'],
    ['ignore', 'ignore: [a/**]', 'ignore: [a/**, infra/**]', 'ignore: []'],
    ['ignore_defaults', 'ignore_defaults: false', 'ignore_defaults: true', 'ignore_defaults: false'],
    ['categories', 'categories: [exposure]', 'categories: [data-flow]', 'categories: [data-flow, exposure]'],
    ['except', 'mode: observe', 'except: [{resource: aws_x.y, reason: lives for a day}]', 'except: []'],
    ['matching.names', 'matching: {names: false}', 'matching: {names: true}', 'matching: {names: false}'],
    [
      'matching.threshold',
      'matching: {threshold: 0.9}',
      'matching: {threshold: 0.8}',
      'matching: {threshold: 0.95}',
    ],
    [
      'matching.map',
      'mode: observe',
      'matching: {map: [{resource: aws_x.y, element: Shop}]}',
      'matching: {map: []}',
    ],
    [
      'path_rules',
      'path_rules: [{id: a, paths: [src/**], categories: [exposure], reason: parses uploads}]',
      'path_rules: []',
      'path_rules: [{reason: parses uploads, id: a, paths: [src/**], categories: [exposure]}]',
    ],
    ['questions.enabled', 'mode: observe', 'questions: {enabled: false}', 'questions: {enabled: true}'],
    [
      'questions.max_per_component',
      'mode: observe',
      'questions: {max_per_component: 1}',
      'questions: {max_per_component: 9}',
    ],
    [
      'questions.exclude',
      'questions: {exclude: [OBJ-I1]}',
      'questions: {exclude: [OBJ-I2]}',
      'questions: {exclude: []}',
    ],
    [
      'approval.required',
      'approval: {required: true, users: [a]}',
      'approval: {required: false}',
      'approval: {required: true}',
    ],
    ['approval.users', 'approval: {users: [a, b]}', 'approval: {users: [c]}', 'approval: {users: [a]}'],
    ['approval.teams', 'approval: {teams: [o/a]}', 'approval: {teams: [o/b]}', 'approval: {teams: [o/a]}'],
    ['approval.solo', 'mode: observe', 'approval: {solo: true}', 'approval: {solo: false}'],
    [
      'questions.answers',
      'questions: {answers: required}',
      'questions: {answers: optional}',
      'questions: {answers: required}',
    ],
    ['emergency.users', 'emergency: {users: [a]}', 'emergency: {users: [b]}', 'emergency: {users: []}'],
    ['emergency.teams', 'mode: observe', 'emergency: {teams: [o/a]}', 'emergency: {teams: []}'],
    ['review.every', 'review: {every: 90d}', 'review: {every: 91d}', 'review: {every: 30d}'],
    ['review.every', 'review: {every: 90d}', 'review: {every: never}', 'review: {every: 1d}'],
    ['review.owners', 'review: {owners: [a]}', 'review: {owners: [b]}', 'review: {owners: [a, b]}'],
    ['review.grace', 'review: {grace: 7d}', 'review: {grace: 8d}', 'review: {grace: 1d}'],
    ['review.bypassed', 'mode: enforce', 'review: {bypassed: never}', 'review: {bypassed: 5d}'],
    [
      'review.open_issues',
      'review: {open_issues: true}',
      'review: {open_issues: false}',
      'review: {open_issues: true}',
    ],
    ['review.incident_label', 'mode: observe', 'review: {incident_label: x}', 'review: {every: 1d}'],
    [
      'emergency.review_within_days',
      'mode: observe',
      'emergency: {review_within_days: 6}',
      'emergency: {review_within_days: 1}',
    ],
    ['linked.repositories', 'mode: observe', 'linked: {repositories: [o/x]}', 'linked: {repositories: []}'],
    [
      'linked.must_be_merged',
      'linked: {must_be_merged: true}',
      'linked: {must_be_merged: false}',
      'linked: {must_be_merged: true}',
    ],
    ['auditors', 'auditors: [a]', 'auditors: [b]', 'auditors: [b, a]'],
    ['limits.file_bytes', 'mode: observe', 'limits: {file_bytes: 10000}', 'limits: {file_bytes: 2000000}'],
    ...QUALITY_RULES.map((rule): readonly [string, string, string, string] => [
      `quality.${rule}`,
      `quality: {${rule}: warning}`,
      `quality: {${rule}: off}`,
      `quality: {${rule}: error}`,
    ]),
  ])('%s, when locked, can be made stricter but not weaker', (key, above, weaker, stricter) => {
    expect(both(above, weaker).policy).toBeDefined();
    const locked = `${above}\nlocked: [${key}]`;
    const [problem, ...others] = both(locked, weaker).problems ?? [];
    expect(others).toEqual([]);
    expect(problem?.message).toContain(
      `\`${key === 'model' ? 'model.require' : key}\` is weaker than the organisation allows: org.yml locks it.`,
    );
    expect(problem).toMatchObject({ file: 'repo.yml', line: 1 });
    expect(both(locked, stricter).problems).toBeUndefined();
    expect(both(locked, '').problems).toBeUndefined();
  });

  test('every key can be locked, and only keys', () => {
    const keys = (value: object, prefix = ''): string[] =>
      Object.entries(value).flatMap(([k, v]) =>
        v !== null && typeof v === 'object' && !Array.isArray(v)
          ? keys(v as object, `${prefix}${k}.`)
          : [`${prefix}${k}`],
      );
    expect(Object.keys(STRENGTHS).sort()).toEqual(
      keys(policySchema.parse({}))
        .filter((k) => k !== 'version')
        .sort(),
    );
    const [problem] =
      parsePolicies({ organisation: organisation('locked:\n  - mode\n  - aproval') }).problems ?? [];
    expect(problem).toMatchObject({ file: 'org.yml', line: 3, column: 5 });
    expect(problem?.remedy).toContain('Did you mean `approval`?');
  });

  test('a fault in either file is told with its file', () => {
    expect(both('mode: x', 'mode: y').problems).toMatchObject([{ file: 'org.yml', line: 1, column: 7 }]);
    expect(both('mode: enforce', '\nmode: y').problems).toMatchObject([
      { file: 'repo.yml', line: 2, column: 7 },
    ]);
  });
});

test('the nearest word is found, and nothing far-fetched', () => {
  expect(nearest('apporval', ['approval', 'model'])).toBe('approval');
  expect(nearest('zebra', ['approval', 'model'])).toBeUndefined();
  expect(nearest('', ['a'])).toBeUndefined();
  expect(nearest('x'.repeat(10_000), ['approval'])).toBeUndefined();
});

describe('hostile text', () => {
  const expectPlaces = (text: string, problems: readonly PolicyProblem[]) => {
    const lines = text.split(/\r\n|\n|\r/);
    for (const p of problems) {
      expect(p.line).toBeGreaterThanOrEqual(1);
      expect(p.line).toBeLessThanOrEqual(lines.length);
      expect(p.column).toBeGreaterThanOrEqual(1);
      expect(p.column).toBeLessThanOrEqual((lines[p.line - 1] ?? '').length + 1);
      expect(p.message).not.toBe('');
      expect(p.remedy).not.toBe('');
    }
  };

  test.each(Object.entries(HOSTILE_YAML))('%s', (_, text) => {
    const reading = parsePolicy(text, 'p.yml');
    expectPlaces(text, reading.problems ?? []);
  });

  test('a hundred thousand wrong entries are told briefly', () => {
    for (const text of [
      `ignore:\n${'  - {}\n'.repeat(20_000)}`,
      Array.from({ length: 20_000 }, (_, i) => `mod${i}: 1`).join('\n'),
      `ignore: [${'"/a", '.repeat(400)}]${' '.repeat(500_000)}`,
    ]) {
      const problems = problemsOf(text);
      expect(problems.length).toBeGreaterThan(0);
      expect(problems.length).toBeLessThanOrEqual(50);
      expectPlaces(text, problems);
    }
  });

  const word = fc.constantFrom(
    'mode',
    'model',
    'require',
    'paths',
    'except',
    'resource',
    'reason',
    'quality',
    'TM001',
    'approval',
    'path_rules',
    'version',
    '__proto__',
    'constructor',
    'toString',
    'off',
    'enforce',
    '*',
    '~',
    '!x y',
    '&a b',
    '*a',
    '1',
    '.5',
    'null',
    '"',
    '[',
    '{',
    '|',
    '<<',
  );
  const line = fc
    .tuple(fc.nat(3), fc.boolean(), word, fc.option(word))
    .map(
      ([depth, item, key, value]) =>
        `${'  '.repeat(depth)}${item ? '- ' : ''}${key}${value === null ? '' : `: ${value}`}`,
    );
  const shaped = fc
    .tuple(fc.array(line, { maxLength: 14 }), fc.constantFrom('\n', '\r\n'))
    .map(([lines, end]) => lines.join(end));

  test('whatever is written, it is a policy or problems inside the file', () => {
    fc.assert(
      fc.property(
        fc.oneof(shaped, fc.string({ unit: 'binary', maxLength: 80 })),
        fc.oneof(shaped, fc.constant('')),
        (text, above) => {
          for (const reading of [
            parsePolicy(text, 'p.yml'),
            parsePolicies({
              organisation: { path: 'o.yml', text: above },
              repository: { path: 'p.yml', text },
            }),
          ]) {
            expect(reading.policy === undefined).not.toBe(reading.problems === undefined);
            for (const p of reading.problems ?? []) expectPlaces(p.file === 'o.yml' ? above : text, [p]);
            expect(reading.problems?.length).not.toBe(0);
          }
        },
      ),
      { seed: 11, numRuns: 400 },
    );
  });

  test('one wrong character in a good policy never throws', () => {
    fc.assert(
      fc.property(
        fc.nat(full.length - 1),
        fc.constantFrom('', ':', '\t', '"', '[', '{', '-', '#', '\n', '\0', '*', '!'),
        (at, char) => {
          const text = full.slice(0, at) + char + full.slice(at + 1);
          expectPlaces(text, problemsOf(text));
        },
      ),
      { seed: 12, numRuns: 300 },
    );
  });
});
