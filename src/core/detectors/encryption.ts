import { observeAspect, type AspectVoice } from '../facts/aspects.ts';
import type { Detector } from './detector.ts';

const VOICE: AspectVoice = {
  aspects: ['encryption', 'key'],
  rules: {
    widened: 'encryption/weakened',
    narrowed: 'encryption/strengthened',
    changed: 'encryption/changed',
  },
  verbs: { widened: 'weakened', narrowed: 'strengthened', changed: 'changed' },
  categories: ['secrets-crypto'],
  signals: {
    widened: ['encryption-weakened'],
    narrowed: ['encryption-strengthened'],
    changed: ['key-changed', 'encryption-weakened'],
  },
  kind: 'setting-changed',
};

export const detector: Detector = {
  id: 'encryption',
  title: 'Encryption and keys',
  rules: [
    {
      id: 'encryption/weakened',
      title: 'Encryption became weaker',
      why: 'Data at rest or on its way is protected less than the model assumes.',
      categories: ['secrets-crypto'],
    },
    {
      id: 'encryption/strengthened',
      title: 'Encryption became stronger',
      why: 'A control was added; the model should say so, and callers that cannot keep up will fail.',
      categories: ['secrets-crypto'],
    },
    {
      id: 'encryption/changed',
      title: 'The key or the way of encrypting changed',
      why: 'Whoever holds the new key can read the data; whoever needs it must have access to it.',
      categories: ['secrets-crypto'],
    },
  ],
  detect: ({ deltas }) => observeAspect(deltas, VOICE).map((o) => o.fact),
};
