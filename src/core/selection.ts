import { formats } from './formats/index.generated.ts';
import type { Policy } from './model/policy.ts';
import { pathMatcher } from './paths.ts';
import { readersOfPath } from './resources.ts';

/** The policy's own place on the default branch. */
export const POLICY_PATH = '.github/threatgate.yml';

/** Files that rule the gate itself; opened for the governance detector. */
export const GOVERNANCE_PATHS: readonly string[] = [
  POLICY_PATH,
  '.github/threatgate.yaml',
  'CODEOWNERS',
  '.github/CODEOWNERS',
  '.gitlab/CODEOWNERS',
  'docs/CODEOWNERS',
  '.github/settings.yml',
  '.github/rulesets/*',
];

const isGovernance = pathMatcher(GOVERNANCE_PATHS);

/** What a path is to us before any byte of it is fetched. */
export interface Selection {
  /** Worth opening for a reader (and not ignored by the policy). */
  isCode(path: string): boolean;
  isModel(path: string): boolean;
  isIgnored(path: string): boolean;
  isGovernance(path: string): boolean;
  /** Whether unchanged files beside it are needed to understand it. */
  needsSiblings(path: string): boolean;
}

export function selectionOf(policy: Policy): Selection {
  const ignored = pathMatcher(policy.ignore);
  const known = pathMatcher(formats.flatMap((f) => f.paths));
  const named = pathMatcher(policy.model.paths);
  const notModel = pathMatcher(policy.model.ignore);
  return {
    isCode: (path) => !ignored(path) && readersOfPath(path).length > 0,
    isModel: (path) => named(path) || (known(path) && !notModel(path) && !ignored(path)),
    isIgnored: ignored,
    isGovernance,
    needsSiblings: (path) => readersOfPath(path).some((r) => r.unit === 'directory'),
  };
}
