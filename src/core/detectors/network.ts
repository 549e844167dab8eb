import { observeAspect, type AspectVoice } from '../facts/aspects.ts';
import type { Detector } from './detector.ts';

const VOICE: AspectVoice = {
  aspects: ['network'],
  rules: { widened: 'network/path-added', narrowed: 'network/path-removed', changed: 'network/changed' },
  verbs: { widened: 'widened', narrowed: 'narrowed', changed: 'changed' },
  categories: ['trust-boundary'],
  signals: {
    widened: ['network-path-added', 'segmentation-changed'],
    narrowed: ['network-path-removed', 'segmentation-changed'],
    changed: ['route-changed', 'segmentation-changed'],
  },
  kind: 'setting-changed',
};

export const detector: Detector = {
  id: 'network',
  title: 'Network paths and placement',
  rules: [
    {
      id: 'network/path-added',
      title: 'A network path was added',
      why: 'Two places that were apart can now talk; the boundary between them moved.',
      categories: ['trust-boundary'],
    },
    {
      id: 'network/path-removed',
      title: 'A network path was removed',
      why: 'The boundary is tighter than the model says, or a flow it describes no longer works.',
      categories: ['trust-boundary'],
    },
    {
      id: 'network/changed',
      title: 'A network path or placement changed',
      why: 'Traffic takes another way, or the thing sits on another side of a boundary.',
      categories: ['trust-boundary'],
    },
  ],
  detect: ({ deltas }) => observeAspect(deltas, VOICE).map((o) => o.fact),
};
