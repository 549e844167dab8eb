import type { Rules } from '../core/model/branch-rules.ts';
import { isOurs, isOursByFile } from './expectation.ts';
import { findingsAbout, quoted, type Finding } from './finding.ts';
import type { Setting } from './setting.ts';

const finding = findingsAbout('branch');

/** What else the branch demands: without it a required check can be gone round, or says less than it seems to. */
export function examineBranch(setting: Setting): readonly Finding[] {
  const { rules, branch } = setting;
  if (rules.rules.length === 0) return [unprotected(branch)];
  const any = (test: (each: Rules) => boolean): boolean => rules.rules.some(test);
  const queue = any((each) => each.mergeQueue);
  return [
    ...(rules.complete ? [] : [NOT_ALL_SEEN]),
    direct(
      setting,
      any((each) => each.pullRequest !== undefined),
      queue,
    ),
    ...(queue ? [QUEUE] : []),
    ...stale(rules.rules),
    kept(
      any((each) => each.refusesForcePush),
      rules.complete,
      FORCE_PUSH,
    ),
    kept(
      any((each) => each.refusesDeletion),
      rules.complete,
      DELETION,
    ),
  ];
}

const unprotected = (branch: string): Finding =>
  finding(
    'branch-unprotected',
    'problem',
    `No rule applies to the branch ${quoted(branch)}.`,
    'Whoever may push can push to it directly, rewrite it and delete it; no check and no review is asked for.',
    'Make a ruleset for it: require a pull request and the check, refuse force pushes and deletion.',
  );

const NOT_ALL_SEEN = finding(
  'protection-not-seen',
  'note',
  'The branch has protection of the older kind, which could not be seen in full with this token.',
  'Its required checks are known; whether it demands pull requests, and whom it binds, is not.',
  'Ask with a token that has `administration: read`, or use a ruleset.',
);

function direct({ rules, branch, expected }: Setting, pullRequest: boolean, queue: boolean): Finding {
  if (pullRequest)
    return finding('pull-request-required', 'good', `${quoted(branch)} changes by pull requests only.`);
  if (queue)
    return finding(
      'pull-request-required',
      'good',
      `${quoted(branch)} changes through its merge queue only, which takes pull requests.`,
    );
  if (!rules.complete)
    return finding(
      'direct-push-not-seen',
      'note',
      `Whether ${quoted(branch)} can be pushed to directly could not be seen with this token.`,
    );
  const held = rules.rules.some(
    (each) =>
      each.checks.some(({ name }) => isOurs(name, expected)) ||
      (expected.check === undefined && each.workflows.some(isOursByFile)),
  );
  return finding(
    'direct-push-possible',
    held ? 'warning' : 'problem',
    `No rule requires a pull request for ${quoted(branch)}: it can be pushed to directly.`,
    held
      ? 'GitHub takes a commit only when the check passed for it, but there is no pull request that anybody could review or look up.'
      : 'What is pushed is in before anybody has judged it. Threatgate records it afterwards, at best.',
    'Add “Require a pull request before merging” to the ruleset.',
  );
}

const QUEUE = finding(
  'merge-queue',
  'note',
  'A merge queue is on: it waits for the required checks on its own commits, too.',
  'The App answers there. A workflow does if it has the event `merge_group`; without it the queue waits in vain.',
);

/** GitHub counts reviews by itself; ours end with the change that they are about in any case. */
function stale(rules: readonly Rules[]): readonly Finding[] {
  const pullRequest = rules.flatMap((each) => (each.pullRequest ? [each.pullRequest] : []));
  if (pullRequest.length === 0) return [];
  return pullRequest.some((each) => each.dismissesStale)
    ? [finding('stale-approvals-dismissed', 'good', 'GitHub dismisses approvals when something is pushed.')]
    : [
        finding(
          'stale-approvals-kept',
          'note',
          'GitHub keeps counting approvals after a push.',
          'Threatgate’s own do not depend on it: they end when the facts they are about change. Reviews that the branch requires do.',
          'Set “Dismiss stale pull request approvals when new commits are pushed”, if reviews are required.',
        ),
      ];
}

interface Keeping {
  readonly id: string;
  readonly good: string;
  readonly bad: string;
  readonly why: string;
  readonly remedy: string;
}

function kept(refused: boolean, complete: boolean, { id, good, bad, why, remedy }: Keeping): Finding {
  if (refused) return finding(`${id}-refused`, 'good', good);
  if (!complete)
    return finding(`${id}-not-seen`, 'note', `${bad.replace(/\.$/, '')}, as far as this token sees.`);
  return finding(`${id}-possible`, 'warning', bad, why, remedy);
}

const FORCE_PUSH: Keeping = {
  id: 'force-push',
  good: 'Force pushes are refused.',
  bad: 'No rule refuses force pushes.',
  why: 'What was judged and merged can be replaced, and its history with it.',
  remedy: 'Add “Block force pushes” to the ruleset.',
};

const DELETION: Keeping = {
  id: 'deletion',
  good: 'Deleting the branch is refused.',
  bad: 'No rule refuses deleting the branch.',
  why: 'A branch that is deleted and made anew has the history that its maker gives it.',
  remedy: 'Add “Restrict deletions” to the ruleset.',
};
