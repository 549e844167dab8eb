import { questionById } from '../core/catalogue/questions.ts';
import type { Verdict } from '../core/model/verdict.ts';
import { exitCode, OUTCOME } from '../core/report/exit-code.ts';
import { renderMarkdown } from '../core/report/markdown.ts';
import { renderReview } from '../core/report/review.ts';
import { renderTerminal } from '../core/report/terminal.ts';
import { ownRows, unposted } from '../review/afresh/comments.ts';
import { judgePullRequest, type Judged } from '../review/afresh/judge-pull-request.ts';
import { shortDigest } from '../review/afresh/session.ts';
import { Rejected } from '../review/hosting-errors.ts';
import { refusedNotices } from '../review/pull-request/notices.ts';
import { nothingToDo, type Context, type Outcome } from './context.ts';
import { hand } from './files.ts';
import { annotate, print } from './log.ts';
import { followUp } from './remark.ts';
import { ifAllowed, type Right } from './rights.ts';

/** GitHub takes 1 MiB of summary a step, and throws away all of one that has more. */
export const SUMMARY_BYTES = 900_000;

/** Judges a pull request; the verdict is how the job ends, except where the job is no check of the pull request. */
export async function onPullRequest(number: number, isRemark: boolean, context: Context): Promise<Outcome> {
  const judged = await judgePullRequest(number, context.deps);
  if (!judged) return nothingToDo(`pull request #${number} is not open any more`);
  const { verdict, state, said } = judged;
  print(renderTerminal(verdict, { columns: 100, colour: false, verbose: false, question: questionById }));
  await hand(verdict, said, { pullRequest: number, author: state.author, baseRef: state.baseRef }, context);
  const left = annotate(verdict);
  const missing = await ask(judged, context);
  const after = isRemark ? await followUp(judged, context) : undefined;
  const title = `#${number}: ${verdict.title}`;
  return {
    exitCode: after && exitCode(verdict) !== OUTCOME.unknown ? OUTCOME.pass : exitCode(verdict),
    title,
    summary: summaryOf(judged, left, after?.notice),
    missing: [...new Set([...missing, ...(after?.missing ?? [])])],
  };
}

function summaryOf(judged: Judged, unshown: number, followed: string | undefined): string {
  const { verdict, said, state, approvals } = judged;
  const notices = [
    ...(followed === undefined ? [] : [followed]),
    ...howToSayIt(verdict),
    ...refusedNotices(said, verdict, state.head),
    ...(unshown > 0
      ? [`${unshown} more remarks on lines than GitHub shows for a step are below or in the JSON.`]
      : []),
  ];
  return renderMarkdown(verdict, {
    question: questionById,
    most: SUMMARY_BYTES,
    approvals,
    eligible: eligibleOf(judged),
    notices,
  });
}

/** Comments have to name what they are about, since nobody remembers what their author had seen. */
function howToSayIt(verdict: Verdict): readonly string[] {
  return verdict.conclusion === 'success' || !verdict.applicable
    ? []
    : [
        `A review is about the commit it reviews. A command in a comment names what it is about: \`/threatgate approve ${shortDigest(verdict.digest)}\`.`,
      ];
}

/** Members of teams are not known here; whoever has a hand in it is left out. */
function eligibleOf({ state, reading }: Judged): readonly string[] {
  const { users, solo } = reading.policy.approval;
  const people = [
    ...(solo ? [] : [state.author]),
    ...state.commits.flatMap((c) => c.people.flatMap((p) => p ?? [])),
  ];
  const hands = new Set(people.map((p) => p.login.toLowerCase()));
  return users.filter((login) => !hands.has(login.toLowerCase()));
}

/**
 * Posts questions that stand nowhere yet, in one review. Ours are never edited: whoever ticked a box did so in that text. Only
 * where a team has a policy, as the App does.
 */
async function ask(
  { state, reading, analysis, verdict, approvals }: Judged,
  context: Context,
): Promise<readonly Right[]> {
  const { policy } = reading;
  if (!context.inputs.comments || state.draft || policy.origin === 'built-in' || !policy.questions.enabled)
    return [];
  const rows = ownRows(state);
  const { review } = renderReview(verdict, {
    question: questionById,
    approvals,
    anchors: analysis.anchors,
    posted: new Set(rows.map((r) => r.component)),
    ticks: false,
  });
  const fresh = unposted(review, rows);
  if (!fresh) return [];
  const { hosting } = context.deps;
  const missing = await ifAllowed('comments', async () => {
    try {
      await hosting.postReview(state.repository, state.number, state.head, fresh);
    } catch (error) {
      // Lines that GitHub does not take, or a head that moved meanwhile: the summary asks them all.
      if (!(error instanceof Rejected)) throw error;
    }
  });
  return missing && isFork(state) ? [] : missing ? [missing] : [];
}

/** Nobody can grant a fork's run more. */
const isFork = (state: Judged['state']): boolean => state.source?.repository.id !== state.repository.id;
