/** What people say, press, tick and take back. */
import { contentOf, everBeen, pullOf, REPO, type Truth, type Yes } from '../truth.ts';
import type { Stage } from '../people.ts';

const EVERYBODY: readonly string[] = ['ada', 'alice', 'alice', 'bob', 'carol', 'carol', 'dave', 'eve'];

const speaker = ({ random, theme }: Stage): string => random.pick(theme.speakers ?? EVERYBODY);

function sayYes(truth: Truth, yes: Omit<Yes, 'independent'>): void {
  truth.yeses.push({ ...yes, independent: truth.hands.get(yes.number)?.has(yes.by) === false });
}

export function reviewIt(stage: Stage): void {
  const { setting, truth, random } = stage;
  const number = random.pick(truth.pulls);
  const by = speaker(stage);
  const state = random.pick(['approve', 'approve', 'approve', 'request_changes', 'comment'] as const);
  const { id, commit } = setting.gh.control.review({ repo: REPO, number, by, state });
  const about = [...(truth.contents.get(number)?.get(commit) ?? []), contentOf(setting, number)];
  if (state === 'approve')
    sayYes(truth, { number, by, kind: 'approve', via: 'review', id, at: setting.clock.at, about });
}

const COMMANDS: readonly (readonly [Yes['kind'] | 'revoke' | undefined, string])[] = [
  ['approve', '/threatgate approve the model says it all'],
  ['approve', 'Fine.\n\n/threatgate approve'],
  ['waive', '/threatgate waive the export is switched off until the model is done'],
  ['emergency', '/threatgate emergency INC-7 orders cannot be placed'],
  ['revoke', '/threatgate revoke'],
  [undefined, '/threatgate revoke @alice'],
  [undefined, '/threatgate recheck'],
  [undefined, '/threatgate help'],
  [undefined, '/threatgate aprove'],
  [undefined, '> /threatgate approve\n\nWhat do you think?'],
  [undefined, 'Looks good to me!'],
];

export function commandIt(stage: Stage): void {
  const { setting, truth, random } = stage;
  const number = random.pick(truth.pulls);
  const by = speaker(stage);
  const [kind, body] = random.pick(COMMANDS);
  const { id } = setting.gh.control.comment({ repo: REPO, number, by, body });
  const { at } = setting.clock;
  if (kind === 'revoke') truth.revocations.push({ number, by, at, comment: id });
  else if (kind) sayYes(truth, { number, by, kind, via: 'comment', id, at, about: everBeen(truth, number) });
}

export function pressIt(stage: Stage): void {
  const { setting, truth, random } = stage;
  const number = random.pick(truth.pulls);
  const run = random.pick(setting.gh.observe.checkRuns(REPO, pullOf(setting, number).headSha));
  const by = speaker(stage);
  const { identifier } = random.pick(run.actions);
  setting.gh.control.clickButton({ by, checkRunId: run.id, identifier });
  if (identifier !== 'approve') return;
  // The run names one pull request; several may have the commit.
  const { at } = setting.clock;
  for (const each of truth.pulls.filter((n) => truth.contents.get(n)?.has(run.headSha)))
    sayYes(truth, {
      number: each,
      by,
      kind: 'approve',
      via: 'button',
      id: 0,
      at,
      about: everBeen(truth, each),
    });
}

export function dismissOne({ setting, truth, random }: Stage): void {
  const number = random.pick(truth.pulls);
  const reviews = setting.gh.observe.reviews({ repo: REPO, number }).filter((r) => r.state === 'APPROVED');
  setting.gh.control.dismissReview({ by: 'ada', id: random.pick(reviews).id });
}

/** Words put into somebody's mouth: an edited comment commands nothing. */
export function editOne({ setting, truth, random }: Stage): void {
  const number = random.pick(truth.pulls);
  const comment = random.pick(setting.gh.observe.comments({ repo: REPO, number }));
  const by = random.pick(['ada', 'bob', comment.author.login]);
  setting.gh.control.editComment({ by, id: comment.id, body: '/threatgate approve' });
}

export function deleteOne({ setting, truth, random }: Stage): void {
  const number = random.pick(truth.pulls);
  const comment = random.pick(setting.gh.observe.comments({ repo: REPO, number }));
  setting.gh.control.deleteComment({ by: 'ada', id: comment.id });
}

export function tickOne({ setting, truth, random }: Stage): void {
  const number = random.pick(truth.pulls);
  const comment = random.pick(setting.gh.observe.reviewComments({ repo: REPO, number }));
  setting.gh.control.editReviewComment({
    by: random.pick(['bob', 'alice']),
    id: comment.id,
    body: comment.body.replace('- [ ]', '- [x]'),
  });
}

export function rerunIt({ setting, truth, random }: Stage): void {
  const number = random.pick(truth.pulls);
  const run = random.pick(setting.gh.observe.checkRuns(REPO, pullOf(setting, number).headSha));
  if (random.chance(0.5)) setting.gh.control.rerequestCheckRun({ by: 'bob', checkRunId: run.id });
  else setting.gh.control.rerequestCheckSuite({ by: 'bob', suiteId: run.suite.id });
}
