import { detectors } from '../detectors/index.generated.ts';
import type { Rule } from '../detectors/detector.ts';
import { QUALITY } from '../formats/quality.ts';
import type { DoubtCode } from '../model/doubt.ts';
import { QUALITY_RULES } from '../model/policy.ts';
import { DOUBT_TEXTS } from './doubt-texts.ts';
import type { RuleText } from '../report/sarif.ts';

/** Every rule that can observe a fact, by id. */
export const FACT_RULES: ReadonlyMap<string, Rule> = new Map(
  detectors.flatMap((d) => d.rules).map((rule) => [rule.id, rule]),
);

/** Title and reason of anything a result can be filed under: a fact rule, a model rule, or a doubt. */
export function ruleText(id: string): RuleText | undefined {
  const quality = QUALITY_RULES.find((rule) => rule === id);
  if (quality) return QUALITY[quality];
  const doubt = id.startsWith('doubt.') ? id.slice('doubt.'.length) : '';
  return (
    FACT_RULES.get(id) ?? (Object.hasOwn(DOUBT_TEXTS, doubt) ? DOUBT_TEXTS[doubt as DoubtCode] : undefined)
  );
}
