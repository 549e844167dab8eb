import { questionById } from '../core/catalogue/questions.ts';
import type { BranchCommit } from '../review/hosting.ts';
import { code } from '../core/report/escape.ts';
import { OUTCOME } from '../core/report/exit-code.ts';
import { renderMarkdown } from '../core/report/markdown.ts';
import { count } from '../core/report/outline.ts';
import { judgePush, type Arrival } from '../review/afresh/judge-push.ts';
import type { Context, Outcome } from './context.ts';
import { hand } from './files.ts';
import { complain } from './log.ts';
import { SUMMARY_BYTES } from './on-pull-request.ts';

/** Names commits that came to the default branch past the gate. It is too late to stop them, so that the job does not fail. */
export async function onPush(
  push: { readonly branch: string; readonly before: string | undefined; readonly after: string },
  context: Context,
): Promise<Outcome> {
  const arrival = await judgePush(push, context.deps);
  const { direct, verdict } = arrival;
  const title = titleOf(arrival);
  if (direct.length > 0) complain('warning', title);
  if (verdict) await hand(verdict, [], { push: { ...push, direct: direct.map((c) => c.id) } }, context);
  const rest = verdict ? `\n${renderMarkdown(verdict, { question: questionById, most: SUMMARY_BYTES })}` : '';
  return {
    exitCode: OUTCOME.pass,
    title,
    summary: `## ${direct.length > 0 ? '⚠️' : '✅'} ${title}\n\n${rows(arrival)}${rest}`,
    missing: [],
  };
}

function titleOf({ branch, commits, direct, complete }: Arrival): string {
  if (direct.length > 0) return `${count(direct.length, 'commit')} came to ${branch} without a pull request`;
  const all = complete ? '' : ' of those that could be looked at';
  return `Every commit${all} came to ${branch} through a pull request: ${count(commits.length, 'commit')}`;
}

const MOST_ROWS = 100;

function rows({ commits }: Arrival): string {
  const left = commits.length - MOST_ROWS;
  return [
    '| Commit | By | Came by |',
    '| --- | --- | --- |',
    ...commits.slice(0, MOST_ROWS).map(row),
    ...(left > 0 ? ['', `… and ${left} more.`] : []),
    '',
  ].join('\n');
}

function row({ id, by, pullRequests }: BranchCommit): string {
  const merged = pullRequests.filter((p) => p.merged).map((p) => `#${p.number}`);
  const came = merged.length > 0 ? merged.join(', ') : '**direct push**';
  return `| ${code(id.slice(0, 10))} | ${by ? code(by.login) : 'not known'} | ${came} |`;
}
