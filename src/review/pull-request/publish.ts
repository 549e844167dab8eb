import type { Analysis } from '../../core/assess.ts';
import { questionById } from '../../core/catalogue/questions.ts';
import type { Approvals } from '../../core/model/approval.ts';
import type { AuditRecord } from '../../core/model/record.ts';
import type { Conclusion, Verdict } from '../../core/model/verdict.ts';
import { renderCheckRun, type CheckRunContext } from '../../core/report/check-run.ts';
import { renderResolvedComment, renderReview } from '../../core/report/review.ts';
import { publishCheck } from '../publish-check.ts';
import type { CommentRow, PullRequestRow } from '../store.ts';
import { settleAbandoned } from './abandoned-checks.ts';
import { helpFor } from './help.ts';
import { publishComments } from './publish-comments.ts';
import type { Look } from './context.ts';
import { refusedNotices } from './notices.ts';
import { SAID } from './said.ts';
import { subjectOf, workOf } from './subject.ts';

export interface Found {
  readonly verdict: Verdict;
  readonly analysis: Analysis;
  readonly records: readonly AuditRecord[];
  readonly said: Approvals;
}

/** Shows the verdict: the check run first, for it is the gate, then the questions. */
export async function publish(look: Look, found: Found): Promise<void> {
  const { state, deps, lease, hosting } = look;
  const { verdict } = found;
  const others = await siblings(look);
  const shown = respecting(verdict.conclusion, others);
  const waits = shown === verdict.conclusion ? undefined : waitsFor(others);
  const report = renderCheckRun(verdict, await contextOf(look, found, others));
  await publishCheck(
    {
      repository: state.repository,
      head: state.head,
      subject: subjectOf(state.number),
      digest: verdict.digest,
      report: { ...report, conclusion: shown, ...(waits ? { title: waits } : {}) },
      conclusion: verdict.conclusion,
      dependents: others.map((o) => workOf(o.row)),
    },
    lease,
    hosting,
    deps,
  );
  const holders = others.map((o) => ({ number: o.row.number, conclusion: o.conclusion }));
  await settleAbandoned(look, [{ number: state.number, conclusion: verdict.conclusion }, ...holders]);
  await publishQuestions(look, found);
}

/** Another open pull request with the same head, and what its own check came to. */
interface Sibling {
  readonly row: PullRequestRow;
  readonly conclusion: string | undefined;
}

/** GitHub knows check runs by commit: where two pull requests share one, the green of either would open both. */
async function siblings({ state, deps }: Look): Promise<readonly Sibling[]> {
  const rows = await deps.store.pullRequestsAt(state.repository.id, state.head);
  const checks = await deps.store.checks(state.repository.id, state.head);
  return rows
    .filter((r) => r.number !== state.number && r.state === 'open')
    .map((row) => ({
      row,
      conclusion: checks.find((c) => c.subject === subjectOf(row.number))?.conclusion,
    }));
}

/** Green only when every pull request with this head is. */
function respecting(own: Conclusion, others: readonly Sibling[]): Conclusion {
  if (own !== 'success') return own;
  return others.some((o) => o.conclusion !== 'success') ? 'action_required' : own;
}

function waitsFor(others: readonly Sibling[]): string {
  const numbers = others.filter((o) => o.conclusion !== 'success').map((o) => `#${o.row.number}`);
  return `Would pass, but waits for ${numbers.join(', ')} with the same commit`.slice(0, 200);
}

async function contextOf(look: Look, found: Found, others: readonly Sibling[]): Promise<CheckRunContext> {
  const { state, memory } = look;
  // The evaluation and what people said are what the check run shows; what else happened since changes nothing in it.
  const last = found.records.findLast((r) => r.kind === 'evaluated' || SAID.includes(r.kind));
  const help = memory.help?.head === state.head ? await helpFor(memory.help.account, look, found) : undefined;
  return {
    question: questionById,
    approvals: found.said,
    eligible: approversOf(look),
    ...(last ? { record: { sequence: last.sequence, hash: last.hash } } : {}),
    notices: [...sameCommit(others), ...refusedNotices(found.records, found.verdict, state.head)],
    ...(help ? { help } : {}),
    buttons: true,
  };
}

/** Who may approve, by name, where the members of the teams are known; without those who had or may have had a hand in it. */
function approversOf({ state, reading, memory }: Look): readonly string[] {
  const { users, teams, solo } = reading.policy.approval;
  const members = teams.flatMap((t) => (state.teams.get(t) ?? []).map((m) => m.login));
  const people = [state.author, ...memory.writers, ...memory.pushers];
  const hands = new Set(people.map((p) => p.login.toLowerCase()));
  if (solo) hands.delete(state.author.login.toLowerCase());
  const named = [...new Set([...users, ...members])].filter((login) => !hands.has(login.toLowerCase()));
  return memory.forgetful ? [] : named.sort();
}

function sameCommit(others: readonly Sibling[]): readonly string[] {
  return others
    .filter((o) => o.conclusion !== 'success')
    .map(
      (o) =>
        `Pull request \`#${o.row.number}\` has the same head commit and is not through. GitHub knows check runs by commit, so neither is shown as passed before both are.`,
    );
}

/** Questions are asked on the lines where a team has a policy; before that a pull request only gets its check run. */
async function publishQuestions(look: Look, found: Found): Promise<void> {
  const { state, deps, lease, hosting, reading } = look;
  const rows = await deps.store.comments(state.repository.id, state.number);
  const asks = reading.policy.origin !== 'built-in' && reading.policy.questions.enabled;
  // What is not seen now may only not be readable now.
  const isSure = !found.verdict.doubts.some((d) => d.weight === 'doubt');
  if (!asks && (rows.length === 0 || !isSure)) return;
  const { review } = renderReview(found.verdict, {
    question: questionById,
    approvals: found.said,
    anchors: found.analysis.anchors,
    posted: new Set(rows.flatMap((r) => (isPosted(r) ? [r.component] : []))),
  });
  await publishComments(
    {
      state,
      review: asks ? review : undefined,
      // Drafts are asked nothing new; what stands there is kept up to date.
      mayPost: !state.draft,
      ...(isSure ? { resolved: renderResolvedComment } : {}),
      rows,
      asked: {
        questions: found.verdict.questions.map((q) => q.id),
        catalogue: found.verdict.tool.catalogue,
      },
    },
    lease,
    hosting,
    deps,
  );
}

/** Known to stand there, or to have been posted, whether or not its id is known yet. */
function isPosted(row: CommentRow): boolean {
  return row.comment !== undefined || (row.written?.startsWith('sha256:') ?? false);
}
