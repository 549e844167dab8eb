import { Rejected } from '../review/hosting-errors.ts';
import type { Judged } from '../review/afresh/judge-pull-request.ts';
import { sourceOf } from '../review/pull-request/claims.ts';
import { z } from 'zod';
import type { Context } from './context.ts';
import { ifAllowed, type Right } from './rights.ts';

export interface FollowUp {
  readonly notice: string;
  readonly missing: readonly Right[];
}

/**
 * After a command in a comment: the job of this run is no check of the pull request, because GitHub shows it on the default
 * branch. So it acknowledges the command with a reaction, and has the pull request's own run made again where that says
 * something else.
 */
export async function followUp(judged: Judged, context: Context): Promise<FollowUp> {
  const reaction = await acknowledge(judged, context);
  const passed = await passOn(judged, context);
  return { notice: passed.notice, missing: [reaction, passed.missing].flatMap((r) => r ?? []) };
}

const comment = z.object({ comment: z.object({ id: z.number() }) });

async function acknowledge(
  { state, said }: Judged,
  { surroundings, deps }: Context,
): Promise<Right | undefined> {
  const { data } = comment.safeParse(surroundings.payload);
  const remark = state.remarks.find((r) => r.place === 'comment' && r.id === data?.comment.id);
  if (!remark) return undefined;
  const own = said.filter((r) => r.source === sourceOf(remark));
  const content = own.length === 0 ? 'eyes' : own.some((r) => r.kind === 'decision-refused') ? '-1' : '+1';
  return ifAllowed('reaction', () => deps.hosting.react(state.repository, remark, content));
}

const BY_HAND =
  'The check of the pull request says this only once its own run is made again: open it and press “Re-run jobs”.';

const STILL_RUNNING =
  'The check of the pull request is being made. It may have begun before the command: if it says something else, press “Re-run jobs” there.';

async function passOn(
  judged: Judged,
  context: Context,
): Promise<{ readonly notice: string; readonly missing?: Right | undefined }> {
  let notice: string = BY_HAND;
  const missing = await ifAllowed('rerun', async () => {
    notice = await runAgain(judged, context);
  });
  return { notice, missing };
}

/** What is to be said about the run that is the check of the pull request. */
async function runAgain(
  { state: { repository, head }, verdict }: Judged,
  { inputs, surroundings: { workflow }, github }: Context,
): Promise<string> {
  if (!inputs.rerun || workflow === undefined) return BY_HAND;
  const run = await github.latestRun(repository, workflow, head);
  if (!run) return BY_HAND;
  if (!run.completed) return STILL_RUNNING;
  if ((run.conclusion === 'success') === (verdict.conclusion === 'success'))
    return 'The check of the pull request says the same already.';
  try {
    await github.rerun(repository, run.id);
  } catch (error) {
    if (error instanceof Rejected) return BY_HAND;
    throw error;
  }
  return 'The check of the pull request is made again, and will say the same.';
}
