import type { QualityRuleId } from '../model/policy.ts';
import type { ModelLocation, ThreatModel } from '../model/threat-model.ts';
import { contextOf } from './quality/context.ts';
import { findVague } from './quality/wording.ts';
import { findUniform } from './quality/uniform.ts';
import { judgeAcceptance, judgeMitigation, judgeOwner, judgeRating } from './quality/threat-rules.ts';

/** One thing to improve about one element. */
export interface QualityFinding {
  readonly rule: QualityRuleId;
  /** What is wrong, in one sentence. Not escaped. */
  readonly message: string;
  readonly remedy: string;
  readonly location: ModelLocation;
  /** Key of the element in its model. */
  readonly key: string;
}

/** Title and reason of every rule. TM001 and TM004 are judged by coverage and by approval, not here. */
export const QUALITY: Readonly<Record<QualityRuleId, { readonly title: string; readonly why: string }>> = {
  TM001: {
    title: 'Threat model not updated for an architecture change',
    why: 'A model that does not know a new component, flow or boundary cannot say what threatens it. Whoever reads the model later, a reviewer or an auditor, would judge a system that no longer exists.',
  },
  TM002: {
    title: 'Threat without likelihood, impact or rating',
    why: 'Without a rating nobody can tell which threats come first, nor whether accepting one was a decision. A rating, or likelihood and impact from which it follows, makes the order visible.',
  },
  TM003: {
    title: 'Threat without mitigation, or with one that is planned for no date',
    why: 'A threat that only names a danger changes nothing. A mitigation that is still to come needs a ticket and a date, or it will quietly never come.',
  },
  TM004: {
    title: 'No independent approval of the final content',
    why: 'The author of a change is blind to what the author overlooked. Somebody else has to have seen exactly what is merged; an approval of an earlier state says nothing about it.',
  },
  TM005: {
    title: 'Nobody owns the threat',
    why: 'What belongs to nobody is done by nobody. An owner of the threat, of the component it hits or of the whole model can be asked.',
  },
  TM006: {
    title: 'Vague wording, or text of a template or demo left in',
    why: 'A threat that would fit any system describes none. Who does what to which part of this system, and what comes of it, is what a mitigation can be measured against.',
  },
  TM007: {
    title: 'All threats carry the same rating and status',
    why: 'When everything is “High” and “Mitigated”, nobody has weighed anything; the list was filled in, not thought through.',
  },
  TM008: {
    title: 'Accepted risk without justification, owner or expiry',
    why: 'Accepting a risk is a decision for a time by a person for a reason. Without all three it is a risk that was forgotten.',
  },
};

/**
 * What should be better about the elements with these keys (or about all). What a format cannot express falls back on
 * what it can: text conventions, the owner of the component or of the model; what cannot be said at all is not demanded.
 */
export function qualityFindings(
  model: ThreatModel,
  keys: ReadonlySet<string> | 'all',
): readonly QualityFinding[] {
  const context = contextOf(model, keys);
  const perThreat = context.threats.flatMap((threat) => [
    ...judgeRating(threat, context),
    ...judgeMitigation(threat, context),
    ...judgeOwner(threat, context),
    ...judgeAcceptance(threat, context),
  ]);
  return [...perThreat, ...findVague(context), ...findUniform(context)];
}
