import type { Category, Fact, FactKind, Signal } from '../model/fact.ts';
import type { Policy } from '../model/policy.ts';
import type { CoverageDemand, DemandKind, Requirement } from '../model/requirement.ts';
import { namesResource } from '../values/address.ts';
import { selectQuestions } from './select-questions.ts';

/** What must appear in the model when it is new: a component, a store, a flow, a boundary, a vendor. */
const NEW_CATEGORIES: ReadonlySet<Category> = new Set<Category>([
  'new-component',
  'data-store',
  'data-flow',
  'trust-boundary',
  'external-dependency',
]);

const ADDED_KINDS: ReadonlySet<FactKind> = new Set<FactKind>([
  'resource-added',
  'endpoint-added',
  'dependency-added',
]);
const REMOVED_KINDS: ReadonlySet<FactKind> = new Set<FactKind>([
  'resource-removed',
  'endpoint-removed',
  'dependency-removed',
]);

/** A changed resource can bring something new as well: another subscriber, another vendor, a path to another network. */
const NEW_SIGNALS: ReadonlySet<Signal> = new Set<Signal>([
  'subscription-added',
  'consumer-added',
  'sink-added',
  'network-path-added',
  'external-host-added',
  'vendor-added',
  'webhook-added',
  'model-endpoint-added',
  'retrieval-source-added',
  'tool-added',
]);

/**
 * A door opened, a grant widened, a control weakened: the model was written before that, so that it merely has the thing
 * is not enough (`docs/decisions/005-loosening-is-new.md`).
 */
const LOOSENING: ReadonlySet<Signal> = new Set<Signal>([
  'exposure-widened',
  'permission-widened',
  'trust-widened',
  'principal-added',
  'privilege-raised',
  'encryption-weakened',
  'logging-weakened',
  'guardrail-loosened',
  'static-key-created',
]);

/** Facts × policy → what the model must say, what is asked, and whether somebody must approve. */
export function deriveRequirement(facts: readonly Fact[], policy: Policy): Requirement {
  const deciding = facts.filter((f) => f.deciding);
  return {
    cover: demandCoverage(deciding, policy),
    questions: selectQuestions(deciding, policy),
    approval: demandsApproval(deciding, policy),
  };
}

function demandCoverage(deciding: readonly Fact[], policy: Policy): readonly CoverageDemand[] {
  const categories = new Set(policy.categories);
  const demands = new Map<string, CoverageDemand>();
  for (const fact of deciding) {
    // The gate's own rules are approved by people; a threat model does not describe them.
    if (fact.kind === 'policy-changed') continue;
    if (!fact.categories.some((c) => categories.has(c))) continue;
    if (policy.except.some((e) => namesResource(e.resource, fact))) continue;
    demands.set(fact.id, { fact: fact.id, kind: demandOf(fact) });
  }
  return [...demands.values()].sort((a, b) => (a.fact < b.fact ? -1 : 1));
}

function demandOf(fact: Fact): DemandKind {
  if (REMOVED_KINDS.has(fact.kind)) return 'removed';
  // A subscriber, path or host that went away carries the same signal as one that came.
  const wentAway = fact.before !== undefined && fact.after === undefined;
  const brings = ADDED_KINDS.has(fact.kind) || (!wentAway && fact.signals.some((s) => NEW_SIGNALS.has(s)));
  if (!wentAway && fact.signals.some((s) => LOOSENING.has(s))) return 'new';
  return brings && fact.categories.some((c) => NEW_CATEGORIES.has(c)) ? 'new' : 'present';
}

/**
 * A change of the gate's own rules needs a yes wherever somebody can give one, whether or not other changes do:
 * otherwise the first pull request could switch approval off for the second.
 */
function demandsApproval(deciding: readonly Fact[], { mode, approval }: Policy): boolean {
  const approvers = approval.users.length + approval.teams.length > 0 || approval.solo;
  if (deciding.some((f) => f.kind === 'policy-changed') && mode === 'enforce' && approvers) return true;
  return approval.required && deciding.length > 0;
}
