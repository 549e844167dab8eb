import { summary } from '@actions/core';
import { prose } from '../core/report/markdown-parts.ts';
import { OUTCOME } from '../core/report/exit-code.ts';
import { createTokenGitHub } from '../github/with-token.ts';
import { analyseInput } from '../review/analysis-input.ts';
import { UserError } from '../review/errors.ts';
import { NotThere, RateLimited, Refused, Rejected, Unavailable } from '../review/hosting-errors.ts';
import { loadParsers } from '../runtime/load-parsers.ts';
import { withCheckout } from './checkout.ts';
import { nothingToDo, type Context, type Outcome } from './context.ts';
import { occasionOf } from './events.ts';
import { readInputs } from './inputs.ts';
import { complain, say } from './log.ts';
import { onMergeGroup } from './on-merge-group.ts';
import { onPullRequest } from './on-pull-request.ts';
import { onPush } from './on-push.ts';
import { wordsOf } from './rights.ts';
import { readSurroundings } from './surroundings.ts';

/** One run of the Action → exit code. Whatever goes wrong, it is never 0. */
export async function run(env: NodeJS.ProcessEnv): Promise<number> {
  try {
    const outcome = await perform(env);
    await write(outcome.summary);
    for (const right of outcome.missing) complain('warning', wordsOf(right));
    if (outcome.exitCode !== OUTCOME.pass) complain('failure', outcome.title);
    else say(`${outcome.title}.`);
    return outcome.exitCode;
  } catch (error) {
    return fail(error);
  }
}

async function perform(env: NodeJS.ProcessEnv): Promise<Outcome> {
  const inputs = readInputs();
  const surroundings = await readSurroundings(env);
  const { repository, task } = occasionOf(surroundings, inputs);
  if (/^threatgate$/i.test(surroundings.job))
    complain(
      'warning',
      'The job is called like the check of the App. Give it another id, for example threat-model, so that nobody takes one for the other.',
    );
  if (task.kind === 'nothing') return nothingToDo(task.why);
  const github = createTokenGitHub({
    token: inputs.token,
    baseUrl: surroundings.apiUrl,
    graphqlUrl: surroundings.graphqlUrl,
    now: () => new Date(),
    log: { info: () => undefined, warn: (_, message) => say(message), error: (_, message) => say(message) },
  });
  const [hosting] = await Promise.all([withCheckout(github.hosting, surroundings.workspace), loadParsers()]);
  const kept = new Map<string, ReturnType<typeof analyseInput>>();
  const context: Context = {
    inputs,
    surroundings,
    github,
    deps: {
      hosting,
      repository,
      find: github.find,
      now: () => new Date().toISOString(),
      wait: (ms) => new Promise((done) => setTimeout(done, ms)),
      analyse: (input) => Promise.resolve(analyseInput(input)),
      analyses: { get: (key) => kept.get(key), set: (key, analysis) => void kept.set(key, analysis) },
    },
  };
  switch (task.kind) {
    case 'pull-request':
      return onPullRequest(task.number, task.isRemark, context);
    case 'merge-group':
      return onMergeGroup(task.group, context);
    case 'push':
      return onPush(task, context);
  }
}

/** A runner without summaries (an old GitHub Enterprise Server) has the log. */
async function write(text: string): Promise<void> {
  if (text === '') return;
  try {
    await summary.addRaw(text, true).write();
  } catch {
    say('This runner takes no job summary.');
  }
}

async function fail(error: unknown): Promise<number> {
  const { what, remedy } = explain(error);
  complain('failure', `Could not evaluate: ${what} ${remedy}`);
  await write(`## ❌ Could not evaluate\n\n${prose(what)}\n\n${prose(remedy)}\n`);
  return OUTCOME.unknown;
}

function explain(error: unknown): { readonly what: string; readonly remedy: string } {
  if (error instanceof UserError) return { what: error.message, remedy: error.remedy };
  const what = error instanceof Error ? error.message.replace(/\.?$/, '.') : String(error);
  if (error instanceof Refused) return { what, remedy: wordsOf('read') };
  if (error instanceof NotThere)
    return {
      what,
      remedy: `It is not there, or the token may not see it. ${wordsOf('read')}`,
    };
  if (error instanceof RateLimited) return { what, remedy: `Run the job again after ${error.until}.` };
  if (error instanceof Unavailable || error instanceof Rejected)
    return { what, remedy: 'Run the job again; nothing passes until GitHub has answered.' };
  return {
    what: `Threatgate failed: ${what}`,
    remedy:
      'This is a defect of Threatgate, so nothing was judged. Please report it with the log of this step.',
  };
}
