import type { MatchBasis } from '../model/coverage.ts';
import type { Fact } from '../model/fact.ts';
import type { Policy } from '../model/policy.ts';
import { namesResource } from '../values/address.ts';
import { hasWildcard } from '../values/wildcard.ts';
import type { Mention, ModelElement } from './elements.ts';
import { callName, hangingKey, type ModelIndex } from './model-index.ts';
import { compareNames, tells } from './names.ts';
import type { Subject } from './subject.ts';

/**
 * How a match came about. `address`: by its own address, written out. `pattern`: by one with `*` or `?`. `part`: by the
 * address of what it is a part of. `reach`: by the address of something it reaches. `name`: by likeness.
 */
export type How = 'address' | 'pattern' | 'part' | 'reach' | 'name';

/** An element that is about a fact, and why. */
export interface Match {
  readonly element: ModelElement;
  readonly basis: MatchBasis;
  readonly how: How;
  readonly score: number;
  /** The reference as written; absent for likeness. */
  readonly written?: string;
  /** For a flow or threat that only hangs on a matching element: the name of that element. */
  readonly via?: string;
  /** For likeness: whether the kind of thing agrees as well. */
  readonly agrees: boolean;
}

export const BASES: readonly MatchBasis[] = [
  'explicit-reference',
  'policy-mapping',
  'native-address',
  'name-similarity',
];
const HOWS: readonly How[] = ['address', 'pattern', 'part', 'reach', 'name'];

/** Everything in the models that is about the subject, each element once with its best reason. Unsorted. */
export function matchSubject(subject: Subject, index: ModelIndex, policy: Policy): readonly Match[] {
  const found = new Map<ModelElement, Match>();
  const keep = (match: Match) => {
    const known = found.get(match.element);
    if (!known || isBetter(match, known)) found.set(match.element, match);
  };
  for (const match of [
    ...byReference(subject, index),
    ...byMapping(subject.fact, index, policy),
    ...byNative(subject, index),
    ...byReach(subject, index),
    ...(policy.matching.names ? byName(subject, index, policy.matching.threshold) : []),
  ])
    keep(match);
  for (const match of [...found.values()]) for (const hanging of byHanging(match, index)) keep(hanging);
  return [...found.values()];
}

function isBetter(a: Match, b: Match): boolean {
  return compareStrength(a, b) < 0;
}

/** Stronger before weaker: by basis, directly before by way of another element, by how, by likeness. */
export function compareStrength(a: Match, b: Match): number {
  return (
    BASES.indexOf(a.basis) - BASES.indexOf(b.basis) ||
    Number(a.via !== undefined) - Number(b.via !== undefined) ||
    HOWS.indexOf(a.how) - HOWS.indexOf(b.how) ||
    b.score - a.score
  );
}

function certain({ element, written }: Mention, basis: MatchBasis, how: How): Match {
  return { element, basis, how, score: 1, written, agrees: true };
}

function byReference(subject: Subject, index: ModelIndex): readonly Match[] {
  return [
    ...[...subject.spellings, ...subject.native]
      .flatMap((s) => index.explicit.get(s) ?? [])
      .map((m) => certain(m, 'explicit-reference', 'address')),
    ...index.patterns
      .filter((m) => subject.spellings.some(m.matches))
      .map((m) => certain(m, 'explicit-reference', 'pattern')),
  ];
}

function byMapping(fact: Fact, index: ModelIndex, policy: Policy): readonly Match[] {
  return policy.matching.map
    .filter((m) => namesResource(m.resource, fact))
    .flatMap((m) =>
      (index.called.get(callName(m.element)) ?? []).map(({ element }) =>
        certain(
          { element, written: m.resource },
          'policy-mapping',
          hasWildcard(m.resource) ? 'pattern' : 'address',
        ),
      ),
    );
}

/** Ids, tags and code spans that carry the address, and references to the thing that this is a part of. */
function byNative(subject: Subject, index: ModelIndex): readonly Match[] {
  const parts = subject.wholes.flatMap((w) => [
    ...(index.explicit.get(w) ?? []),
    ...(index.native.get(w) ?? []),
  ]);
  return [
    ...[...subject.spellings, ...subject.native]
      .flatMap((s) => index.native.get(s) ?? [])
      .map((m) => certain(m, 'native-address', 'address')),
    ...parts.map((m) => certain(m, 'native-address', 'part')),
  ];
}

/** An opened security group is also described by an element about the database behind it. */
function byReach(subject: Subject, index: ModelIndex): readonly Match[] {
  return subject.reaches.flatMap((r) =>
    [...(index.explicit.get(r) ?? []), ...(index.native.get(r) ?? [])].map((m) =>
      certain(m, 'native-address', 'reach'),
    ),
  );
}

function byName(subject: Subject, index: ModelIndex, threshold: number): readonly Match[] {
  const words = new Set(subject.names.flatMap((n) => n.words).filter(tells));
  const candidates = new Set([...words].flatMap((w) => index.words.get(w) ?? []));
  return [...candidates].flatMap((element): Match[] => {
    const { score, agrees } = likeness(subject, element);
    return score >= threshold ? [{ element, basis: 'name-similarity', how: 'name', score, agrees }] : [];
  });
}

const AGREES = 0.1;
const CONTRADICTS = -0.25;

/** Best likeness of any of the names, moved by whether the kinds of thing agree. Two decimals. */
function likeness(
  subject: Subject,
  element: ModelElement,
): { readonly score: number; readonly agrees: boolean } {
  let best = { score: 0, agrees: false };
  for (const theirs of element.names)
    for (const ours of subject.names) {
      const { score, within } = compareNames(ours, theirs);
      if (score === 0) continue;
      const agreement = agreementOf(subject, element, theirs.kinds);
      const moved =
        score + (agreement === 'contradicts' ? CONTRADICTS : agreement === 'agrees' && within ? AGREES : 0);
      const rounded = Math.round(Math.min(Math.max(moved, 0), 1) * 100) / 100;
      if (rounded > best.score) best = { score: rounded, agrees: agreement === 'agrees' };
    }
  return best;
}

/** Words for the kind of thing outweigh the symbol it is drawn with: a queue is drawn as a store and as a process. */
function agreementOf(
  subject: Subject,
  element: ModelElement,
  kinds: readonly string[],
): 'agrees' | 'contradicts' | 'unknown' {
  if (kinds.length > 0 && subject.kinds.length > 0)
    return kinds.some((k) => subject.kinds.includes(k)) ? 'agrees' : 'contradicts';
  return drawnAs(subject.fact, element);
}

function drawnAs(fact: Fact, element: ModelElement): 'agrees' | 'contradicts' | 'unknown' {
  const outside = fact.element === 'external-entity' || fact.categories.includes('external-dependency');
  switch (element.element) {
    case 'component':
      if (element.kind === undefined || element.kind === 'unknown') return 'unknown';
      if (element.kind === 'external-entity') return outside ? 'agrees' : 'contradicts';
      if (fact.element !== 'process' && fact.element !== 'data-store') return 'unknown';
      return element.kind === fact.element ? 'agrees' : 'contradicts';
    case 'vendor':
      return outside ? 'agrees' : 'contradicts';
    case 'flow':
      return fact.element === 'data-flow' || fact.categories.includes('data-flow') ? 'agrees' : 'contradicts';
    case 'boundary':
      return fact.family === 'network' || fact.categories.includes('trust-boundary')
        ? 'agrees'
        : 'contradicts';
    case 'data-asset':
      return fact.element === 'data-store' ? 'agrees' : 'contradicts';
    case 'threat':
    case 'assumption':
      return 'unknown';
  }
}

/** Flows that begin or end at a matching element, and threats to it: they speak about the same thing. */
function byHanging(match: Match, index: ModelIndex): readonly Match[] {
  const { element, model, node } = match.element;
  if (element === 'threat') return [];
  const hanging = index.hanging.get(hangingKey(model, node.key)) ?? [];
  return hanging.map((h) => ({ ...match, element: h, via: node.name }));
}
