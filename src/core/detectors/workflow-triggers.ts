import type { Fact } from '../model/fact.ts';
import type { ResourceDelta } from '../model/resource-delta.ts';
import type { Resource } from '../model/resource.ts';
import type { Detector, Evidence, Rule } from './detector.ts';
import { makeFact } from '../facts/make-fact.ts';
import { withoutRenames } from '../facts/renames.ts';
import { isOutsiderEvent, isPrivilegedEvent } from '../semantics/supply-chain.ts';
import { viewJob } from '../workflows/job-view.ts';
import { permissionsOf, powers } from '../workflows/permissions.ts';
import { withRenamedWorkflows } from '../workflows/renames.ts';
import { enumerate } from '../workflows/units.ts';

const PRIVILEGED: Rule = {
  id: 'workflow-triggers/privileged-event',
  title: 'Event that outsiders cause and that runs with the repository’s rights',
  why: 'pull_request_target, workflow_run, issue_comment and repository_dispatch start with the write token and the secrets, while what they work on comes from somebody who has neither.',
  categories: ['ci-supply-chain'],
};
const EVENT: Rule = {
  id: 'workflow-triggers/event',
  title: 'Event of a workflow added or removed',
  why: 'Who and what can start a workflow decides who can use what it is given.',
  categories: ['ci-supply-chain'],
};
const ADDED: Rule = {
  id: 'workflow-triggers/workflow-added',
  title: 'New workflow',
  why: 'A workflow is a component that can change the code, the releases and what runs; one that is given nothing cannot.',
  categories: ['ci-supply-chain'],
};
const REMOVED: Rule = {
  id: 'workflow-triggers/workflow-removed',
  title: 'Workflow removed',
  why: 'What it checked, built or deployed happens elsewhere now, or not at all.',
  categories: ['ci-supply-chain'],
};

/** Filters of an event (branches, paths, types, cron) are settings of the same event and no facts. */
export const detector: Detector = {
  id: 'workflow-triggers',
  title: 'Workflow triggers',
  rules: [PRIVILEGED, EVENT, ADDED, REMOVED],
  detect(evidence) {
    const deltas = withoutRenames(
      withRenamedWorkflows(evidence.deltas),
      (r) => r.type === 'workflow-trigger',
    );
    const whole = deltas.filter(
      (d) => (d.kind === 'added' || d.kind === 'removed') && (d.head ?? d.base)?.type === 'workflow',
    );
    const scopes = new Set(whole.map((d) => (d.head ?? d.base)?.scope));
    return [
      ...whole.flatMap((d) => workflowFact(d, evidence)),
      ...deltas.flatMap((d) => eventFact(d, scopes, evidence)),
    ];
  },
};

function workflowFact(d: ResourceDelta, evidence: Evidence): Fact[] {
  const workflow = d.head ?? d.base;
  if (!workflow) return [];
  const resources = (d.head ? evidence.head : evidence.base).resources;
  const events = resources
    .filter((r) => r.scope === workflow.scope && r.type === 'workflow-trigger')
    .map((r) => r.name);
  const on = events.length === 0 ? '' : `, on ${enumerate(events.sort())}`;
  const rule = d.head ? ADDED : REMOVED;
  return [
    makeFact({
      rule: rule.id,
      kind: d.head ? 'resource-added' : 'resource-removed',
      categories: rule.categories,
      signals: [d.head ? 'resource-added' : 'resource-removed'],
      resource: workflow,
      side: d.head ? 'head' : 'base',
      statement: d.head
        ? `new workflow \`${workflow.address}\`${on}`
        : `workflow \`${workflow.address}\`${on} removed`,
      deciding: false,
      family: 'ci-cd',
      element: 'process',
    }),
  ];
}

function eventFact(d: ResourceDelta, whole: ReadonlySet<string | undefined>, evidence: Evidence): Fact[] {
  const trigger = d.kind === 'added' ? d.head : d.kind === 'removed' ? d.base : undefined;
  if (trigger?.type !== 'workflow-trigger') return [];
  const added = d.kind === 'added';
  const privileged = isPrivilegedEvent(trigger.name);
  // The events of a whole new or removed workflow are told with it, but for the dangerous ones of a new one.
  if (whole.has(trigger.scope) && !(added && privileged)) return [];
  const risky = added && isOutsiderEvent(trigger.name) && holdsSomething(trigger.scope, evidence);
  const rule = privileged ? PRIVILEGED : EVENT;
  return [
    makeFact({
      rule: rule.id,
      kind: 'setting-changed',
      categories: risky ? PRIVILEGED.categories : rule.categories,
      signals: ['trigger-changed'],
      resource: trigger,
      side: added ? 'head' : 'base',
      statement: statementOf(trigger, added, privileged, risky),
      deciding: privileged || risky,
      family: 'ci-cd',
      element: privileged || risky ? 'trust-boundary' : 'process',
    }),
  ];
}

function statementOf(trigger: Resource, added: boolean, privileged: boolean, risky: boolean): string {
  const what = `workflow \`${trigger.scope}\``;
  if (!added) return `${what} no longer runs on \`${trigger.name}\``;
  if (privileged)
    return `${what} now runs on \`${trigger.name}\`: outsiders can cause it, and it has the repository's token and secrets`;
  if (risky)
    return `${what} now runs on \`${trigger.name}\`: outsiders can cause it, and it uses secrets or a write token`;
  return `${what} now runs on \`${trigger.name}\``;
}

/** Whether some job of the workflow has secrets or a token that changes code, releases or the cloud. */
function holdsSomething(scope: string, evidence: Evidence): boolean {
  return evidence.head.resources
    .filter((r) => r.scope === scope && r.type === 'workflow-job')
    .some((r) => viewJob(r).secrets.size > 0 || powers(permissionsOf(r)).length > 0);
}
