import { ACTIONS_APP_ID, type World } from '../state/world.ts';
import type { CheckAction, CheckAnnotation, CheckRun, CheckSuite } from '../state/checks.ts';
import type { Account, App, Repository } from '../state/nouns.ts';
import { mayWrite } from '../state/people.ts';
import { invalid, Refusal } from '../state/refusal.ts';
import { change } from '../state/time.ts';
import { suiteState } from '../shapes/check.ts';
import { checkRunEvent, checkSuiteEvent } from '../webhooks/events.ts';

type SuiteKey = Pick<CheckSuite, 'repository' | 'app' | 'headSha' | 'headBranch'>;

/** One suite for each app and commit. */
export function suiteFor(world: World, key: SuiteKey): CheckSuite {
  const known = world.suitesOf(key.repository, key.headSha).find((suite) => suite.app === key.app);
  if (known) return known;
  const suite: CheckSuite = { ...key, id: world.nextId(), createdAt: world.now, requeuedAt: undefined };
  world.suites.set(suite.id, suite);
  return suite;
}

export interface CheckInput {
  readonly name?: string;
  readonly head_sha?: string;
  readonly status?: CheckRun['status'];
  readonly conclusion?: string;
  readonly external_id?: string;
  readonly details_url?: string;
  readonly started_at?: string;
  readonly completed_at?: string;
  readonly output?: {
    readonly title?: string;
    readonly summary?: string;
    readonly text?: string;
    readonly annotations?: readonly CheckAnnotation[];
  };
  readonly actions?: readonly CheckAction[];
}

export function createCheckRun(world: World, repository: Repository, app: App, input: CheckInput): CheckRun {
  verify(world, input);
  const headSha = input.head_sha ?? '';
  if (!repository.objects.commit(headSha)) throw invalid([], `No commit found for SHA: ${headSha}`);
  const suite = suiteFor(world, { repository, app, headSha, headBranch: branchAt(repository, headSha) });
  const run: CheckRun = {
    ...EMPTY,
    id: world.nextId(),
    suite,
    headSha,
    name: input.name ?? '',
    createdAt: world.now,
    updatedAt: world.now,
    startedAt: world.now,
    ...patchOf(world, input, 'queued'),
  };
  world.checkRuns.set(run.id, run);
  checkRunEvent(world, run, 'created', app.bot);
  if (run.status === 'completed') completed(world, run, app.bot);
  return run;
}

const EMPTY = {
  status: 'queued' as const,
  conclusion: undefined,
  externalId: '',
  detailsUrl: undefined,
  completedAt: undefined,
  title: undefined,
  summary: undefined,
  text: undefined,
  annotations: [],
  actions: [],
  deletedAt: undefined,
  history: [],
};

export function branchAt(repository: Repository, sha: string): string | undefined {
  const ref = [...repository.refs].find(([name, oid]) => oid === sha && name.startsWith('refs/heads/'));
  return ref?.[0].replace('refs/heads/', '');
}

export function updateCheckRun(world: World, run: CheckRun, app: App, input: CheckInput): void {
  if (run.suite.app !== app)
    throw new Refusal(
      403,
      `Invalid app_id ${app.id} - check run can only be modified by the GitHub App that created it.`,
    );
  // Since 2025 a workflow's token may not decide what its own check comes to.
  if (app.id === ACTIONS_APP_ID && (input.status !== undefined || input.conclusion !== undefined))
    throw new Refusal(
      403,
      'Check run status and conclusions can only be updated internally by GitHub Actions.',
    );
  verify(world, input);
  const was = run.status;
  const patch = patchOf(world, input, run.status);
  const annotations = [...run.annotations, ...(input.output?.annotations ?? [])];
  change(run, world.now, { ...patch, annotations });
  if (run.status === 'completed' && (was !== 'completed' || input.conclusion !== undefined))
    completed(world, run, app.bot);
}

function completed(world: World, run: CheckRun, sender: Account): void {
  checkRunEvent(world, run, 'completed', sender);
  if (suiteState(world, run.suite).status === 'completed')
    checkSuiteEvent(world, run.suite, 'completed', sender);
}

function patchOf(world: World, input: CheckInput, now: CheckRun['status']): Partial<CheckRun> {
  const status = input.conclusion === undefined ? (input.status ?? now) : 'completed';
  const time = (text: string | undefined) => (text === undefined ? undefined : Date.parse(text));
  const conclusion = status === 'completed' ? input.conclusion : undefined;
  const { output } = input;
  const fields: Partial<CheckRun> = {
    ...(input.name === undefined ? {} : { name: input.name }),
    ...(input.external_id === undefined ? {} : { externalId: input.external_id }),
    ...(input.details_url === undefined ? {} : { detailsUrl: input.details_url }),
    ...(input.actions === undefined ? {} : { actions: input.actions }),
    ...(input.started_at === undefined ? {} : { startedAt: time(input.started_at) }),
    ...(output?.title === undefined ? {} : { title: output.title }),
    ...(output?.summary === undefined ? {} : { summary: output.summary }),
    ...(output?.text === undefined ? {} : { text: output.text }),
    ...(output?.annotations === undefined ? {} : { annotations: output.annotations }),
  };
  if (input.status === undefined && input.conclusion === undefined) return fields;
  const completedAt = status === 'completed' ? (time(input.completed_at) ?? world.now) : undefined;
  return { ...fields, status, conclusion, completedAt };
}

/** What the schema of GitHub's API does not say and its server enforces. */
function verify(world: World, input: CheckInput): void {
  const { output } = input;
  if (input.status === 'completed' && input.conclusion === undefined)
    throw invalid(['conclusion is required when status is completed']);
  if (input.conclusion === 'stale') throw invalid(['conclusion stale can only be set by GitHub']);
  if (input.name === '') throw invalid(['name is missing']);
  for (const key of ['summary', 'text'] as const) {
    const bytes = Buffer.byteLength(output?.[key] ?? '');
    if (bytes > world.limits.checkTextBytes)
      throw invalid([`${key} exceeds a maximum bytesize of ${world.limits.checkTextBytes}`]);
  }
  if ((output?.annotations?.length ?? 0) > 50)
    throw invalid([], 'Invalid request. No more than 50 items are allowed.');
  for (const each of output?.annotations ?? []) verifyAnnotation(each);
  if ((input.actions?.length ?? 0) > 3)
    throw invalid([], 'Invalid request. No more than 3 items are allowed.');
  for (const action of input.actions ?? [])
    if (action.label.length > 20 || action.description.length > 40 || action.identifier.length > 20)
      throw invalid([], 'Invalid request. An action is too long.');
}

function verifyAnnotation(each: CheckAnnotation): void {
  if (each.end_line < each.start_line) throw invalid(['end_line must not be before start_line']);
  const columns = each.start_column !== undefined || each.end_column !== undefined;
  if (columns && each.start_line !== each.end_line)
    throw invalid(['columns are only allowed when start_line and end_line are the same']);
  if (Buffer.byteLength(each.message) > 65_536 || Buffer.byteLength(each.raw_details ?? '') > 65_536)
    throw invalid(['an annotation is longer than 64 KB']);
  if ((each.title ?? '').length > 255) throw invalid(['title is too long']);
}

/** Somebody clicks a button that the run offers. GitHub shows it to people with write access once the run is complete. */
export function clickButton(world: World, run: CheckRun, by: Account, identifier: string): void {
  if (run.status !== 'completed') throw new Refusal(422, 'Buttons appear when the run is completed.');
  if (!run.actions.some((action) => action.identifier === identifier))
    throw new Refusal(422, `The run has no button ${identifier}.`);
  if (!mayWrite(world, run.suite.repository, by))
    throw new Refusal(403, 'Buttons are shown to people with write access only.');
  checkRunEvent(world, run, 'requested_action', by, { requested_action: { identifier } });
}

/** The run itself is not changed: its app decides what to do. */
export function rerequestRun(world: World, run: CheckRun, by: Account): void {
  run.suite.requeuedAt = world.now;
  checkRunEvent(world, run, 'rerequested', by);
}

export function rerequestSuite(world: World, suite: CheckSuite, by: Account): void {
  suite.requeuedAt = world.now;
  checkSuiteEvent(world, suite, 'rerequested', by);
}
