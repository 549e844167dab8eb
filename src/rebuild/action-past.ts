import { aboutRepository } from '../github/about-repository.ts';
import { sentAnnotations } from '../github/annotations.ts';
import {
  artifactsOf,
  leavesAlone,
  runsOf,
  unchangedText,
  type Download,
  type WholeRun,
} from '../github/artifacts.ts';
import type { Client } from '../github/client.ts';
import { hostingOf } from '../github/hosting.ts';
import { createMemory } from '../github/memory.ts';
import { branchActivity, checkRunsOf, mergedSince, type WholeCheckRun } from '../github/remembered.ts';
import { NotThere, Refused } from '../review/hosting-errors.ts';
import type { PullRequestState } from '../review/hosting.ts';
import { MOST_ZIP, verdictIn } from './action-evidence.ts';
import type { Past, Sighting } from './past.ts';

/** GitHub's own App for workflows: nobody else can make a check run in its name. */
const ACTIONS = 'github-actions';
/** Kept answers, in bytes. */
const MEMORY = 16 * 1024 * 1024;
/** Artifacts of one run that are looked into, newest first. */
const MOST_ARTIFACTS = 3;

/** A step that runs the Action, whoever holds the copy of it that is used. */
const USES = /^\s*(?:-\s*)?uses:\s*['"]?[\w.-]+\/threatgate@/m;
const EVENTS: ReadonlySet<string> = new Set([
  'pull_request',
  'pull_request_target',
  'pull_request_review',
  'pull_request_review_comment',
]);

/** The past of repositories in which a job of the Action is the gate. */
export function actionPast(client: Client, download: Download): Past {
  return {
    gate: 'the Action, by jobs that are called `threat-model` and the base branch',
    hosting: hostingOf(client, {
      check: { appId: 0, name: '' },
      memory: createMemory(MEMORY),
      sent: sentAnnotations(),
      self: () => Promise.resolve({ login: `${ACTIONS}[bot]` }),
    }),
    about: (name) => aboutRepository(client, name),
    merged: (repository, from) => mergedSince(client, repository, from),
    activity: (repository, branch) => branchActivity(client, repository, branch),
    sightings: async (state) => {
      const found: Sighting[] = [];
      for (const commit of new Set([state.head, state.merged?.commit])) {
        if (commit === undefined) continue;
        for (const run of await checkRunsOf(client, state.repository, commit, { slug: ACTIONS }))
          if (run.name === `threat-model ${state.baseRef}`)
            found.push(...(await sightingsOf(run, state, { client, download })));
      }
      return { found, learned: false };
    },
    missing: [
      'Whoever may write to the repository can delete runs and artifacts, and can run workflows that upload others: a verdict is believed where the job ran by a file that the pull request left as it was on the base branch, and its artifact fits.',
      'Verdicts whose artifact is gone: GitHub keeps artifacts for 90 days unless told otherwise, and logs as long.',
      'Runs before the last one of a job, answers and commands that were heard by them, and ticks, which the Action does not count.',
      'Merges that a queue made by another group than the one that is shown, outages, and what the rules of the branch demanded then.',
      'Who was an approver then: a decision counts where a verdict of the Action says that it rested on it.',
    ],
  };
}

interface Asking {
  readonly client: Client;
  readonly download: Download;
}

/** A job of that name as what it says: of a pull request on its head, of a group on its commit. */
async function sightingsOf(
  run: WholeCheckRun,
  state: PullRequestState,
  asking: Asking,
): Promise<readonly Sighting[]> {
  const by = await runOf(run, state, asking);
  const isGroup = by?.event === 'merge_group';
  // The same commit may be the head and what the branch got, and a job on it that of a push.
  if (isGroup !== (run.head === state.merged?.commit && run.head !== state.head)) return [];
  const read = isGroup ? { why: 'is of a group' } : await verdictOf(run, by, state, asking);
  const told = 'why' in read ? undefined : read;
  return [
    {
      where: `check run ${run.id}`,
      head: run.head,
      subject: isGroup ? 'group' : `pull/${state.number}`,
      conclusion: run.conclusion,
      completedAt: run.completedAt,
      digest: told?.head.digest,
      told,
      why: 'why' in read ? read.why : undefined,
    },
  ];
}

async function runOf(
  { suite }: WholeCheckRun,
  { repository }: PullRequestState,
  { client }: Asking,
): Promise<WholeRun | undefined> {
  if (suite === undefined) return undefined;
  return readable(async () => (await runsOf(client, repository, suite))[0]);
}

async function verdictOf(
  run: WholeCheckRun,
  by: WholeRun | undefined,
  state: PullRequestState,
  { client, download }: Asking,
): ReturnType<typeof fromArtifacts> {
  if (!by) return { why: 'is of a run that is gone or cannot be read' };
  if (!EVENTS.has(by.event) || by.head !== run.head)
    return { why: `is of a run for \`${by.event}\`, which judges no pull request` };
  const { base, head } = state;
  const text = await unchangedText(client, state.repository, by.path, { base, head });
  // What the base is said to be may be what it became by the merge: the list of files cannot be mistaken for that.
  if (text === undefined || !(await leavesAlone(client, state.repository, state.number, by.path)))
    return { why: `ran by \`${by.path}\`, which the pull request itself brings or alters` };
  if (!USES.test(text)) return { why: `ran by \`${by.path}\`, which does not use the Action` };
  const read = await fromArtifacts(by, state, { client, download });
  if ('why' in read) return read;
  const passes = read.head.conclusion === 'success';
  return passes === (run.conclusion === 'success')
    ? read
    : { why: `ended with ${run.conclusion ?? 'nothing'}, and its artifact tells of ${read.head.conclusion}` };
}

async function fromArtifacts(
  { id }: WholeRun,
  { repository, number, head }: PullRequestState,
  { client, download }: Asking,
): Promise<ReturnType<typeof verdictIn>> {
  const all = (await readable(() => artifactsOf(client, repository, id))) ?? [];
  const named = all
    .filter(({ name }) => name.startsWith('threat-model-evidence'))
    .sort((a, b) => (b.at ?? '').localeCompare(a.at ?? '', 'en'));
  if (named.length === 0) return { why: 'has no artifact called `threat-model-evidence…`' };
  let last: { readonly why: string } = { why: 'has an artifact that is expired' };
  for (const { id: artifact, expired, bytes } of named.slice(0, MOST_ARTIFACTS)) {
    if (expired) continue;
    const zip = bytes <= MOST_ZIP ? await download(repository, artifact, MOST_ZIP) : undefined;
    if (!zip) {
      last = { why: 'has an artifact that could not be read' };
      continue;
    }
    const read = verdictIn(zip, { pullRequest: number, head });
    if (!('why' in read)) return read;
    last = read;
  }
  return last;
}

async function readable<T>(answer: () => Promise<T>): Promise<T | undefined> {
  try {
    return await answer();
  } catch (error) {
    if (error instanceof NotThere || error instanceof Refused) return undefined;
    throw error;
  }
}
