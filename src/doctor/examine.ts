import { examineBranch } from './examine-branch.ts';
import { examineBypass } from './examine-bypass.ts';
import { examineCheck } from './examine-check.ts';
import { examinePolicy } from './examine-policy.ts';
import { examineReviews } from './examine-reviews.ts';
import { findingsAbout, SEVERITIES, type Finding } from './finding.ts';
import type { Setting } from './setting.ts';

/** How the gate is set up → what is to be said about it, the worst first. Looks at nothing but what it is given. */
export function examine(setting: Setting): readonly Finding[] {
  const findings = [
    ...examineRepository(setting),
    ...examinePolicy(setting),
    ...examineReviews(setting),
    ...examineCheck(setting),
    ...examineBranch(setting),
    ...examineBypass(setting),
  ];
  return SEVERITIES.flatMap((severity) => findings.filter((f) => f.severity === severity));
}

function examineRepository({ repository }: Setting): readonly Finding[] {
  if (!repository.archived) return [];
  return [
    findingsAbout('repository')(
      'repository-archived',
      'note',
      'The repository is archived: nothing in it can change, so that there is nothing to guard.',
    ),
  ];
}
