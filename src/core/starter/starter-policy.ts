/** What the repository looks like, as far as a first policy depends on it. */
export interface PolicyFacts {
  /** Globs of files that declare the architecture, found here. */
  readonly architecture: readonly string[];
  /** Model files found, or the one about to be written. */
  readonly models: readonly string[];
}

/** A first policy: observing, everything else at its default, and the keys most teams touch first as comments. */
export function writeStarterPolicy(found: PolicyFacts): string {
  return [
    '# Rules of Threatgate for this repository. They apply from the default branch: a pull request cannot change its own.',
    '# Every key, with its default: docs/reference/policy.md in the Threatgate repository.',
    'version: 1',
    '',
    '# observe reports and blocks nothing. Change it to enforce when the reports make sense to the team.',
    'mode: observe',
    '',
    'model:',
    '  # covered: every relevant change must be described by the threat model.',
    '  require: covered',
    ...(found.models.length > 0
      ? [
          '  # Models seen here (found without configuration):',
          ...found.models.map((file) => `  #   ${oneLine(file)}`),
        ]
      : []),
    '',
    ...architecture(found.architecture),
    '# Who may approve. Without names, anybody but the author and the committers.',
    'approval:',
    '  required: false',
    '  # users: [alice, bob]',
    '  # teams: [my-organisation/security]',
    '',
    '# Things that the model need not mention, each with its reason.',
    '# except:',
    '#   - resource: "aws_s3_bucket.build_cache"',
    '#     reason: Holds public build artefacts only.',
    '',
    '# Paths that matter here although no reader knows them.',
    '# path_rules:',
    '#   - id: payment-code',
    '#     paths: ["src/payments/**"]',
    '#     categories: [data-flow]',
    '#     reason: Card data passes through here.',
    '',
  ].join('\n');
}

function architecture(globs: readonly string[]): string[] {
  if (globs.length === 0) return [];
  return [
    '# Files that must be readable: if one of them is not, nothing is passed.',
    'architecture:',
    ...globs.map((glob) => `  - ${JSON.stringify(glob)}`),
    '',
  ];
}

/** A comment ends with its line. */
const oneLine = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, '?');
