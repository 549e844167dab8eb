import { observeAspect, type AspectVoice } from '../facts/aspects.ts';
import type { Detector } from './detector.ts';

const VOICE: AspectVoice = {
  aspects: ['logging'],
  rules: { widened: 'logging/weakened', narrowed: 'logging/strengthened', changed: 'logging/changed' },
  verbs: { widened: 'weakened', narrowed: 'strengthened', changed: 'changed' },
  categories: ['logging-monitoring'],
  signals: {
    widened: ['logging-weakened'],
    narrowed: ['logging-strengthened', 'sink-added'],
    changed: ['logging-weakened', 'retention-changed'],
  },
  kind: 'setting-changed',
};

export const detector: Detector = {
  id: 'logging',
  title: 'Security logs and monitoring',
  rules: [
    {
      id: 'logging/weakened',
      title: 'Less is logged or watched',
      why: 'What is not recorded cannot be investigated; detection that the model counts on may be gone.',
      categories: ['logging-monitoring'],
    },
    {
      id: 'logging/strengthened',
      title: 'More is logged or watched',
      why: 'Logs are data: somebody can read them, and they have to be kept where writers cannot delete them.',
      categories: ['logging-monitoring'],
    },
    {
      id: 'logging/changed',
      title: 'What is logged or watched, or where it goes, changed',
      why: 'Another place or selection of logs may miss what the model counts on.',
      categories: ['logging-monitoring'],
    },
  ],
  detect: ({ deltas }) => observeAspect(deltas, VOICE).map((o) => o.fact),
};
