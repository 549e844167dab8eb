import { observeAspect, type AspectVoice } from '../facts/aspects.ts';
import type { Detector } from './detector.ts';

const VOICE: AspectVoice = {
  aspects: ['protection'],
  rules: {
    widened: 'protection/weakened',
    narrowed: 'protection/strengthened',
    changed: 'protection/changed',
  },
  verbs: { widened: 'weakened', narrowed: 'strengthened', changed: 'changed' },
  categories: ['trust-boundary'],
  signals: {
    widened: ['guardrail-loosened', 'waf-changed', 'lifecycle-changed'],
    narrowed: ['waf-changed', 'lifecycle-changed'],
    changed: ['waf-changed', 'lifecycle-changed'],
  },
  kind: 'setting-changed',
};

export const detector: Detector = {
  id: 'protection',
  title: 'Protections',
  rules: [
    {
      id: 'protection/weakened',
      title: 'A protection became weaker',
      why: 'Filters, locks and scans are controls that threats in the model lean on.',
      categories: ['trust-boundary'],
    },
    {
      id: 'protection/strengthened',
      title: 'A protection became stronger',
      why: 'A control was added; threats it answers can say so.',
      categories: ['trust-boundary'],
    },
    {
      id: 'protection/changed',
      title: 'A protection changed',
      why: 'What it stops, and what it lets through, is not the same as before.',
      categories: ['trust-boundary'],
    },
  ],
  detect: ({ deltas }) => observeAspect(deltas, VOICE).map((o) => o.fact),
};
