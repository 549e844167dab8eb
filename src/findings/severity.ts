export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'note'] as const;
export type Severity = (typeof SEVERITIES)[number];

const BY_LEVEL: Readonly<Record<string, Severity>> = {
  error: 'high',
  warning: 'medium',
  note: 'low',
  none: 'note',
};

/**
 * What a result says of itself, in one scale: the score of the rule where there is one, as code scanning reads it, else the
 * level of the result or of its rule. What says nothing is a warning, as the format has it.
 */
export function severityOf(score: number | undefined, level: string | undefined): Severity {
  if (score !== undefined && score >= 0 && score <= 10) {
    if (score >= 9) return 'critical';
    if (score >= 7) return 'high';
    return score >= 4 ? 'medium' : score > 0 ? 'low' : 'note';
  }
  return BY_LEVEL[level ?? 'warning'] ?? 'medium';
}

export const isAtLeast = (severity: Severity, least: Severity): boolean =>
  SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(least);

export const worst = (severities: readonly Severity[]): Severity =>
  SEVERITIES.find((one) => severities.includes(one)) ?? 'note';
