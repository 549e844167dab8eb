import { qualityFindings, QUALITY } from '../formats/quality.ts';
import type { Coverage } from '../model/coverage.ts';
import type { ModelDelta } from '../model/model-delta.ts';
import { QUALITY_RULES, type Policy, type QualityRuleId } from '../model/policy.ts';
import type { ThreatModel } from '../model/threat-model.ts';
import type { Judgement } from '../model/verdict.ts';
import { count, judge } from './judgement.ts';

/** Judged elsewhere: TM001 by coverage, TM004 by approval. */
const ELSEWHERE: readonly QualityRuleId[] = ['TM001', 'TM004'];

/**
 * Quality of the model, ratcheted: only elements that this change added, changed or leans on are judged, so that an old
 * model does not fail a small change. One judgement per rule, findings below it.
 */
export function judgeQuality(
  models: readonly ThreatModel[],
  delta: ModelDelta,
  coverage: Coverage,
  policy: Policy,
): Judgement[] {
  const keys = new Set([
    ...delta.changes.filter((c) => c.op !== 'removed').map((c) => c.key),
    ...coverage.facts.flatMap((f) => f.by.slice(0, 1).map((b) => b.key)),
  ]);
  if (keys.size === 0) return [];
  const findings = models.flatMap((m) => qualityFindings(m, keys));
  return QUALITY_RULES.filter((id) => !ELSEWHERE.includes(id) && policy.quality[id] !== 'off').map((id) => {
    const own = findings.filter((f) => f.rule === id);
    const state = policy.quality[id] === 'error' ? 'fail' : 'info';
    const children = own.map((f) =>
      judge(`${id}.finding`, QUALITY[id].title, state, f.message, { remedy: f.remedy, at: f.location }),
    );
    return own.length === 0
      ? judge(id, QUALITY[id].title, 'pass', 'Nothing to say about what this change touches in the model.')
      : judge(
          id,
          QUALITY[id].title,
          state,
          `${count(own.length, 'finding')} in what this change touches in the model.`,
          { children },
        );
  });
}
