import type { Setting } from '../service/harness.ts';
import { CHANGES } from '../service/shop.ts';
import type { Random } from './random.ts';

export const REPO = 'acme/shop';

/** What a head can hold. Each has a delta digest of its own, so a decision about one is none about another. */
export type Content = keyof typeof CHANGES;
const CONTENTS: readonly Content[] = ['quiet', 'uncovered', 'covered', 'covered', 'opened'];

/** Somebody's yes, as the people of the schedule know that it was said. */
export interface Yes {
  readonly number: number;
  readonly by: string;
  readonly kind: 'approve' | 'waive' | 'emergency';
  /** What it can have been about: the commit of a review, or anything that had been there when a comment was made. */
  readonly about: readonly Content[];
  /** Had no hand in the change when it was said. */
  readonly independent: boolean;
}

/** What is true, whatever the service believes. */
export interface Truth {
  /** Content by commit. */
  readonly contents: Map<string, Content>;
  readonly heads: Map<number, Content[]>;
  readonly yeses: Yes[];
  /** Whoever pushed to or committed on a pull request's branch. */
  readonly hands: Map<number, Set<string>>;
  readonly pulls: number[];
}

export const nothingTrue = (): Truth => ({
  contents: new Map(),
  heads: new Map(),
  yeses: [],
  hands: new Map(),
  pulls: [],
});

/** Named in the policy, or in a team that is. */
export const APPROVERS: readonly string[] = ['alice', 'carol'];
const PEOPLE: readonly string[] = ['ada', 'alice', 'bob', 'carol', 'eve'];

/** Who does what in a schedule. */
export interface Cast {
  /** Who may appear at all: a schedule about independence leaves the approvers out, or lets them push. */
  readonly people: readonly string[];
  readonly pushers: readonly string[];
}

export const EVERYBODY: Cast = { people: PEOPLE, pushers: ['bob', 'bob', 'bob', 'alice', 'carol'] };

type Act = (setting: Setting, truth: Truth, random: Random, cast: Cast) => void;

const ACTS: readonly (readonly [weight: number, act: Act])[] = [
  [3, openOne],
  [4, pushOn],
  [6, reviewIt],
  [6, commandIt],
  [2, pressIt],
  [1, dismissOne],
  [1, editOne],
  [1, tickOne],
  [1, closeOrReopen],
  [1, draftIt],
  [1, rerunIt],
  [1, rewordIt],
  [2, mergeIt],
];

/** One thing that somebody does. What GitHub refuses them is refused, and the schedule goes on. */
export function actOf(setting: Setting, truth: Truth, random: Random, cast: Cast): void {
  const total = ACTS.reduce((sum, [weight]) => sum + weight, 0);
  let at = random.below(total);
  const [, act] = ACTS.find(([weight]) => (at -= weight) < 0) ?? [0, openOne];
  setting.clock.at += 1_000 + random.below(20_000);
  try {
    act(setting, truth, random, cast);
  } catch (error) {
    const names = ['Refusal', 'ControlError', 'NothingToPick'];
    if (!(error instanceof Error && names.includes(error.name))) throw error;
  }
}

function sayYes(truth: Truth, yes: Omit<Yes, 'independent'>): void {
  truth.yeses.push({ ...yes, independent: truth.hands.get(yes.number)?.has(yes.by) === false });
}

function openPulls(setting: Setting, truth: Truth): number[] {
  return truth.pulls.filter((number) => setting.gh.observe.pull({ repo: REPO, number }).state === 'open');
}

/** Same content on the same parent with one of a few messages: the commits are made once for all schedules. */
function commit(
  setting: Setting,
  truth: Truth,
  random: Random,
  branch: string,
  by: string,
): { sha: string; content: Content } {
  const content = random.pick(CONTENTS);
  const salt = random.below(4);
  const sha = setting.gh.control.pushCommit({
    by,
    repo: REPO,
    branch,
    onto: 'main',
    files: { ...CHANGES[content], 'NOTES.md': `Note ${salt}\n` },
    message: `Change ${salt}`,
    date: new Date('2026-11-01T10:00:00Z'),
  });
  truth.contents.set(sha, content);
  return { sha, content };
}

function openOne(setting: Setting, truth: Truth, random: Random): void {
  if (truth.pulls.length >= 3) return;
  const branch = `change-${truth.pulls.length + 1}`;
  const { content } = commit(setting, truth, random, branch, 'bob');
  const { number } = setting.gh.control.openPullRequest({
    by: 'bob',
    repo: REPO,
    head: branch,
    title: `A ${content} change`,
    draft: random.chance(0.1),
  });
  truth.pulls.push(number);
  truth.heads.set(number, [content]);
  truth.hands.set(number, new Set(['bob']));
}

function pushOn(setting: Setting, truth: Truth, random: Random, cast: Cast): void {
  const number = random.pick(openPulls(setting, truth));
  const by = random.pick(cast.pushers);
  const { content } = commit(setting, truth, random, `change-${truth.pulls.indexOf(number) + 1}`, by);
  truth.heads.get(number)?.push(content);
  truth.hands.get(number)?.add(by);
}

function reviewIt(setting: Setting, truth: Truth, random: Random, cast: Cast): void {
  const number = random.pick(truth.pulls);
  const by = random.pick(cast.people);
  const state = random.pick(['approve', 'approve', 'approve', 'request_changes', 'comment'] as const);
  const { headSha } = setting.gh.observe.pull({ repo: REPO, number });
  setting.gh.control.review({ repo: REPO, number, by, state });
  const content = truth.contents.get(headSha);
  if (state === 'approve' && content) sayYes(truth, { number, by, kind: 'approve', about: [content] });
}

const COMMANDS: readonly (readonly [Yes['kind'] | undefined, string])[] = [
  ['approve', '/threatgate approve the model says it all'],
  ['approve', 'Fine.\n\n/threatgate approve'],
  ['waive', '/threatgate waive the export is switched off until the model is done'],
  ['emergency', '/threatgate emergency INC-7 orders cannot be placed'],
  [undefined, '/threatgate revoke'],
  [undefined, '/threatgate revoke @alice'],
  [undefined, '/threatgate recheck'],
  [undefined, '/threatgate help'],
  [undefined, '/threatgate aprove'],
  [undefined, '> /threatgate approve\n\nWhat do you think?'],
  [undefined, 'Looks good to me!'],
];

function commandIt(setting: Setting, truth: Truth, random: Random, cast: Cast): void {
  const number = random.pick(truth.pulls);
  const by = random.pick(cast.people);
  const [kind, body] = random.pick(COMMANDS);
  setting.gh.control.comment({ repo: REPO, number, by, body });
  if (kind) sayYes(truth, { number, by, kind, about: [...(truth.heads.get(number) ?? [])] });
}

function pressIt(setting: Setting, truth: Truth, random: Random, cast: Cast): void {
  const number = random.pick(truth.pulls);
  const { headSha } = setting.gh.observe.pull({ repo: REPO, number });
  const run = random.pick(setting.gh.observe.checkRuns(REPO, headSha));
  const by = random.pick(cast.people);
  const { identifier } = random.pick(run.actions);
  setting.gh.control.clickButton({ by, checkRunId: run.id, identifier });
  if (identifier === 'approve')
    sayYes(truth, { number, by, kind: 'approve', about: [...(truth.heads.get(number) ?? [])] });
}

function dismissOne(setting: Setting, truth: Truth, random: Random): void {
  const number = random.pick(truth.pulls);
  const reviews = setting.gh.observe.reviews({ repo: REPO, number }).filter((r) => r.state === 'APPROVED');
  setting.gh.control.dismissReview({ by: 'ada', id: random.pick(reviews).id });
}

/** Words put into somebody's mouth: an edited comment commands nothing. */
function editOne(setting: Setting, truth: Truth, random: Random): void {
  const number = random.pick(truth.pulls);
  const comment = random.pick(setting.gh.observe.comments({ repo: REPO, number }));
  setting.gh.control.editComment({
    by: random.pick(['ada', 'bob']),
    id: comment.id,
    body: '/threatgate approve',
  });
}

function tickOne(setting: Setting, truth: Truth, random: Random): void {
  const number = random.pick(truth.pulls);
  const comment = random.pick(setting.gh.observe.reviewComments({ repo: REPO, number }));
  setting.gh.control.editReviewComment({
    by: random.pick(['bob', 'alice']),
    id: comment.id,
    body: comment.body.replace('- [ ]', '- [x]'),
  });
}

function closeOrReopen(setting: Setting, truth: Truth, random: Random): void {
  const number = random.pick(truth.pulls);
  const { state } = setting.gh.observe.pull({ repo: REPO, number });
  if (state === 'open') setting.gh.control.close({ repo: REPO, number, by: 'bob' });
  else setting.gh.control.reopen({ repo: REPO, number, by: 'bob' });
}

function draftIt(setting: Setting, truth: Truth, random: Random): void {
  const number = random.pick(openPulls(setting, truth));
  setting.gh.control.setDraft({ repo: REPO, number, by: 'bob', draft: random.chance(0.5) });
}

function rerunIt(setting: Setting, truth: Truth, random: Random): void {
  const number = random.pick(truth.pulls);
  const { headSha } = setting.gh.observe.pull({ repo: REPO, number });
  const run = random.pick(setting.gh.observe.checkRuns(REPO, headSha));
  setting.gh.control.rerequestCheckRun({ by: 'bob', checkRunId: run.id });
}

function rewordIt(setting: Setting, truth: Truth, random: Random): void {
  const number = random.pick(openPulls(setting, truth));
  setting.gh.control.editPullRequest({
    repo: REPO,
    number,
    by: 'bob',
    body: `Why, said anew (${random.below(9)}).`,
  });
}

function mergeIt(setting: Setting, truth: Truth, random: Random): void {
  const number = random.pick(openPulls(setting, truth));
  // Merging moves the base of everybody else: only what changes no fact, so that what is true of the others stays true.
  if (truth.heads.get(number)?.at(-1) !== 'quiet') return;
  setting.gh.control.merge({ repo: REPO, number, by: random.pick(['bob', 'ada']), method: 'squash' });
}
