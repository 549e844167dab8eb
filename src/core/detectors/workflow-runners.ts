import type { Fact, Signal } from '../model/fact.ts';
import type { Detector, Rule } from './detector.ts';
import { makeFact } from '../facts/make-fact.ts';
import { isHostedRunner } from '../semantics/supply-chain.ts';
import { imageRepository, parseImage } from '../syntax/image.ts';
import { at, text } from '../values/value.ts';
import type { JobView } from '../workflows/job-view.ts';
import { enumerate, workflowUnits, type WorkflowUnit } from '../workflows/units.ts';
import type { Evidence } from './detector.ts';

const OWN_RUNNER: Rule = {
  id: 'workflow-runners/own-runner-added',
  title: 'Job moves to a machine that GitHub does not provide',
  why: 'A self-hosted runner stays between jobs and stands in a network: whoever gets code into the job gets at both.',
  categories: ['ci-supply-chain', 'trust-boundary'],
};
const OWN_RUNNER_GONE: Rule = {
  id: 'workflow-runners/own-runner-removed',
  title: 'Job leaves a machine of one’s own',
  why: 'The boundary between the build and the own network moved.',
  categories: ['ci-supply-chain', 'trust-boundary'],
};
const IMAGE: Rule = {
  id: 'workflow-runners/container-changed',
  title: 'Container image in which a job runs added or changed',
  why: 'Everything in the image runs with the job’s token and secrets.',
  categories: ['ci-supply-chain', 'external-dependency'],
};
const PRIVILEGED: Rule = {
  id: 'workflow-runners/container-privileged',
  title: 'Job container gets rights over its host',
  why: 'A privileged container, or one that holds the container engine’s socket, is root on the runner.',
  categories: ['ci-supply-chain', 'trust-boundary'],
};

export const detector: Detector = {
  id: 'workflow-runners',
  title: 'Workflow runners and containers',
  rules: [OWN_RUNNER, OWN_RUNNER_GONE, IMAGE, PRIVILEGED],
  detect: (evidence) =>
    workflowUnits(evidence).flatMap((u) => [
      ...runnerFacts(u),
      ...imageFacts(u, evidence),
      ...privilegeFacts(u),
    ]),
};

/** Labels that name a machine which GitHub does not provide; what a variable will choose is unknown and says nothing. */
function ownLabels(jobs: readonly JobView[]): string[] {
  const own = jobs.flatMap((j) => {
    const labels = j.labels.filter((l) => !l.includes('${{'));
    // A hosted machine may carry further labels of its group.
    const hosted = labels.some(isHostedRunner) && !labels.some((l) => l.toLowerCase() === 'self-hosted');
    return hosted ? [] : labels;
  });
  return [...new Set(own)].sort();
}

function runnerFacts(u: WorkflowUnit): Fact[] {
  const before = ownLabels(u.before);
  const after = ownLabels(u.after);
  const gone =
    before.length > 0 && after.length === 0 && u.after.some((j) => j.labels.some((l) => isHostedRunner(l)));
  if ((after.length === 0 || before.length > 0) && !gone) return [];
  const rule = gone ? OWN_RUNNER_GONE : OWN_RUNNER;
  const known = !gone && ownLabels(u.known).length > 0;
  return [
    make(u, rule, ['runner-changed'], {
      statement: gone
        ? `${u.phrase} no longer runs on ${enumerate(before)} but on a machine that GitHub provides`
        : `${u.phrase} runs on ${enumerate(after)}, a machine that GitHub does not provide`,
      before: before.join(', '),
      after: after.join(', '),
      deciding: !known,
      line: at(u.after[0]?.resource.values, 'runs-on')?.line,
    }),
  ];
}

function containers(jobs: readonly JobView[]): { repository: string; pinned: boolean; line: number }[] {
  return jobs.flatMap((j) => {
    const value = at(j.resource.values, 'container', 'image') ?? at(j.resource.values, 'container');
    const reference = text(value);
    if (!value || reference === undefined || reference === '' || reference.includes('${{')) return [];
    const image = parseImage(reference);
    return [{ repository: imageRepository(image), pinned: image.digest !== undefined, line: value.line }];
  });
}

function imageFacts(u: WorkflowUnit, evidence: Evidence): Fact[] {
  const before = new Set(containers([...u.before, ...u.known]).map((c) => c.repository));
  const fresh = new Map(
    containers(u.after).flatMap((c) => (before.has(c.repository) ? [] : [[c.repository, c] as const])),
  );
  return [...fresh.values()].map((c) =>
    make(u, IMAGE, ['image-changed'], {
      statement: `${u.phrase} runs in the container image \`${c.repository}\`${c.pinned ? '' : ', which is not fixed by digest'}`,
      after: c.repository,
      deciding: !c.pinned && !isOfficial(c.repository) && !isOwn(c.repository, evidence.change.repository),
      line: c.line,
      detail: c.repository,
    }),
  );
}

/** Images of the public registry's own library have no slash. */
const isOfficial = (repository: string): boolean => !repository.includes('/');

const isOwn = (image: string, repository: string): boolean => {
  const owner = repository.split('/')[0]?.toLowerCase() ?? '';
  return repository.includes('/') && image.toLowerCase().split('/').includes(owner);
};

const STRONG = /--privileged\b|--cap-add[=\s]|docker\.sock|--pid[=\s]host|--network[=\s]host/;

function privilegeFacts(u: WorkflowUnit): Fact[] {
  const strong = (jobs: readonly JobView[]): { option: string; line: number }[] =>
    jobs.flatMap((j) => {
      const value = at(j.resource.values, 'container', 'options');
      const option = STRONG.exec(text(value) ?? '')?.[0];
      return value && option !== undefined ? [{ option, line: value.line }] : [];
    });
  const [first] = strong(u.after);
  if (!first || strong(u.before).length > 0) return [];
  return [
    make(u, PRIVILEGED, ['privilege-raised', 'runner-changed'], {
      statement: `container of ${u.phrase} gets \`${first.option.trim()}\`, which reaches its host`,
      after: first.option.trim(),
      deciding: true,
      line: first.line,
    }),
  ];
}

interface Saying {
  readonly statement: string;
  readonly before?: string;
  readonly after?: string;
  readonly deciding: boolean;
  readonly line?: number | undefined;
  readonly detail?: string;
}

function make(u: WorkflowUnit, rule: Rule, signals: readonly Signal[], said: Saying): Fact {
  return makeFact({
    rule: rule.id,
    kind: 'setting-changed',
    categories: rule.categories,
    signals,
    resource: u.subject,
    family: 'ci-cd',
    element: 'process',
    ...said,
  });
}
