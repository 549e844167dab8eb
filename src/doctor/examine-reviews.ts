import { isOurs } from './expectation.ts';
import { findingsAbout, listed, type Finding } from './finding.ts';
import type { Setting } from './setting.ts';

const finding = findingsAbout('policy');

/** When the threat model is looked at again, by whom, and whether the App can say so where people see it. */
export function examineReviews(setting: Setting): readonly Finding[] {
  if (setting.policy.kind !== 'read') return [];
  const { everyDays, owners, openIssues } = setting.policy.policy.review;
  return [
    ...(everyDays === undefined ? [] : [scheduled(everyDays, owners)]),
    ...(openIssues ? [issuesRight(setting)] : []),
  ];
}

const scheduled = (days: number, owners: readonly string[]): Finding =>
  owners.length === 0
    ? finding(
        'reviews-without-owner',
        'warning',
        `The threat model is due to be reviewed every ${days} days, and nobody is named who sees to it.`,
        'What is everybody’s is done by nobody: such a review is on record as overdue, and assigned to no one.',
        'Name people or teams under `review.owners`.',
      )
    : finding(
        'reviews-scheduled',
        'good',
        `The threat model is reviewed every ${days} days, seen to by ${listed(owners)}.`,
      );

/** GitHub tells what an App asks for together with the checks that it reports. */
function issuesRight({ seen, expected }: Setting): Finding {
  const runs = seen.kind === 'seen' ? seen.runs : [];
  const ours = runs.find(
    ({ name, app }) =>
      app?.permissions !== undefined &&
      (expected.app === undefined ? isOurs(name, expected) : app.id === expected.app),
  )?.app;
  if (!ours)
    return finding(
      'issues-right-not-seen',
      'note',
      'Whether the App may open issues for reviews could not be seen: no check of it was found.',
      '`review.open_issues` needs `issues: write`; without it reviews are on record only.',
    );
  return ours.permissions?.['issues'] === 'write'
    ? finding('issues-writable', 'good', 'The App may open issues for reviews.')
    : finding(
        'issues-not-writable',
        'warning',
        'The policy wants an issue for each review, and the App does not ask for `issues: write`.',
        'Reviews are on record, but nobody is assigned and nobody is told.',
        'Set the permission on the App’s page and accept it for the installation, or take `review.open_issues` out.',
      );
}
