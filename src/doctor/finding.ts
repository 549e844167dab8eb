/** One thing that was looked at, and what it comes to. */
export interface Finding {
  /** For machines, and for talking about it: never changes its meaning. */
  readonly id: string;
  /** `note`: worth knowing, or could not be seen. What could not be seen is never `good`. */
  readonly severity: Severity;
  /** What it is about: the policy, a branch's rules, the check as it was reported. */
  readonly about: 'repository' | 'policy' | 'branch' | 'bypass' | 'check';
  /** A sentence; names in backticks, not escaped. */
  readonly what: string;
  readonly why?: string;
  readonly remedy?: string;
}

export const SEVERITIES = ['problem', 'warning', 'note', 'good'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Names come from GitHub and the policy: a backtick in one would end the quotation, and a long one the reader’s patience. */
export function quoted(name: string): string {
  const shown = name.replaceAll('`', '´');
  return `\`${shown.length > 100 ? `${shown.slice(0, 99)}…` : shown || ' '}\``;
}

/** "`a`, `b` and 3 more". */
export function listed(names: readonly string[], most = 5): string {
  const shown = names.slice(0, most).map(quoted);
  const more = names.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}

/** Makes findings of one subject. */
export const findingsAbout =
  (about: Finding['about']) =>
  (id: string, severity: Severity, what: string, why?: string, remedy?: string): Finding => ({
    id,
    severity,
    about,
    what,
    ...(why === undefined ? {} : { why }),
    ...(remedy === undefined ? {} : { remedy }),
  });
