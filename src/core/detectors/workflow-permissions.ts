import type { Fact } from '../model/fact.ts';
import type { ResourceDelta } from '../model/resource-delta.ts';
import type { Resource } from '../model/resource.ts';
import type { Detector, Evidence, Rule } from './detector.ts';
import { makeFact } from '../facts/make-fact.ts';
import { isReportingScope } from '../semantics/supply-chain.ts';
import { get } from '../values/value.ts';
import {
  comparePermissions,
  permissionsFrom,
  permissionsOf,
  powers,
  showPermissions,
  writable,
  type ScopeChange,
} from '../workflows/permissions.ts';
import { withRenamedWorkflows } from '../workflows/renames.ts';

const RAISED: Rule = {
  id: 'workflow-permissions/raised',
  title: 'Workflow token may do more',
  why: 'Every step of the job, and everything a step downloads, can use the token; `id-token: write` also lets it take on cloud roles.',
  categories: ['ci-supply-chain', 'identity-access'],
};
const LOWERED: Rule = {
  id: 'workflow-permissions/lowered',
  title: 'Workflow token may do less',
  why: 'A smaller token is a control worth recording, and something that relied on it may stop.',
  categories: ['ci-supply-chain', 'identity-access'],
};
const GRANTED: Rule = {
  id: 'workflow-permissions/granted',
  title: 'New job or workflow with a write token',
  why: 'A new job that can write code, packages or deployments, or take on cloud roles, is a new way to change the product.',
  categories: ['ci-supply-chain', 'identity-access'],
};

export const detector: Detector = {
  id: 'workflow-permissions',
  title: 'Workflow token permissions',
  rules: [RAISED, LOWERED, GRANTED],
  detect(evidence) {
    const deltas = withRenamedWorkflows(evidence.deltas);
    const added = new Set(
      deltas.flatMap((d) => (d.kind === 'added' && d.head?.type === 'workflow' ? [d.head.scope] : [])),
    );
    return deltas.flatMap((d) => [...changed(d), ...granted(d, added, evidence)]);
  },
};

const isHolder = (r: Resource | undefined): r is Resource =>
  r?.type === 'workflow' || r?.type === 'workflow-job';

function changed(d: ResourceDelta): Fact[] {
  const { base, head } = d;
  if (!isHolder(base) || !isHolder(head)) return [];
  // What the workflow as a whole says is one fact of the workflow, not one of each job that inherits it.
  if (head.type === 'workflow-job' && permissionsFrom(base) !== 'job' && permissionsFrom(head) !== 'job')
    return [];
  const before = permissionsOf(base);
  const after = permissionsOf(head);
  const { raised, lowered } = comparePermissions(before, after);
  const make = (rule: Rule, changes: readonly ScopeChange[], widened: boolean): Fact[] => {
    const telling = changes.filter((c) => c.before === 'write' || c.after === 'write' || c.scope === '*');
    if (changes.length === 0) return [];
    return [
      makeFact({
        rule: rule.id,
        kind: 'permission-changed',
        categories: rule.categories,
        signals: [widened ? 'permission-widened' : 'permission-narrowed'],
        resource: head,
        line: get(head.values, 'permissions')?.line,
        statement: statementOf(nameOf(head), changes, widened, showPermissions(after)),
        before: showPermissions(before),
        after: showPermissions(after),
        deciding: telling.some((c) => !isReportingScope(c.scope)),
        family: 'ci-cd',
        element: 'process',
      }),
    ];
  };
  return [...make(RAISED, raised, true), ...make(LOWERED, lowered, false)];
}

function granted(d: ResourceDelta, added: ReadonlySet<string>, evidence: Evidence): Fact[] {
  const { head } = d;
  if (d.kind !== 'added' || !isHolder(head)) return [];
  const isWorkflow = head.type === 'workflow';
  if (!isWorkflow && permissionsFrom(head) !== 'job' && added.has(head.scope)) return [];
  const permissions = permissionsOf(head);
  const scopes = writable(permissions);
  if (scopes.length === 0) return [];
  const own = isWorkflow || permissionsFrom(head) === 'job';
  const strong = powers(permissions);
  const deciding = own && strong.length > 0 && !heldBefore(head, strong, evidence);
  return [
    makeFact({
      rule: GRANTED.id,
      kind: 'permission-changed',
      categories: GRANTED.categories,
      signals: ['permission-widened'],
      resource: head,
      line: get(head.values, 'permissions')?.line,
      statement: `new ${nameOf(head)} has a token that may write: ${scopes.map((s) => (s === '*' ? 'everything' : s)).join(', ')}`,
      after: showPermissions(permissions),
      deciding,
      family: 'ci-cd',
      element: 'process',
    }),
  ];
}

/** Whether a job of the same workflow had all of it at base already: a job that was split or renamed gains nothing. */
function heldBefore(head: Resource, scopes: readonly string[], evidence: Evidence): boolean {
  return evidence.base.resources
    .filter((r) => r.scope === head.scope && r.type === 'workflow-job')
    .some((r) => {
      const had = powers(permissionsOf(r));
      return scopes.every((s) => had.includes(s) || had.includes('*'));
    });
}

const nameOf = (r: Resource): string =>
  r.type === 'workflow' ? `workflow \`${r.address}\`` : `\`${r.address}\``;

function statementOf(name: string, changes: readonly ScopeChange[], widened: boolean, after: string): string {
  const verb = widened ? 'raised' : 'lowered';
  if (changes.some((c) => c.after === 'default'))
    return `token of ${name} ${verb} to the repository's default: its \`permissions\` are no longer written down`;
  if (changes.some((c) => c.before === 'default'))
    return `token of ${name} ${verb} from the repository's default to ${after}`;
  return `token of ${name} ${verb}: ${changes.slice(0, 6).map(showChange).join(', ')}`;
}

const showChange = (c: ScopeChange): string =>
  `${c.scope === '*' ? 'all scopes' : `\`${c.scope}\``} from ${c.before} to ${c.after}`;
