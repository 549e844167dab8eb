/** The arrows of docs/architecture.md: who may import whom. A violation fails the build. */
const forbid = (name, from, to, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: from },
  to: { path: to },
});

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'types may know each other, code may not',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'core-is-pure',
      severity: 'error',
      comment: 'core imports nothing outside itself and no Node module',
      from: { path: '^src/core' },
      to: { path: '^src/(?!core/)' },
    },
    {
      name: 'core-has-no-node',
      severity: 'error',
      from: { path: '^src/core' },
      to: { dependencyTypes: ['core'] },
    },
    forbid('model-imports-nothing', '^src/core/model/', '^src/core/(?!model/)', 'the nouns stand alone'),
    forbid('values-know-only-nouns', '^src/core/values', '^src/core/(?!model/|values/|limits)', ''),
    forbid('syntax-knows-no-stage', '^src/core/syntax', '^src/core/(?!model/|values/|syntax/|limits)', ''),
    forbid(
      'readers-read',
      '^src/core/readers',
      '^src/core/(?!model/|values/|syntax/|readers/|limits)',
      'readers know syntax and nouns',
    ),
    forbid(
      'readers-are-alone',
      '^src/core/readers/(?!index\\.generated)([^/]+)\\.ts$',
      '^src/core/readers/(?!reader\\.ts|$1/)',
      'no reader imports another',
    ),
    forbid(
      'detectors-detect',
      '^src/core/detectors',
      '^src/core/(readers|formats|policy|requirement|coverage|verdict|report|catalogue|assess|classify)',
      '',
    ),
    forbid(
      'detectors-are-alone',
      '^src/core/detectors/(?!index\\.generated)([^/]+)\\.ts$',
      '^src/core/detectors/(?!detector\\.ts|$1/)',
      'no detector imports another',
    ),
    forbid(
      'formats-format',
      '^src/core/formats',
      '^src/core/(readers|detectors|requirement|coverage|verdict|report|catalogue|assess|classify|diff|graph)',
      '',
    ),
    forbid(
      'formats-are-alone',
      '^src/core/formats/(markdown|threat-dragon|threagile|otm)\\.ts$',
      '^src/core/formats/(markdown|threat-dragon|threagile|otm)\\.ts$',
      'no format imports another',
    ),
    forbid(
      'report-renders',
      '^src/core/report',
      '^src/core/(readers|detectors|syntax|diff|graph|verdict|coverage|assess|classify)',
      'a report renders the verdict and recomputes nothing',
    ),
    forbid('review-knows-core', '^src/review', '^src/(?!core/|review/)', ''),
    forbid('local-is-an-adapter', '^src/(local|runtime)', '^src/(?!core/|review/|local/|runtime/)', ''),
    forbid('github-is-an-adapter', '^src/github', '^src/(?!core/|review/|github/)', ''),
    forbid('only-github-speaks-octokit', '^src/(?!github/)', 'node_modules/(octokit|@octokit|probot)/', ''),
    forbid('store-is-an-adapter', '^src/store', '^src/(?!core/|review/|store/)', ''),
    forbid('app-is-a-shell', '^src/app', '^src/(?!core/|review/|github/|store/|runtime/|app/)', ''),
    forbid('action-is-a-shell', '^src/action', '^src/(?!core/|review/|github/|local/|runtime/|action/)', ''),
    forbid(
      'afresh-remembers-nothing',
      '^src/review/afresh',
      '^src/review/(look|look-at|publish|pull-request/(look|publish|hear|memory|ended|afterwards))',
      'judged without a store: nothing that takes a lease',
    ),
    forbid(
      'cli-is-a-shell',
      '^src/cli/(?!commands/serve)',
      '^src/(?!core/|review/|local/|runtime/|cli/)',
      '',
    ),
    forbid('serve-starts-the-app', '^src/cli/commands/serve', '^src/(?!core/|review/|app/|cli/)', ''),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.js'],
    },
  },
};
