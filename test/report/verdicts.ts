import type { FactCoverage } from '../../src/core/model/coverage.ts';
import type { Fact } from '../../src/core/model/fact.ts';
import type { Judgement, Verdict } from '../../src/core/model/verdict.ts';

const digest = `sha256:${'ab'.repeat(32)}`;

export function judgement(id: string, state: Judgement['state'], rest: Partial<Judgement> = {}): Judgement {
  return { id, title: id, state, reason: `${id} is ${state}.`, because: [], children: [], ...rest };
}

export function fact(rest: Partial<Fact> & Pick<Fact, 'rule' | 'kind' | 'address' | 'statement'>): Fact {
  const scope = rest.scope ?? 'infra';
  return {
    id: `${rest.rule}|${scope}|${rest.address}|`,
    categories: ['exposure'],
    signals: ['exposure-widened'],
    stack: 'terraform',
    scope,
    type: 'aws_security_group',
    file: 'infra/network.tf',
    line: 12,
    side: 'head',
    deciding: true,
    ...rest,
  };
}

export function verdict(rest: Partial<Verdict> = {}): Verdict {
  return {
    schema: '1.0',
    tool: { name: 'threatgate', version: '1.2.3', rules: 'aabbccddeeff', catalogue: '001122334455' },
    repository: 'acme/shop',
    base: '1'.repeat(40),
    head: '2'.repeat(40),
    mode: 'enforce',
    conclusion: 'success',
    applicable: false,
    title: 'Nothing security-relevant changed',
    digest,
    policy: { origin: '.github/threatgate.yml', digest },
    judgement: judgement('verdict', 'pass', {
      children: [judgement('relevance', 'not-applicable'), judgement('readable', 'pass')],
    }),
    facts: [],
    resources: [],
    coverage: { facts: [], unexplained: [], refused: [] },
    model: { touched: [], changes: [] },
    questions: [],
    doubts: [],
    examined: {
      files: [
        { path: 'README.md', outcome: 'not-read' },
        { path: 'infra/network.tf', reader: 'terraform', outcome: 'read' },
        { path: 'test/a.tf', outcome: 'ignored' },
      ],
      resources: { base: 9, head: 9 },
      models: [{ file: 'docs/threat-model.md', format: 'markdown', components: 3, flows: 2, threats: 4 }],
    },
    ...rest,
  };
}

export const quiet = verdict();

export const opened = fact({
  rule: 'exposure/widened',
  kind: 'setting-changed',
  address: 'aws_security_group.api',
  element: 'trust-boundary',
  family: 'network',
  categories: ['trust-boundary', 'exposure'],
  statement: 'ingress of `aws_security_group.api` widened to 0.0.0.0/0 on port 22',
  reaches: ['aws_instance.api', 'aws_db_instance.orders'],
  before: '10.0.0.0/8',
  after: '0.0.0.0/0',
});

export const bucket = fact({
  rule: 'components/added',
  kind: 'resource-added',
  address: 'aws_s3_bucket.user_exports',
  type: 'aws_s3_bucket',
  element: 'data-store',
  family: 'object-storage',
  categories: ['new-component', 'data-store'],
  signals: ['resource-added'],
  file: 'infra/storage.tf',
  line: 4,
  statement: 'data store `aws_s3_bucket.user_exports` added',
});

export const gone = fact({
  rule: 'components/removed',
  kind: 'resource-removed',
  address: 'aws_sqs_queue.jobs',
  type: 'aws_sqs_queue',
  element: 'process',
  categories: ['removed-component'],
  signals: ['resource-removed'],
  file: 'infra/queue.tf',
  line: 1,
  side: 'base',
  statement: 'queue `aws_sqs_queue.jobs` removed',
});

const aside = fact({
  rule: 'settings/renamed',
  kind: 'setting-changed',
  address: 'aws_instance.api',
  statement: '`aws_instance.api` has another name',
  deciding: false,
});

const by: FactCoverage['by'][number] = {
  model: 'docs/threat-model.md',
  element: 'component',
  key: 'component:jobs',
  name: 'Jobs queue',
  file: 'docs/threat-model.md',
  line: 14,
  basis: 'explicit-reference',
  score: 1,
  inDelta: false,
  through: 'aws_sqs_queue.jobs',
};

const coverage = [
  {
    fact: bucket.id,
    demand: 'new',
    state: 'uncovered',
    by: [],
    reason: 'No element of the model is about it.',
  },
  { fact: gone.id, demand: 'removed', state: 'stale', by: [by], reason: 'The model still has it.' },
  {
    fact: opened.id,
    demand: 'present',
    state: 'covered',
    by: [{ ...by, name: 'API boundary', line: 20 }],
    reason: 'Named by its reference.',
  },
] as const;

const demand = (of: Fact, state: Judgement['state'], reason: string, remedy?: string): Judgement =>
  judgement('model.coverage', state, {
    title: of.statement,
    reason,
    ...(remedy ? { remedy } : {}),
    because: [of.id],
    at: { file: of.file, line: of.line },
  });

export const uncovered = verdict({
  conclusion: 'failure',
  applicable: true,
  title: '2 facts of 3 are not in the model',
  judgement: judgement('verdict', 'fail', {
    children: [
      judgement('relevance', 'info'),
      judgement('readable', 'pass'),
      judgement('TM001', 'fail', {
        because: [opened.id, gone.id, bucket.id],
        children: [
          demand(
            opened,
            'pass',
            'Covered by boundary “API boundary” (`docs/threat-model.md:20`) by its `Resource:` reference.',
          ),
          demand(
            gone,
            'fail',
            '`docs/threat-model.md` has component “Jobs queue”, but says nothing new about this.',
            'Remove “Jobs queue” from the model, or say what it is now.',
          ),
          demand(
            bucket,
            'fail',
            'No element of the model is about it.',
            'Add it to the model, with the line `Resource: aws_s3_bucket.user_exports`.',
          ),
        ],
      }),
      judgement('TM003', 'fail', {
        children: [
          judgement('TM003.finding', 'fail', {
            reason: 'The mitigation of “Exports are guessed” is planned, but has neither ticket nor date.',
            remedy: 'Add `Ticket: ABC-1` and `Due: 2027-03-01`.',
            at: { file: 'docs/threat-model.md', line: 31 },
          }),
        ],
      }),
      judgement('TM005', 'info', {
        children: [
          judgement('TM005.finding', 'info', {
            reason: 'Nobody owns “Exports are guessed”.',
            remedy: 'Add `Owner: @team`.',
            at: { file: 'docs/threat-model.md', line: 31 },
          }),
        ],
      }),
      judgement('questions', 'info'),
      judgement('TM004', 'pending', {
        reason: 'Waits for approval by @acme/security, not the author.',
        remedy: 'An eligible person approves the pull request, or comments `/threatgate approve`.',
        children: [
          judgement('TM004.entry', 'info', {
            title: 'By @bob',
            reason: 'Was given for other content: the facts or the model changed since.',
          }),
        ],
      }),
    ],
  }),
  facts: [opened, gone, bucket, aside],
  resources: [
    {
      kind: 'resource-added',
      stack: 'terraform',
      address: bucket.address,
      type: bucket.type,
      file: bucket.file,
      line: 4,
      side: 'head',
    },
    {
      kind: 'resource-removed',
      stack: 'terraform',
      address: gone.address,
      type: gone.type,
      file: gone.file,
      line: 1,
      side: 'base',
    },
  ],
  coverage: { facts: coverage, unexplained: [], refused: [] },
  questions: [
    {
      id: 'OBJ-I1',
      address: bucket.address,
      scope: 'infra',
      because: [bucket.id],
      file: bucket.file,
      line: 4,
    },
    {
      id: 'OBJ-T1',
      address: bucket.address,
      scope: 'infra',
      because: [bucket.id],
      file: bucket.file,
      line: 4,
    },
    {
      id: 'GONE-X9',
      address: opened.address,
      scope: 'infra',
      because: [opened.id],
      file: opened.file,
      line: 12,
    },
  ],
});

/** The same in a repository without a model, under a policy that only observes. */
export const observed = verdict({
  ...uncovered,
  mode: 'observe',
  conclusion: 'success',
  title: 'Observing: There is no threat model in the repository',
  policy: { origin: 'built-in', digest },
  facts: [bucket],
  coverage: { facts: [coverage[0]], unexplained: [], refused: [] },
  questions: [],
  judgement: judgement('verdict', 'fail', {
    children: [
      judgement('readable', 'pass'),
      judgement('TM001', 'fail', {
        because: [bucket.id],
        children: [
          demand(
            bucket,
            'fail',
            'No element of the model is about it.',
            'Add it to the model, with the line `Resource: aws_s3_bucket.user_exports`.',
          ),
        ],
      }),
    ],
  }),
  examined: {
    files: [{ path: 'infra/storage.tf', reader: 'terraform', outcome: 'read' }],
    resources: { base: 1, head: 2 },
    models: [],
  },
});

export const doubtful = verdict({
  conclusion: 'failure',
  applicable: true,
  title: 'Could not be judged: 1 doubt',
  judgement: judgement('verdict', 'doubt', {
    children: [
      judgement('relevance', 'not-applicable'),
      judgement('readable', 'doubt', {
        children: [
          judgement('doubt.parse-error', 'doubt', {
            reason: 'The file `infra/network.tf` could not be parsed.',
            remedy: 'Mend the syntax.',
            at: { file: 'infra/network.tf', line: 3 },
          }),
        ],
      }),
    ],
  }),
  doubts: [
    {
      code: 'parse-error',
      message: 'The file `infra/network.tf` could not be parsed.',
      remedy: 'Mend the syntax.',
      file: 'infra/network.tf',
      line: 3,
      column: 7,
      weight: 'doubt',
    },
    {
      code: 'template-not-rendered',
      message: 'The template `chart/a.yaml` was read as far as it goes.',
      remedy: 'Give values.',
      file: 'chart/a.yaml',
      line: 9,
      weight: 'note',
    },
  ],
});

/** Everything that a contributor can name holds something nasty. */
export function hostile(text: string): Verdict {
  const bad = fact({
    rule: 'components/added',
    kind: 'resource-added',
    address: text,
    scope: text,
    file: text,
    statement: `data store \`${text}\` added near ${text}`,
    reaches: [text],
    element: 'data-store',
    before: text,
    after: text,
  });
  return verdict({
    conclusion: 'failure',
    applicable: true,
    repository: text,
    title: 'There is no threat model in the repository',
    head: text,
    judgement: judgement('verdict', 'fail', {
      children: [
        judgement('TM001', 'fail', {
          because: [bad.id],
          children: [
            demand(
              bad,
              'fail',
              `No element about ${text}.`,
              `Add it to the model, with the line \`Resource: ${text}\`.`,
            ),
          ],
        }),
        judgement('TM003.finding', 'fail', {
          reason: `The mitigation of “${text}” is planned.`,
          remedy: `Mend ${text}.`,
          at: { file: text, line: 3 },
        }),
        judgement('TM004', 'pending', {
          reason: `Waits for ${text}.`,
          remedy: text,
          children: [judgement('TM004.entry', 'info', { title: `By @${text}`, reason: text })],
        }),
      ],
    }),
    facts: [bad],
    resources: [
      {
        kind: 'resource-added',
        stack: 'terraform',
        address: text,
        type: text,
        file: text,
        line: 4,
        side: 'head',
      },
    ],
    coverage: {
      facts: [{ fact: bad.id, demand: 'new', state: 'uncovered', by: [], reason: text }],
      unexplained: [],
      refused: [],
    },
    questions: [{ id: 'OBJ-I1', address: text, scope: text, because: [bad.id], file: text, line: 4 }],
    doubts: [
      {
        code: 'parse-error',
        message: `Cannot read \`${text}\`: ${text}`,
        remedy: text,
        file: text,
        line: 1,
        weight: 'doubt',
      },
    ],
    examined: {
      files: [{ path: text, reader: 'terraform', outcome: 'read' }],
      resources: { base: 0, head: 1 },
      models: [{ file: text, format: text, components: 0, flows: 0, threats: 0 }],
    },
  });
}
