/** What people do with code: push, open pull requests, point them elsewhere, merge. */
import { CHANGES } from '../../service/shop.ts';
import { contentOf, FORK, openPulls, pullOf, REPO, type Content } from '../truth.ts';
import type { Change } from '../play.ts';
import type { Stage } from '../people.ts';

const COMMON: readonly Change[] = ['quiet', 'uncovered', 'covered', 'covered', 'opened'];
const PUSHERS: readonly string[] = ['bob', 'bob', 'bob', 'alice', 'carol', 'dave'];
/** Commits have one date, so that the same ones are made once for all schedules. */
const DATE = new Date('2026-11-01T10:00:00Z');

const changeOf = ({ random, theme }: Stage): Change => random.pick(theme.changes ?? COMMON);

interface Push {
  readonly repo: string;
  readonly branch: string;
  readonly by: string;
  /** Who wrote it, when it is somebody else. */
  readonly author?: string;
  readonly change: Change;
  /** On top of what is there, instead of anew on the main branch. */
  readonly onTop?: boolean;
}

const person = (name: string): { name: string; email: string } => ({ name, email: `${name}@example.org` });

function push({ setting, random }: Stage, { repo, branch, by, author = by, change, onTop }: Push): void {
  const salt = random.below(3);
  setting.gh.control.pushCommit({
    by,
    repo,
    branch,
    author: person(author),
    committer: person(author),
    ...(onTop === true ? {} : { onto: 'main' }),
    files: { ...CHANGES[change], [onTop === true ? 'LATER.md' : 'NOTES.md']: `Note ${salt}\n` },
    message: `Change ${salt}`,
    date: DATE,
  });
}

function open(stage: Stage, title: string, head: string, by: string, base: string, hands: string[]): void {
  const { setting, truth, random } = stage;
  const draft = random.chance(0.1);
  const { number } = setting.gh.control.openPullRequest({ by, repo: REPO, head, base, title, draft });
  truth.pulls.push(number);
  truth.hands.set(number, new Set(hands));
  const [repo, branch = head] = head.includes(':') ? [FORK, head.split(':')[1]] : [REPO, head];
  truth.branches.set(number, { repo, branch });
}

export function openOne(stage: Stage): void {
  const { truth, random, theme } = stage;
  if (truth.pulls.length >= 4) return;
  const change = changeOf(stage);
  const branch = `change-${truth.pulls.length + 1}`;
  // Whoever opens it need not be who pushed it, nor who wrote it.
  const by = random.chance(0.8) ? 'bob' : random.pick(theme.pushers ?? PUSHERS);
  const author = random.chance(0.8) ? by : 'bob';
  push(stage, { repo: REPO, branch, by, author, change });
  open(stage, `A ${change} change`, branch, 'bob', 'main', ['bob', by, author]);
}

/** From somebody who may not push here. */
export function openFromFork(stage: Stage): void {
  const { truth, setting } = stage;
  if (truth.pulls.length >= 4) return;
  if (!setting.gh.world.repositories.has(FORK)) setting.gh.control.fork({ repo: REPO, owner: 'eve' });
  const branch = `change-${truth.pulls.length + 1}`;
  const change = changeOf(stage);
  push(stage, { repo: FORK, branch, by: 'eve', change });
  open(stage, `A ${change} change from outside`, `${FORK}:${branch}`, 'eve', 'main', ['eve']);
}

export function pushOn(stage: Stage): void {
  const { setting, truth, random, theme } = stage;
  const pushers = theme.pushers ?? PUSHERS;
  const number = random.pick(openPulls(setting, truth));
  const { repo = REPO, branch = '' } = truth.branches.get(number) ?? {};
  const by = repo === FORK ? 'eve' : random.pick(pushers);
  const author = random.chance(0.85) ? by : random.pick(pushers);
  const onTop = random.chance(0.25);
  push(stage, { repo, branch, by, author, change: onTop ? 'quiet' : changeOf(stage), onTop });
  for (const other of truth.pulls)
    if (truth.branches.get(other)?.branch === branch)
      for (const hand of [by, author]) truth.hands.get(other)?.add(hand);
}

/** A branch that has the first part of somebody's change already: what is left of it may be nothing. */
export function layDown(stage: Stage): void {
  const { setting, truth, random } = stage;
  const number = random.pick(openPulls(setting, truth));
  const { objects } = setting.gh.world.repository(REPO);
  const [parent] = objects.commitAt(pullOf(setting, number).headSha).parents;
  if (parent !== undefined)
    setting.gh.control.pushRef({ repo: REPO, branch: 'lax', sha: parent, by: 'bob', force: true });
}

/** The same commit once more, against another base. */
export function openTwin(stage: Stage): void {
  const { setting, truth, random } = stage;
  if (truth.pulls.length >= 4) return;
  const number = random.pick(openPulls(setting, truth));
  const { repo, branch } = truth.branches.get(number) ?? { repo: REPO, branch: '' };
  const head = repo === FORK ? `${FORK}:${branch}` : branch;
  const { baseRef, author } = pullOf(setting, number);
  const hands = [...(truth.hands.get(number) ?? [])];
  open(stage, 'The same', head, author.login, baseRef === 'main' ? 'lax' : 'main', hands);
}

export function pointElsewhere({ setting, truth, random }: Stage): void {
  const number = random.pick(openPulls(setting, truth));
  const { baseRef, author } = pullOf(setting, number);
  setting.gh.control.editPullRequest({
    repo: REPO,
    number,
    by: author.login,
    base: baseRef === 'main' ? 'lax' : 'main',
  });
}

export function closeOrReopen({ setting, truth, random }: Stage): void {
  const number = random.pick(truth.pulls);
  const place = { repo: REPO, number, by: pullOf(setting, number).author.login };
  if (pullOf(setting, number).state === 'open') setting.gh.control.close(place);
  else setting.gh.control.reopen(place);
}

export function draftIt({ setting, truth, random }: Stage): void {
  const number = random.pick(openPulls(setting, truth));
  const by = pullOf(setting, number).author.login;
  setting.gh.control.setDraft({ repo: REPO, number, by, draft: random.chance(0.5) });
}

export function rewordIt({ setting, truth, random }: Stage): void {
  const number = random.pick(openPulls(setting, truth));
  const by = pullOf(setting, number).author.login;
  const body = `Why, said anew (${random.below(9)}).`;
  setting.gh.control.editPullRequest({ repo: REPO, number, by, body });
}

/** Bob can when the check is green; Ada can always, and sometimes does. */
export function mergeIt({ setting, truth, random }: Stage): void {
  const number = random.pick(openPulls(setting, truth));
  const isQuiet: boolean = (contentOf(setting, number) satisfies Content) === 'quiet';
  const by = isQuiet || random.chance(0.15) ? random.pick(['bob', 'ada']) : 'bob';
  setting.gh.control.merge({ repo: REPO, number, by, method: 'squash' });
}

/** Somebody who may bypass the rules writes straight onto the main branch. */
export function pushPast({ setting, truth, random }: Stage): void {
  const files = { 'NEWS.md': `News ${random.below(3)}\n` };
  const sha = setting.gh.control.directPush({ by: 'ada', repo: REPO, branch: 'main', files, date: DATE });
  truth.direct.push(sha);
}

export function enqueueIt({ setting, truth, random }: Stage): void {
  const number = random.pick(openPulls(setting, truth));
  setting.gh.control.enqueue({ repo: REPO, number, by: 'bob' });
}

/** The first group goes in when its check is green, unless GitHub would have taken it out; or somebody does. */
export function settleGroup({ setting, random }: Stage): void {
  const [first] = setting.gh.world.repository(REPO).queue;
  if (!first) return;
  const place = { repo: REPO, number: first.pull.number };
  const stands = first.pull.state === 'open' && first.baseSha === setting.gh.control.tip(REPO, first.base);
  if (stands && random.chance(0.8)) setting.gh.control.completeGroup(place);
  else setting.gh.control.destroyGroup(place);
}
