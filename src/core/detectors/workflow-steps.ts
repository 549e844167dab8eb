import type { Fact, Signal } from '../model/fact.ts';
import type { Detector, Rule } from './detector.ts';
import { makeFact } from '../facts/make-fact.ts';
import { deployCommandsIn, isDeployAction } from '../semantics/supply-chain.ts';
import { pipedDownloads } from '../semantics/shell.ts';
import { injections, programs, untrustedCheckouts, type JobView } from '../workflows/job-view.ts';
import { enumerate, gained, workflowUnits, type WorkflowUnit } from '../workflows/units.ts';

const INJECTION: Rule = {
  id: 'workflow-steps/script-injection',
  title: 'Text that outsiders choose is pasted into a script',
  why: 'The expression is replaced before the shell sees any quotes, so a title or branch name becomes a command with the job’s token.',
  categories: ['ci-supply-chain', 'trust-boundary'],
};
const CHECKOUT: Rule = {
  id: 'workflow-steps/untrusted-checkout',
  title: 'Privileged workflow checks out the code of a pull request',
  why: 'Building or testing that code runs it with the repository’s token and secrets.',
  categories: ['ci-supply-chain', 'trust-boundary'],
};
const DEPLOY: Rule = {
  id: 'workflow-steps/deploy-added',
  title: 'Job newly deploys or publishes',
  why: 'A new path into production or a registry needs the same approval and the same trace as the old one.',
  categories: ['ci-supply-chain'],
};
const DOWNLOAD: Rule = {
  id: 'workflow-steps/download-executed',
  title: 'Script from the network is run unseen',
  why: 'Whoever controls the address decides what runs with the job’s token and secrets.',
  categories: ['ci-supply-chain', 'external-dependency'],
};

export const detector: Detector = {
  id: 'workflow-steps',
  title: 'Workflow steps',
  rules: [INJECTION, CHECKOUT, DEPLOY, DOWNLOAD],
  detect: (evidence) =>
    workflowUnits(evidence).flatMap((u) => [
      ...injectionFacts(u),
      ...checkoutFacts(u),
      ...deployFacts(u),
      ...downloadFacts(u),
    ]),
};

function fact(
  u: WorkflowUnit,
  rule: Rule,
  signals: readonly Signal[],
  line: number,
  statement: string,
  deciding: boolean,
  detail?: string,
): Fact {
  return makeFact({
    rule: rule.id,
    kind: 'setting-changed',
    categories: rule.categories,
    signals,
    resource: u.subject,
    line,
    statement,
    deciding,
    detail,
    family: 'ci-cd',
    element: 'process',
  });
}

function injectionFacts(u: WorkflowUnit): Fact[] {
  const found = gained(u, injections);
  const fresh = found.filter((f) => !f.known);
  const first = fresh[0] ?? found[0];
  if (!first) return [];
  const names = found.map((f) => f.name);
  const statement = `${u.phrase} pastes ${enumerate(names)} into a script, which outsiders can choose`;
  return [fact(u, INJECTION, ['trigger-changed'], first.line, statement, fresh.length > 0, names.join(','))];
}

function checkoutFacts(u: WorkflowUnit): Fact[] {
  const line = u.after.flatMap(untrustedCheckouts)[0];
  const before = [...u.before, ...u.known].some((j) => untrustedCheckouts(j).length > 0);
  if (line === undefined || before || !u.privileged) return [];
  const statement = `${u.phrase} checks out the head of a pull request while it has the repository's token and secrets`;
  return [fact(u, CHECKOUT, ['trigger-changed'], line, statement, true)];
}

function deployments(job: JobView): ReadonlyMap<string, number> {
  const actions = job.actions.filter((a) => isDeployAction(a.name)).map((a) => [a.name, a.line] as const);
  const commands = job.scripts.flatMap((s) => deployCommandsIn(s.text).map((c) => [c, s.line] as const));
  return new Map([...commands, ...actions].reverse());
}

function deployFacts(u: WorkflowUnit): Fact[] {
  const found = gained(u, deployments);
  const fresh = found.filter((f) => !f.known);
  const first = fresh[0] ?? found[0];
  if (!first) return [];
  // A job that deployed before in another way still deploys; only the way is new.
  const before = [...u.before, ...u.known].some((j) => deployments(j).size > 0);
  const statement = `${u.phrase} deploys or publishes: ${enumerate(found.map((f) => f.name))}`;
  return [
    fact(
      u,
      DEPLOY,
      ['deploy-path-changed'],
      first.line,
      statement,
      !before,
      found.map((f) => f.name).join(','),
    ),
  ];
}

function downloads(job: JobView): ReadonlyMap<string, number> {
  return new Map(programs(job).flatMap((p) => pipedDownloads(p.text).map((host) => [host, p.line] as const)));
}

function downloadFacts(u: WorkflowUnit): Fact[] {
  const found = gained(u, downloads);
  const first = found.find((f) => !f.known) ?? found[0];
  if (!first) return [];
  const statement = `${u.phrase} runs a script from ${enumerate(found.map((f) => f.name))} as it comes from the network`;
  return [
    fact(
      u,
      DOWNLOAD,
      ['dependency-added'],
      first.line,
      statement,
      !first.known,
      found.map((f) => f.name).join(','),
    ),
  ];
}
