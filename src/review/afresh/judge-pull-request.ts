import { conclude } from '../../core/assess.ts';
import type { Approvals } from '../../core/model/approval.ts';
import type { RecordDraft } from '../../core/model/record.ts';
import type { Verdict } from '../../core/model/verdict.ts';
import { NotThere } from '../hosting-errors.ts';
import type { PullRequestState } from '../hosting.ts';
import { analysisOfHead, withDiscussion } from '../pull-request/analysis.ts';
import { answer } from '../pull-request/answers.ts';
import { decide } from '../pull-request/decisions.ts';
import { endingsOf } from '../pull-request/endings.ts';
import { followLinks, type Linked } from '../pull-request/linked.ts';
import { approvalsOf, text } from '../pull-request/said.ts';
import { policyOfFiles, type PolicyReading } from '../read-policy.ts';
import { ownRows } from './comments.ts';
import { patiently, type AfreshDeps } from './deps.ts';
import { claimsAfresh, sessionAfresh, type Setting } from './session.ts';

/** A pull request as it stands, and what it comes to. */
export interface Judged extends Setting {
  readonly base: string;
  /** What people said, as the records it would make: judged by who they are now. */
  readonly said: readonly RecordDraft[];
  readonly approvals: Approvals;
  readonly verdict: Verdict;
}

/** A pull request and its rules, before anything is read of the change. */
export interface Rules {
  readonly state: PullRequestState;
  readonly reading: PolicyReading;
  readonly linked: Linked;
}

/** Undefined when it is not open any more. Throws the errors of the port, `NotThere` when there is no such pull request. */
export async function judgePullRequest(number: number, deps: AfreshDeps): Promise<Judged | undefined> {
  const rules = await rulesOf(number, deps);
  const { state, reading, linked } = rules;
  if (state.state !== 'open') return undefined;
  const { base, analysis: bare } = await patiently(deps, (attempts) =>
    analysisOfHead(state, reading, linked, { hosting: deps.hosting, attempts }, deps),
  );
  const analysis = withDiscussion(bare, state);
  const said = await hearAll({ ...rules, analysis }, deps);
  const approvals = approvalsOf(said);
  return {
    ...rules,
    base,
    analysis,
    said,
    approvals,
    verdict: conclude(analysis, approvals, deps.now()),
  };
}

export async function rulesOf(number: number, deps: AfreshDeps): Promise<Rules> {
  const { hosting, repository, find } = deps;
  const state = await patiently(deps, () => hosting.pullRequest(repository, number, []));
  if (!state) throw new NotThere(`There is no pull request #${number} in ${repository.name}.`);
  const reading = await policyOfFiles(state.repository.name, state.policy, state.organisationPolicy);
  return { state, reading, linked: await followLinks(state, reading.policy, find) };
}

/** Everything that people said, judged now, and dated when it was said: every run comes to the same. */
export async function hearAll(setting: Setting, deps: AfreshDeps): Promise<readonly RecordDraft[]> {
  const { state, analysis } = setting;
  const session = sessionAfresh(setting, deps);
  const answers = await answer([], [], {
    state,
    questions: analysis.found.requirement.questions,
    comments: ownRows(state),
    hosting: deps.hosting,
    now: session.now,
  });
  const decisions = await decide(claimsAfresh(state, analysis.digest), [], session);
  const drafts = [...answers, ...decisions].map((d) => ({ ...d, at: text(d.details['saidAt']) ?? d.at }));
  return [...drafts, ...(await endingsOf([], drafts, session))];
}
