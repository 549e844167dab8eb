import type { PullRequestRow } from '../store.ts';
import type { Work } from '../work.ts';

/** What a check run of a pull request is stored under. */
export const subjectOf = (number: number): string => `pull/${number}`;

/** A look at a pull request. */
export const workOf = (row: PullRequestRow): Work => ({
  installation: row.installation,
  subject: { kind: 'pull-request', repository: row.repository, number: row.number },
});
