/** What GitHub demands before a branch moves, and who need not obey: as it is now, of everything a token may see. */
export interface BranchRules {
  readonly tip: string;
  readonly rules: readonly Rules[];
  /** False when there is branch protection of the older kind that this token cannot see all of. */
  readonly complete: boolean;
}

export interface RequiredCheck {
  readonly name: string;
  /** The only App that may report it; undefined when anybody may. */
  readonly source: number | undefined;
}

/** One ruleset, or the branch protection that was there before rulesets, with what it demands of the branch. */
export interface Rules {
  readonly kind: 'ruleset' | 'protection';
  /** Undefined where it could not be read. */
  readonly name: string | undefined;
  readonly checks: readonly RequiredCheck[];
  /** Files of workflows that have to pass. */
  readonly workflows: readonly string[];
  readonly pullRequest: { readonly dismissesStale: boolean } | undefined;
  readonly mergeQueue: boolean;
  readonly refusesForcePush: boolean;
  readonly refusesDeletion: boolean;
  /** Undefined where this token is not told. */
  readonly bypass: readonly Bypass[] | undefined;
  /** Whether whoever holds this token may bypass it, where that is told. */
  readonly ownBypass: Bypass['mode'] | 'never' | undefined;
}

export interface Bypass {
  readonly who: BypassActor;
  /** Numeric id, where there is one. */
  readonly id: number | undefined;
  readonly mode: 'always' | 'pull-request' | 'exempt';
}

export type BypassActor = 'app' | 'organisation-admins' | 'role' | 'team' | 'deploy-key' | 'user' | 'admins';
