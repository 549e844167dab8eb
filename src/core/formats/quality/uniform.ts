import type { Threat } from '../../model/threat-model.ts';
import type { QualityFinding } from '../quality.ts';
import type { QualityContext } from './context.ts';

/** From so many threats on it is no coincidence that all are alike. */
const FEWEST = 8;
/** Share of threats with the same rating and the same status. */
const SHARE = 0.95;

/** TM007, once for a model: at the first of the threats that are judged. */
export function findUniform(context: QualityContext): readonly QualityFinding[] {
  const first = context.threats[0];
  const judged = context.model.threats.filter(
    (threat) => threat.origin === 'authored' && threat.status.state !== 'not-applicable',
  );
  const rated = judged.filter(
    (threat) => threat.severity.level !== 'unrated' && threat.status.state !== 'unset',
  );
  if (!first || rated.length < FEWEST || rated.length < judged.length * SHARE) return [];
  const level = mostFrequent(rated, (threat) => threat.severity.level);
  const state = mostFrequent(rated, (threat) => threat.status.state);
  if (level.count < rated.length * SHARE || state.count < rated.length * SHARE) return [];
  return [
    {
      rule: 'TM007',
      message: `${level.count} of ${rated.length} threats are rated “${level.value}” and ${state.count} are “${state.value}”.`,
      remedy:
        'Weigh the threats against each other: which would hurt most, which is most likely, which is not yet dealt with?',
      location: first.location,
      key: first.key,
    },
  ];
}

function mostFrequent(
  threats: readonly Threat[],
  of: (threat: Threat) => string,
): { readonly value: string; readonly count: number } {
  const counts = new Map<string, number>();
  for (const threat of threats) counts.set(of(threat), (counts.get(of(threat)) ?? 0) + 1);
  const [value, count] = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0] ?? ['', 0];
  return { value, count };
}
