import { makeDeltaFact, subject } from '../facts/make-fact.ts';
import { observeAspect, type AspectVoice } from '../facts/aspects.ts';
import { readAttributes } from '../facts/readings.ts';
import { behind } from '../graph/reach.ts';
import type { Fact } from '../model/fact.ts';
import type { ResourceDelta } from '../model/resource-delta.ts';
import { opennessOf } from '../semantics/cidr.ts';
import type { Detector, Evidence } from './detector.ts';

const VOICE: AspectVoice = {
  aspects: ['exposure'],
  rules: { widened: 'exposure/widened', narrowed: 'exposure/narrowed', changed: 'exposure/changed' },
  verbs: { widened: 'widened', narrowed: 'narrowed', changed: 'changed' },
  categories: ['exposure'],
  signals: {
    widened: ['exposure-widened', 'guardrail-loosened'],
    narrowed: ['exposure-narrowed'],
    changed: ['exposure-widened'],
  },
  kind: 'setting-changed',
};

export const detector: Detector = {
  id: 'exposure',
  title: 'Exposure: who can reach it',
  rules: [
    {
      id: 'exposure/widened',
      title: 'More can reach it than before',
      why: 'Address ranges, public flags and schemes decide who can even try. Whatever sits behind the door is exposed with it.',
      categories: ['exposure'],
    },
    {
      id: 'exposure/narrowed',
      title: 'Less can reach it than before',
      why: 'The model should no longer count on the wider reach, and legitimate callers may have been cut off.',
      categories: ['exposure'],
    },
    {
      id: 'exposure/changed',
      title: 'Who can reach it changed',
      why: 'It is another set of callers, or a set that the code alone does not tell.',
      categories: ['exposure'],
    },
    {
      id: 'exposure/world-closed',
      title: 'Something open to the world was removed',
      why: 'A public door is gone; the model should not describe it any more.',
      categories: ['exposure'],
    },
  ],
  detect: (evidence) => [
    ...observeAspect(evidence.deltas, VOICE).map(({ delta, fact }) => withReach(delta, fact, evidence)),
    ...evidence.deltas.filter((d) => d.kind === 'removed').flatMap((d) => closed(d)),
  ],
};

function withReach(delta: ResourceDelta, fact: Fact, evidence: Evidence): Fact {
  if (fact.rule !== 'exposure/widened' || !delta.head) return fact;
  const reaches = behind(delta.head, evidence.head);
  if (reaches.length === 0) return fact;
  return {
    ...fact,
    statement: `${fact.statement}; behind it: ${reaches.slice(0, 4).join(', ')}${reaches.length > 4 ? ' …' : ''}`,
    reaches,
  };
}

function closed(delta: ResourceDelta): Fact[] {
  const open = readAttributes(delta).find(
    (r) =>
      r.semantics.aspect === 'exposure' &&
      !r.comparison.denies &&
      r.semantics.reading === 'cidr' &&
      r.comparison.lost.some((l) => opennessOf(l) === 'world'),
  );
  if (!open) return [];
  return [
    makeDeltaFact(delta, {
      rule: 'exposure/world-closed',
      kind: 'setting-changed',
      categories: ['exposure'],
      signals: ['exposure-narrowed'],
      change: open.change,
      statement: `\`${subject(delta).address}\`, open to ${open.comparison.lost.join(', ')}, was removed`,
      before: open.comparison.lost.join(', '),
      deciding: true,
      detail: open.path,
    }),
  ];
}
