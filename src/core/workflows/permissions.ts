import type { Resource } from '../model/resource.ts';
import type { Value } from '../model/value.ts';
import { isReportingScope } from '../semantics/supply-chain.ts';
import { entries, get, text } from '../values/value.ts';

export type Access = 'none' | 'read' | 'write';

/** What a token may do: by scope, `*` for all others; `default` when no file says it. */
export type TokenPermissions = 'default' | ReadonlyMap<string, Access>;

export function permissionsOf(resource: Resource): TokenPermissions {
  return readPermissions(get(resource.values, 'permissions'));
}

function readPermissions(value: Value | undefined): TokenPermissions {
  if (!value || text(value) === 'default') return 'default';
  return new Map(entries(value).map((e) => [e.key, access(text(e.value))]));
}

const access = (word: string | undefined): Access => (word === 'write' || word === 'read' ? word : 'none');

/** Where a job's permissions are written: `job`, `workflow` or `default`. */
export const permissionsFrom = (job: Resource): string =>
  text(get(job.values, 'permissions-from')) ?? 'default';

/** Scopes that may be written, sorted. */
export const writable = (permissions: TokenPermissions): readonly string[] =>
  permissions === 'default'
    ? []
    : [...permissions]
        .filter(([, a]) => a === 'write')
        .map(([scope]) => scope)
        .sort();

/** Those of them with which code, releases or the cloud can be changed. */
export const powers = (permissions: TokenPermissions): readonly string[] =>
  writable(permissions).filter((s) => !isReportingScope(s));

export interface ScopeChange {
  readonly scope: string;
  readonly before: Access | 'default';
  readonly after: Access | 'default';
}

export interface PermissionsComparison {
  readonly raised: readonly ScopeChange[];
  readonly lowered: readonly ScopeChange[];
}

const LEVEL = { none: 0, read: 1, write: 2 } as const;

/**
 * The repository's default is never known, and is read-only in newer ones. Writing permissions down limits the token,
 * except for what it is expressly allowed to write; taking them away hands the decision back to a setting outside the code.
 */
export function comparePermissions(before: TokenPermissions, after: TokenPermissions): PermissionsComparison {
  if (before === 'default' && after === 'default') return { raised: [], lowered: [] };
  if (before === 'default') return fromDefault(after as ReadonlyMap<string, Access>);
  if (after === 'default') {
    const all: ScopeChange = { scope: '*', before: before.get('*') ?? 'none', after: 'default' };
    return before.get('*') === 'write' ? { raised: [], lowered: [all] } : { raised: [all], lowered: [] };
  }
  const raised: ScopeChange[] = [];
  const lowered: ScopeChange[] = [];
  for (const scope of [...new Set([...before.keys(), ...after.keys()])].sort()) {
    const b = before.get(scope) ?? before.get('*') ?? 'none';
    const a = after.get(scope) ?? after.get('*') ?? 'none';
    if (LEVEL[a] > LEVEL[b]) raised.push({ scope, before: b, after: a });
    if (LEVEL[a] < LEVEL[b]) lowered.push({ scope, before: b, after: a });
  }
  return { raised, lowered };
}

function fromDefault(after: ReadonlyMap<string, Access>): PermissionsComparison {
  const written = [...after].filter(([scope, a]) => a === 'write' && !isReportingScope(scope));
  const raised = written.map(([scope, a]): ScopeChange => ({ scope, before: 'default', after: a }));
  if (raised.length > 0) return { raised, lowered: [] };
  return { raised, lowered: [{ scope: '*', before: 'default', after: after.get('*') ?? 'none' }] };
}

/** `contents: write, packages: write`, or `nothing`. */
export function showPermissions(permissions: TokenPermissions): string {
  if (permissions === 'default') return "the repository's default";
  if (permissions.size === 0) return 'nothing';
  return [...permissions]
    .sort(([x], [y]) => (x < y ? -1 : 1))
    .map(([scope, a]) => (scope === '*' ? `${a}-all` : `${scope}: ${a}`))
    .join(', ');
}
