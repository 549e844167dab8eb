import { questionsOf } from '../catalogue/questions.ts';
import { suffers } from '../catalogue/stride.ts';
import type { Fact } from '../model/fact.ts';
import type { Policy } from '../model/policy.ts';
import type { AskedQuestion, Question } from '../model/question.ts';
import type { StrideLetter } from '../model/threat-model.ts';
import { familyOf } from './family.ts';

const SEVERITY: Readonly<Record<Question['severity'], number>> = { critical: 0, high: 1, medium: 2, low: 3 };

/** One question that would be asked of one component, and the facts that fire it. */
interface Candidate {
  readonly question: Question;
  readonly facts: Fact[];
}

interface Component {
  readonly scope: string;
  readonly address: string;
  readonly candidates: Map<string, Candidate>;
}

/**
 * The STRIDE checklist for exactly what changed: per component (scope and address) the questions of the family whose
 * `when` meets a deciding fact's signals, most severe first and bounded. When several components of one family and
 * scope fire a question by the same rule, it is asked once, at the first by address, because of all of them.
 * Sorted by scope, address and rank; the order of the facts does not matter.
 */
export function selectQuestions(facts: readonly Fact[], policy: Policy): readonly AskedQuestion[] {
  if (!policy.questions.enabled) return [];
  const excluded = new Set(policy.questions.exclude);
  return gatherComponents(facts, excluded).flatMap((component) =>
    rank([...component.candidates.values()])
      .slice(0, policy.questions.maxPerComponent)
      .map((candidate) => ask(component, candidate)),
  );
}

function gatherComponents(facts: readonly Fact[], excluded: ReadonlySet<string>): readonly Component[] {
  const components = new Map<string, Component>();
  const askedAt = new Map<string, Candidate>();
  for (const fact of facts.filter((f) => f.deciding).sort(byPlace)) {
    const family = familyOf(fact);
    const place = `${fact.scope}\0${fact.address}`;
    const component: Component = components.get(place) ?? {
      scope: fact.scope,
      address: fact.address,
      candidates: new Map(),
    };
    components.set(place, component);
    for (const question of family === undefined ? [] : questionsOf(family)) {
      if (excluded.has(question.id) || !fires(question, fact)) continue;
      const once = `${fact.scope}\0${question.id}\0${fact.rule}`;
      const candidate = askedAt.get(once) ?? component.candidates.get(question.id) ?? { question, facts: [] };
      if (!askedAt.has(once)) component.candidates.set(question.id, candidate);
      askedAt.set(once, candidate);
      candidate.facts.push(fact);
    }
  }
  return [...components.values()];
}

function fires(question: Question, fact: Fact): boolean {
  return (
    suffers(question.element, question.stride) &&
    question.when.some((signal) => fact.signals.includes(signal))
  );
}

/** Severe before less severe; then a letter not yet asked, the fewest signals (the most specific), the id. */
function rank(candidates: readonly Candidate[]): readonly Candidate[] {
  const left = [...candidates].sort(
    (a, b) =>
      SEVERITY[a.question.severity] - SEVERITY[b.question.severity] ||
      a.question.when.length - b.question.when.length ||
      (a.question.id < b.question.id ? -1 : 1),
  );
  const ranked: Candidate[] = [];
  const letters = new Set<StrideLetter>();
  while (left.length > 0) {
    const severity = left[0]?.question.severity;
    const fresh = left.findIndex((c) => c.question.severity === severity && !letters.has(c.question.stride));
    const [next] = left.splice(Math.max(fresh, 0), 1);
    if (!next) break;
    letters.add(next.question.stride);
    ranked.push(next);
  }
  return ranked;
}

function ask({ scope, address }: Component, { question, facts }: Candidate): AskedQuestion {
  const own = facts.filter((f) => f.scope === scope && f.address === address);
  // A comment can only stand at a line of the head.
  const anchor = own.find((f) => f.side === 'head') ?? own[0] ?? facts[0];
  return {
    id: question.id,
    address,
    scope,
    because: [...new Set(facts.map((f) => f.id))].sort(),
    file: anchor?.file ?? '',
    line: anchor?.line ?? 1,
  };
}

function byPlace(a: Fact, b: Fact): number {
  return compare(a.scope, b.scope) || compare(a.address, b.address) || compare(a.id, b.id);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
