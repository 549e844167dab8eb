import { readKustomization } from './kustomize/kustomization.ts';
import type { Reader } from './reader.ts';

export const reader: Reader = {
  id: 'kustomize',
  title: 'Kustomize',
  about:
    'Reads kustomization files: what they build on, generate and patch. Inline strategic-merge patches are resources of their own; nothing is built, and remote bases are named, not fetched.',
  paths: ['**/kustomization.yaml', '**/kustomization.yml', '**/Kustomization'],
  priority: 70,
  unit: 'file',
  // The name says it; Kustomize itself asks for no more, and an empty file is a valid one.
  recognises: () => true,
  read: (files) => {
    const readings = files.map(readKustomization);
    return {
      resources: readings.flatMap((r) => r.resources),
      doubts: readings.flatMap((r) => r.doubts),
    };
  },
};
