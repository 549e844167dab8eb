/**
 * Paths that are not classified unless the policy sets `ignore_defaults: false`: tests and code of others.
 * Care is taken with `test`, which is also a common name of an environment: a folder `test` below one that holds
 * environments or infrastructure, and files such as `values.test.yaml`, are looked at. Ignored files are listed in the
 * verdict, never hidden.
 */
const ENVIRONMENT_PARENTS = [
  'account',
  'accounts',
  'cluster',
  'clusters',
  'config',
  'configs',
  'deploy',
  'deployment',
  'deployments',
  'env',
  'envs',
  'environment',
  'environments',
  'helm',
  'infra',
  'infrastructure',
  'k8s',
  'kubernetes',
  'live',
  'overlays',
  'stack',
  'stacks',
  'stage',
  'stages',
  'terraform',
  'tfvars',
  'values',
  'vars',
  'workspaces',
];
const notEnvironment = `!(${ENVIRONMENT_PARENTS.join('|')})`;

export const DEFAULT_IGNORE: readonly string[] = [
  'test/**',
  `**/${notEnvironment}/test/**`,
  '**/tests/**',
  '**/testdata/**',
  '**/test-fixtures/**',
  '**/fixtures/**',
  '**/__tests__/**',
  '**/__mocks__/**',
  '**/__snapshots__/**',
  'e2e/**',
  `**/${notEnvironment}/e2e/**`,
  '**/*_test.{go,py,rb,rs,dart,exs}',
  '**/test_*.py',
  '**/*.{test,spec}.{js,jsx,mjs,cjs,ts,tsx,mts,cts,py,rb,vue}',
  '**/*.tftest.hcl',
  '**/*.tftest.json',
  '**/docs/**/{example,examples,sample,samples,snippets}/**',
  '**/node_modules/**',
  '**/vendor/**',
  '**/third_party/**',
  '**/.terraform/**',
];
