import { observeAspect, type AspectVoice } from '../facts/aspects.ts';
import type { Detector } from './detector.ts';

const VOICE: AspectVoice = {
  aspects: ['authentication'],
  rules: {
    widened: 'authentication/weakened',
    narrowed: 'authentication/strengthened',
    changed: 'authentication/changed',
  },
  verbs: { widened: 'weakened', narrowed: 'strengthened', changed: 'changed' },
  categories: ['identity-access'],
  signals: {
    widened: ['login-method-changed', 'token-validation-changed', 'trust-widened'],
    narrowed: ['login-method-changed', 'token-validation-changed'],
    changed: ['login-method-changed', 'token-validation-changed', 'session-changed'],
  },
  kind: 'setting-changed',
};

export const detector: Detector = {
  id: 'authentication',
  title: 'Authentication',
  rules: [
    {
      id: 'authentication/weakened',
      title: 'Callers prove who they are less strictly',
      why: 'A weaker proof of identity is the first door an attacker tries.',
      categories: ['identity-access'],
    },
    {
      id: 'authentication/strengthened',
      title: 'Callers prove who they are more strictly',
      why: 'A control was added; the model should name it, and callers that cannot follow will fail.',
      categories: ['identity-access'],
    },
    {
      id: 'authentication/changed',
      title: 'How callers prove who they are changed',
      why: 'Another provider or method is another party to trust.',
      categories: ['identity-access'],
    },
  ],
  detect: ({ deltas }) => observeAspect(deltas, VOICE).map((o) => o.fact),
};
