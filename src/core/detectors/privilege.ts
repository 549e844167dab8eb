import { observeAspect, type AspectVoice } from '../facts/aspects.ts';
import type { Detector } from './detector.ts';

const VOICE: AspectVoice = {
  aspects: ['privilege'],
  rules: { widened: 'privilege/raised', narrowed: 'privilege/lowered', changed: 'privilege/changed' },
  verbs: { widened: 'raised', narrowed: 'lowered', changed: 'changed' },
  categories: ['identity-access'],
  signals: {
    widened: ['privilege-raised', 'guardrail-loosened'],
    narrowed: ['privilege-lowered'],
    changed: ['privilege-raised'],
  },
  kind: 'setting-changed',
};

export const detector: Detector = {
  id: 'privilege',
  title: 'Runtime privileges',
  rules: [
    {
      id: 'privilege/raised',
      title: 'The workload may do more to its host',
      why: 'Privileged containers, host namespaces and added capabilities turn a compromised workload into a compromised node.',
      categories: ['identity-access'],
    },
    {
      id: 'privilege/lowered',
      title: 'The workload may do less to its host',
      why: 'A control was added that the model can count on.',
      categories: ['identity-access'],
    },
    {
      id: 'privilege/changed',
      title: 'What the workload may do to its host changed',
      why: 'The confinement of the workload is another one than before.',
      categories: ['identity-access'],
    },
  ],
  detect: ({ deltas }) => observeAspect(deltas, VOICE).map((o) => o.fact),
};
