import type { Policy } from '../core/model/policy.ts';
import type { BranchRules } from '../core/model/branch-rules.ts';
import type { SeenCheck } from '../github/seen-checks.ts';

/** What whoever asks says about the gate. */
export interface Expected {
  /** Name of the required check; without it, whatever looks like ours. */
  readonly check: string | undefined;
  /** Number of the App that is to be the source. */
  readonly app: number | undefined;
}

/** How the gate is set up, as far as the token may see: plain data, judged in `examine.ts`. */
export interface Setting {
  readonly repository: { readonly name: string; readonly archived: boolean };
  readonly defaultBranch: string;
  readonly branch: string;
  readonly policy: PolicyFound;
  /** People whom the policy names, each once. */
  readonly people: readonly PersonFound[];
  readonly rules: BranchRules;
  readonly seen: ChecksFound;
  readonly expected: Expected;
  /** ISO 8601. */
  readonly now: string;
}

export type PolicyFound =
  | { readonly kind: 'absent' }
  | { readonly kind: 'unusable'; readonly problems: readonly PolicyFault[] }
  | { readonly kind: 'read'; readonly policy: Policy };

export interface PolicyFault {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly file: string | undefined;
  readonly line: number | undefined;
}

export interface PersonFound {
  readonly login: string;
  /** Undefined where this token is not told. `none`: no access, or no such account. */
  readonly permission: 'admin' | 'write' | 'read' | 'none' | undefined;
}

export type ChecksFound =
  | { readonly kind: 'hidden' }
  /** Of the newest commit of the branch, and of the heads of pull requests that something happened to last. */
  | { readonly kind: 'seen'; readonly commits: number; readonly runs: readonly SeenCheck[] };
