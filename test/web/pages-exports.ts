/** Packages in every state, for pages that show them; none of them is made. */
import { digestOf } from '../../src/core/digest.ts';
import type { Exports, ExportStatus } from '../../src/web/exports.ts';

const asked = {
  query: {
    period: { from: '2026-01-01T00:00:00.000Z', to: '2026-11-01T00:00:00.000Z' },
    repositories: [1],
    sample: { size: 25, seed: 'drawn by the auditor' },
  },
  at: '2026-11-30T11:58:00.000Z',
  until: '2026-12-01T11:58:00.000Z',
};

export const EXPORTS: readonly ExportStatus[] = [
  { id: 'a0', ...asked, state: 'waiting' },
  { id: 'a1', ...asked, state: 'running', doing: 'Reading the records of acme/shop, 4,000 of 10,000.' },
  { id: 'a2', ...asked, state: 'done', bytes: 1_234_567, digest: digestOf('package') },
  {
    id: 'a3',
    ...asked,
    state: 'failed',
    problem: 'The chain of acme/shop breaks at record 57.',
    remedy: 'Check the database with threatgate verify --database.',
  },
];

export const sampleExports: Exports = {
  start: () =>
    Promise.resolve({ kind: 'refused', problem: 'Nothing is made here.', remedy: 'Ask elsewhere.' }),
  status: (id) => Promise.resolve(EXPORTS.find((each) => each.id === id)),
  list: () => Promise.resolve(EXPORTS),
  file: () => Promise.resolve(undefined),
};
