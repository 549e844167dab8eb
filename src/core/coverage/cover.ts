import type { Coverage, CoveredBy, FactCoverage } from '../model/coverage.ts';
import type { Fact } from '../model/fact.ts';
import type { ModelDelta } from '../model/model-delta.ts';
import type { Policy } from '../model/policy.ts';
import type { CoverageDemand } from '../model/requirement.ts';
import type { ThreatModel } from '../model/threat-model.ts';
import { elementId, listElements, type ModelElement } from './elements.ts';
import { compareStrength, matchSubject, type Match } from './match.ts';
import { hangingKey, indexModels, type ModelIndex } from './model-index.ts';
import { subjectOf } from './subject.ts';

const MOST_SHOWN = 5;
/** Likeness from which a model still describes something that is gone. */
const SURELY_ALIKE = 0.9;

/** What was found for one fact on both sides. */
interface Found {
  readonly head: readonly Match[];
  readonly base: readonly Match[];
}

/** Facts × models → which fact is covered by what. Pure; the order of facts and models does not matter. */
export function coverFacts(
  demands: readonly CoverageDemand[],
  facts: readonly Fact[],
  head: readonly ThreatModel[],
  base: readonly ThreatModel[],
  delta: ModelDelta,
  policy: Policy,
): Coverage {
  const demanded = new Set(demands.map((d) => d.fact));
  const inQuestion = facts.filter((f) => demanded.has(f.id));
  const after = indexModels(listElements(inOrder(head), delta, 'head'), inQuestion);
  const before = indexModels(listElements(inOrder(base), delta, 'base'), inQuestion);
  const found = new Map<string, Found>();
  for (const fact of facts) {
    const subject = subjectOf(fact);
    found.set(fact.id, {
      head: matchSubject(subject, after, policy),
      base: matchSubject(subject, before, policy),
    });
  }
  const byId = new Map(facts.map((f) => [f.id, f]));
  return {
    facts: [...demands]
      .sort((a, b) => (a.fact < b.fact ? -1 : a.fact > b.fact ? 1 : 0))
      .flatMap((demand) => {
        const fact = byId.get(demand.fact);
        const matches = found.get(demand.fact);
        return fact && matches ? [coverFact(demand, fact, matches)] : [];
      }),
    unexplained: listUnexplained(delta, [...found.values()], { head: after, base: before }),
    refused: after.refused,
  };
}

function coverFact(demand: CoverageDemand, fact: Fact, found: Found): FactCoverage {
  if (demand.kind === 'removed') return coverRemoved(demand, fact, found);
  // What is new must be said itself: an element about something it reaches does not say it.
  const own = demand.kind === 'new' ? found.head.filter((m) => m.how !== 'reach') : found.head;
  const matches = sortMatches(own, demand.kind === 'new');
  const best = matches[0];
  if (!best) return state(demand, 'uncovered', [], 'No element of the model is about it.');
  const stale = demand.kind === 'new' && !best.element.inDelta;
  return state(
    demand,
    stale ? 'stale' : 'covered',
    matches,
    stale
      ? `${title(best.element)} is about it, but this change adds nothing to the model about it.`
      : `${title(best.element)} is about it, by ${reasonOf(best)}.`,
  );
}

/** Gone from the code: the model must not go on as before. What no model ever mentioned needs no change. */
function coverRemoved(demand: CoverageDemand, fact: Fact, found: Found): FactCoverage {
  const still = sortMatches(
    found.head.filter((m) => describes(m, fact)),
    true,
  );
  const best = still[0];
  if (best)
    return best.element.inDelta
      ? state(demand, 'covered', still, `What ${title(best.element)} says about it has changed.`)
      : state(demand, 'stale', still, `${title(best.element)} still describes it.`);
  const gone = sortMatches(
    found.base.filter((m) => m.element.inDelta && describes(m, fact)),
    true,
  );
  return gone[0]
    ? state(demand, 'covered', gone, `${title(gone[0].element)} was taken out of the model.`)
    : state(demand, 'covered', [], 'No element of the model describes it.');
}

/**
 * Whether an element is about just this resource, so that it cannot stay as it is when the resource goes. A pattern, a
 * part or a mere namesake does not oblige anybody to edit the model; a threat does when it names the address itself.
 */
function describes(match: Match, fact: Fact): boolean {
  if (match.via !== undefined) return false;
  if (match.how === 'address')
    return match.element.element !== 'threat' || match.basis === 'explicit-reference';
  const wasComponent =
    fact.categories.includes('removed-component') || fact.categories.includes('external-dependency');
  return match.how === 'name' && wasComponent && match.agrees && match.score >= SURELY_ALIKE;
}

function state(
  demand: CoverageDemand,
  is: FactCoverage['state'],
  matches: readonly Match[],
  reason: string,
): FactCoverage {
  return {
    fact: demand.fact,
    demand: demand.kind,
    state: is,
    by: matches.slice(0, MOST_SHOWN).map(show),
    reason,
  };
}

/** Best first: for what must be new, elements of the delta; then the stronger; then by place. */
function sortMatches(matches: readonly Match[], deltaFirst: boolean): readonly Match[] {
  return [...matches].sort(
    (a, b) =>
      (deltaFirst ? Number(b.element.inDelta) - Number(a.element.inDelta) : 0) ||
      compareStrength(a, b) ||
      compare(placeOf(a.element), placeOf(b.element)),
  );
}

function show({ element, basis, score, written, via }: Match): CoveredBy {
  const { node } = element;
  const through = via ?? written;
  return {
    model: element.model,
    element: element.element,
    key: node.key,
    name: node.name,
    file: node.location.file,
    line: node.location.line,
    basis,
    score,
    inDelta: element.inDelta,
    ...(through === undefined ? {} : { through }),
  };
}

function reasonOf({ basis, score, written = '', via }: Match): string {
  const by = {
    'explicit-reference': `its reference \`${written}\``,
    'policy-mapping': `the policy’s mapping of \`${written}\``,
    'native-address': `the address \`${written}\` that it carries`,
    'name-similarity': `likeness of names (${score.toFixed(2)})`,
  }[basis];
  return via === undefined ? by : `${by}, through “${via}”`;
}

function title({ element, node }: ModelElement): string {
  return `${element} “${node.name}”`;
}

/** Changes of the model that no fact of this change, deciding or not, has anything to do with. */
function listUnexplained(
  delta: ModelDelta,
  found: readonly Found[],
  index: { readonly head: ModelIndex; readonly base: ModelIndex },
): Coverage['unexplained'] {
  const explained = {
    head: explain(
      found.flatMap((f) => f.head),
      index.head,
    ),
    base: explain(
      found.flatMap((f) => f.base),
      index.base,
    ),
  };
  return delta.changes
    .filter(
      (c) =>
        !explained[c.op === 'removed' ? 'base' : 'head'].has(elementId(c.element, c.location.file, c.key)),
    )
    .map((c) => ({ model: c.location.file, element: c.element, key: c.key, name: c.name }))
    .sort((a, b) => compare(`${a.model}\0${a.element}\0${a.key}`, `${b.model}\0${b.element}\0${b.key}`));
}

function explain(matches: readonly Match[], index: ModelIndex): ReadonlySet<string> {
  const ids = new Set<string>();
  const keys = new Set<string>();
  for (const { element } of matches) {
    ids.add(elementId(element.element, element.node.location.file, element.node.key));
    keys.add(hangingKey(element.model, element.node.key));
  }
  for (const element of index.elements)
    if (element.inDelta && element.hangsOn.some((key) => keys.has(hangingKey(element.model, key))))
      ids.add(elementId(element.element, element.node.location.file, element.node.key));
  return ids;
}

function inOrder(models: readonly ThreatModel[]): readonly ThreatModel[] {
  return [...models].sort((a, b) => compare(a.file, b.file));
}

function placeOf({ model, element, node }: ModelElement): string {
  return `${model}\0${element}\0${node.key}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
