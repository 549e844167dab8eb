import { groundsOf } from '../approval/grounds.ts';
import type { Approval, Approvals } from '../model/approval.ts';
import type { Coverage } from '../model/coverage.ts';
import type { Doubt } from '../model/doubt.ts';
import type { Fact } from '../model/fact.ts';
import type { ModelDelta } from '../model/model-delta.ts';
import type { Policy } from '../model/policy.ts';
import type { Requirement } from '../model/requirement.ts';
import type { ThreatModel } from '../model/threat-model.ts';
import type { Conclusion, Judgement, Verdict } from '../model/verdict.ts';
import { describe, exceptionInForce, judgeApproval, whom } from './judge-approval.ts';
import { judgeModel } from './judge-model.ts';
import { judgeQuality } from './judge-quality.ts';
import { judgeQuestions, openQuestions } from './judge-questions.ts';
import { judgeReadability } from './judge-readability.ts';
import { count, judge, worst } from './judgement.ts';

export interface Case {
  readonly facts: readonly Fact[];
  readonly requirement: Requirement;
  readonly coverage: Coverage;
  readonly delta: ModelDelta;
  readonly models: readonly ThreatModel[];
  readonly doubts: readonly Doubt[];
  readonly approvals: Approvals;
  readonly policy: Policy;
  readonly digest: string;
  readonly at: string;
}

export type Decision = Pick<Verdict, 'conclusion' | 'applicable' | 'title' | 'judgement'>;

/** Everything known about a change → the tree of judgements and what it comes to. */
export function decide(c: Case): Decision {
  const deciding = c.facts.filter((f) => f.deciding);
  const readable = judgeReadability(c.doubts);
  const children = [judgeRelevance(deciding), readable];
  if (deciding.length > 0) {
    children.push(
      judgeModel(c),
      ...judgeQuality(c.models, c.delta, c.coverage, c.policy),
      judgeQuestions(c.requirement.questions, c.approvals, c.policy, c.at),
      judgeApproval({
        required: c.requirement.approval,
        approvals: c.approvals,
        digest: c.digest,
        policy: c.policy,
        at: c.at,
        grounds: () => groundsOf(c.facts, c.delta),
      }),
    );
  }
  const state = worst(children);
  const doubtful = readable.state === 'doubt';
  const exception = exceptionInForce(c.approvals, c.digest, c.at, doubtful);
  const conclusion = conclude(state, doubtful, c.policy, exception);
  const title =
    exception && state !== 'pass' ? describe(exception) : titleOf(conclusion, children, deciding.length, c);
  return {
    conclusion,
    applicable: deciding.length > 0 || readable.state === 'doubt',
    title,
    judgement: judge('verdict', 'Threat model gate', state, title, {
      because: deciding.map((f) => f.id),
      children,
    }),
  };
}

/**
 * `observe` reports and blocks nothing but a doubt: what could not be judged is never shown as fine. A waiver excuses
 * broken rules, not doubts; an emergency lets the merge through whatever the state, under somebody's name.
 */
function conclude(
  state: Judgement['state'],
  doubtful: boolean,
  policy: Policy,
  exception: Approval | undefined,
): Conclusion {
  if (exception) return 'success';
  if (doubtful) return 'failure';
  if (policy.mode === 'observe') return 'success';
  if (state === 'fail' || state === 'doubt') return 'failure';
  return state === 'pending' ? 'action_required' : 'success';
}

function judgeRelevance(deciding: readonly Fact[]): Judgement {
  if (deciding.length === 0)
    return judge(
      'relevance',
      'The change touches the architecture',
      'not-applicable',
      'No security-relevant fact was found.',
    );
  const categories = [...new Set(deciding.flatMap((f) => f.categories))].sort();
  return judge(
    'relevance',
    'The change touches the architecture',
    'info',
    `${count(deciding.length, 'fact')}: ${categories.join(', ')}.`,
    {
      because: deciding.map((f) => f.id),
    },
  );
}

function titleOf(conclusion: Conclusion, children: readonly Judgement[], deciding: number, c: Case): string {
  const serious = c.doubts.filter((d) => d.weight === 'doubt').length;
  if (serious > 0) return `Could not be judged: ${count(serious, 'doubt')}`;
  if (deciding === 0) return 'Nothing security-relevant changed';
  const failed = children.filter((j) => j.state === 'fail');
  const model = failed.find((j) => j.id === 'TM001');
  const prefix = c.policy.mode === 'observe' ? 'Observing: ' : '';
  if (model) return `${prefix}${model.reason.replace(/\.$/, '')}`;
  if (failed.length > 0) return `${prefix}The model needs work: ${failed.map((j) => j.id).join(', ')}`;
  const waiting = children.filter((j) => j.state === 'pending');
  if (waiting.length > 0)
    return `${prefix}The model covers the change; waits for ${waiting.map((j) => awaited(j, c)).join(' and ')}`;
  return `${prefix}The model covers the change${conclusion === 'success' && c.requirement.approval ? ' and it is approved' : ''}`;
}

function awaited(pending: Judgement, c: Case): string {
  if (pending.id !== 'questions') return whom(c.policy);
  const open = openQuestions(c.requirement.questions, c.approvals, c.at).length;
  return `answers to ${count(open, 'question')}`;
}
