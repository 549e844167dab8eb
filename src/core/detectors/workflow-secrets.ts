import type { Fact } from '../model/fact.ts';
import type { Detector, Evidence, Rule } from './detector.ts';
import { makeFact } from '../facts/make-fact.ts';
import { viewJob } from '../workflows/job-view.ts';
import { enumerate, gained, workflowUnits, type WorkflowUnit } from '../workflows/units.ts';

const CONSUMER: Rule = {
  id: 'workflow-secrets/consumer-added',
  title: 'Job newly uses a secret',
  why: 'Every step of the job can read and send away what the job is given, and so can whoever gets code into one of them.',
  categories: ['secrets-crypto', 'ci-supply-chain'],
};
const ALL: Rule = {
  id: 'workflow-secrets/all-given',
  title: 'Job is given every secret',
  why: '`secrets: inherit` and the whole `secrets` context hand over also the secrets that are created tomorrow.',
  categories: ['secrets-crypto', 'ci-supply-chain'],
};
const UNUSED: Rule = {
  id: 'workflow-secrets/no-longer-used',
  title: 'Secret that no workflow uses any more',
  why: 'Nothing here needs the credential now: it can be withdrawn, and what was done with it is no longer done here.',
  categories: ['secrets-crypto', 'ci-supply-chain'],
};
const ENVIRONMENT: Rule = {
  id: 'workflow-secrets/environment-removed',
  title: 'Job loses its environment',
  why: 'Reviewers, waiting times and branch rules hang on the environment; without it the job runs unasked.',
  categories: ['ci-supply-chain', 'identity-access'],
};
const ENVIRONMENT_CHANGED: Rule = {
  id: 'workflow-secrets/environment-changed',
  title: 'Job gets an environment, or another one',
  why: 'The environment decides which secrets the job sees and who has to agree before it runs.',
  categories: ['ci-supply-chain'],
};

export const detector: Detector = {
  id: 'workflow-secrets',
  title: 'Workflow secrets and environments',
  rules: [CONSUMER, ALL, UNUSED, ENVIRONMENT, ENVIRONMENT_CHANGED],
  detect: (evidence) => [
    ...workflowUnits(evidence).flatMap((u) => [...secretFacts(u), ...environmentFacts(u)]),
    ...unusedFacts(evidence),
  ],
};

/** Secrets of touched jobs that are named nowhere among the workflows any more. Those handed on wholesale may still be. */
function unusedFacts({ deltas, head }: Evidence): Fact[] {
  const jobs = deltas.flatMap((d) => (d.base?.type === 'workflow-job' ? [d.base] : []));
  if (jobs.length === 0) return [];
  const used = new Set(
    head.resources.filter((r) => r.stack === 'github-actions').flatMap((r) => [...viewJob(r).secrets.keys()]),
  );
  if (used.has('*')) return [];
  const told = new Set<string>();
  return jobs.flatMap((job) =>
    [...viewJob(job).secrets].flatMap(([name, line]) => {
      if (used.has(name) || name === '*' || name === 'GITHUB_TOKEN' || told.has(name)) return [];
      told.add(name);
      return [
        makeFact({
          rule: UNUSED.id,
          kind: 'setting-changed',
          categories: UNUSED.categories,
          signals: ['lifecycle-changed'],
          resource: job,
          side: 'base',
          line,
          statement: `no workflow uses the secret \`${name}\` any more; \`${job.address}\` did`,
          before: name,
          deciding: true,
          detail: name,
          family: 'ci-cd',
          element: 'process',
        }),
      ];
    }),
  );
}

function secretFacts(u: WorkflowUnit): Fact[] {
  const all = gained(u, (j) => j.secrets);
  const named = all.filter((s) => s.name !== '*');
  const every = all.filter((s) => s.name === '*');
  return [
    ...tell(
      u,
      CONSUMER,
      named,
      `uses the ${named.length === 1 ? 'secret' : 'secrets'} ${enumerate(named.map((s) => s.name))}`,
    ),
    ...tell(u, ALL, every, 'is given every secret of the repository'),
  ];
}

function tell(
  u: WorkflowUnit,
  rule: Rule,
  secrets: readonly { name: string; line: number; known: boolean }[],
  what: string,
): Fact[] {
  const first = secrets.find((s) => !s.known) ?? secrets[0];
  if (!first) return [];
  const known = secrets.every((s) => s.known);
  return [
    makeFact({
      rule: rule.id,
      kind: 'setting-changed',
      categories: rule.categories,
      signals: ['secret-consumer-added'],
      resource: u.subject,
      line: first.line,
      statement: `${u.phrase} ${what}${known ? ', as the workflow already did' : ''}`,
      after: secrets.map((s) => s.name).join(', '),
      deciding: !known,
      detail: secrets.map((s) => s.name).join(','),
      family: 'ci-cd',
      element: 'process',
    }),
  ];
}

function environmentFacts(u: WorkflowUnit): Fact[] {
  const before = u.before[0]?.environment;
  const after = u.after[0]?.environment;
  // A job that calls a reusable workflow cannot name an environment: it went to where the steps went.
  const delegated = u.after[0]?.actions.some((a) => a.reusable) === true;
  if (u.state !== 'changed-job' || before === after) return [];
  const lost = after === undefined && !delegated;
  return [
    makeFact({
      rule: lost ? ENVIRONMENT.id : ENVIRONMENT_CHANGED.id,
      kind: 'setting-changed',
      categories: lost ? ENVIRONMENT.categories : ENVIRONMENT_CHANGED.categories,
      signals: lost ? ['environment-changed', 'check-removed'] : ['environment-changed'],
      resource: u.subject,
      statement: lost
        ? `${u.phrase} no longer runs in the environment \`${before ?? ''}\` and its protection`
        : `${u.phrase} runs in ${after === undefined ? 'no environment of its own' : `the environment \`${after}\``}${before === undefined ? '' : ` instead of \`${before}\``}`,
      before: before ?? '',
      after: after ?? '',
      deciding: lost,
      family: 'ci-cd',
      element: 'process',
    }),
  ];
}
