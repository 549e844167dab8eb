/** One long story of a repository, in which everything happens at least once that the audit trail knows of. */
import type { ReviewComment } from '../double/state/nouns.ts';
import type { ServiceUnderTest } from './harness.ts';
import { peopleOf, REPO } from './people.ts';
import { MINUTE, PAYROLL, queueOf } from './queue.ts';
import { CHANGES, POLICY, POLICY_PATH } from './shop.ts';

/** Two change the rules, four come to the world, one is withdrawn, and then the App is uninstalled. */
export async function tellStory(
  service: ServiceUnderTest,
  { reviews = false }: { readonly reviews?: boolean } = {},
): Promise<void> {
  const { control } = service.gh;
  const requiredChecks = [{ context: 'Threatgate', integrationId: service.app.id }];
  control.setRules({ repo: REPO, requiredChecks, bypass: ['ada'] });
  await service.settle();
  await exportsAreApproved(service);
  await officeOpensInAnEmergency(service);
  await queueProvesAndRefuses(service);
  await branchIsPushedTo(service);
  await gateIsOut(service);
  if (reviews) await reviewsAreHeld(service);
  service.pass(2_000);
  control.uninstall(service.installation, 'ada');
  await service.settle();
}

const firstAsked = (asked: readonly ReviewComment[]): ReviewComment => {
  const [comment] = asked;
  if (!comment) throw new Error('Nothing was asked.');
  return comment;
};

/** #1: much is said about it, and in the end it is approved and merged. */
async function exportsAreApproved(service: ServiceUnderTest): Promise<void> {
  const people = peopleOf(service);
  const number = await people.open('covered', { branch: 'exports' });
  const comment = firstAsked(people.asked(number));
  await people.edit(comment, 'carol', (body) => body.replace('- [ ]', '- [x]'));
  await people.reply(comment, 'bob', '2: accept: @bob, exports are small and few, until 2027-03-01');
  await people.say(number, 'eve', '/threatgate approve');
  await people.say(number, 'bob', '/threatgate waive');
  await people.say(number, 'alice', '/threatgate approve The bucket is as private as it can be.');
  await people.say(number, 'alice', '/threatgate revoke I have to look again.');
  await people.review(number, 'carol');
  await people.say(number, 'alice', '/threatgate revoke @carol she looked at something else');
  const { id } = await people.review(number, 'alice');
  await people.settled(() => {
    service.gh.control.dismissReview({ by: 'ada', id });
  });
  await people.review(number, 'alice');
  await people.merge(number, 'bob');
}

/** #2: waived until a day, then let through in an emergency, and reviewed afterwards. */
async function officeOpensInAnEmergency(service: ServiceUnderTest): Promise<void> {
  const people = peopleOf(service);
  const number = await people.open('opened', { branch: 'office', body: 'Incident: INC-7' });
  await people.say(number, 'alice', '/threatgate waive the office moves this week until 2026-11-20');
  await people.say(number, 'alice', '/threatgate emergency INC-7 the shop is down and nobody is in');
  await people.merge(number, 'bob');
  await people.say(number, 'carol', '/threatgate approve It was the only way in.');
}

/** #3: proven, then not any more; Ada merges it past the gate. */
async function queueProvesAndRefuses(service: ServiceUnderTest): Promise<void> {
  const people = peopleOf(service);
  const queue = queueOf(service);
  const { control } = service.gh;
  await people.rule(POLICY.replace('covered', 'updated'));
  await service.settle(2 * MINUTE);
  queue.queueBy('SQUASH');
  const number = await people.open({ 'infra/network.tf': more('payments') }, { branch: 'payments' });
  await people.say(number, 'alice', '/threatgate waive nobody reaches it from outside');
  const run = await queue.queued(number);
  await people.say(number, 'alice', '/threatgate revoke');
  await queue.ask(run.headSha);
  await people.settled(() => {
    control.destroyGroup({ repo: REPO, number });
  });
  await people.merge(number, 'ada');
  await people.rule(POLICY);
}

const more = (name: string): string => `${CHANGES.opened['infra/network.tf'] ?? ''}
resource "aws_security_group" "${name}" {
  name = "orchard-${name}"

  ingress {
    from_port   = 8443
    to_port     = 8443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
`;

/** Straight to the branch: new, from another branch (#4), and with another past. */
async function branchIsPushedTo(service: ServiceUnderTest): Promise<void> {
  const people = peopleOf(service);
  const { control } = service.gh;
  await service.settle(2 * MINUTE);
  const before = control.tip(REPO, 'main');
  await people.settled(() => control.directPush({ by: 'ada', repo: REPO, branch: 'main', files: PAYROLL }));
  await service.settle(2 * MINUTE);
  await people.settled(() => {
    control.pushRef({ by: 'bob', repo: REPO, branch: 'develop', sha: control.tip(REPO, 'main') });
  });
  const number = await people.open('quiet', { branch: 'words', base: 'develop' });
  const sha = await people.merge(number, 'bob');
  await people.settled(() => {
    control.pushRef({ by: 'ada', repo: REPO, branch: 'main', sha });
  });
  await service.settle(2 * MINUTE);
  await people.settled(() => {
    control.pushRef({ by: 'ada', repo: REPO, branch: 'main', sha: before, force: true });
  });
  await service.settle(2 * MINUTE);
}

/** #5: looked at much too late, and withdrawn. */
async function gateIsOut(service: ServiceUnderTest): Promise<void> {
  const people = peopleOf(service);
  people.commit('late', { [POLICY_PATH]: POLICY.replace('alice', 'bob') });
  const { number } = service.gh.control.openPullRequest({ by: 'bob', repo: REPO, head: 'late' });
  for (const delivery of service.gh.pending()) await service.gh.deliver(delivery);
  service.pass(30 * MINUTE);
  await service.settle();
  await people.settled(() => {
    service.gh.control.close({ repo: REPO, number, by: 'bob' });
  });
}

/** Issues are opened for what came past the gate, as far as the App may; one is closed, and an incident is looked into. */
async function reviewsAreHeld(service: ServiceUnderTest): Promise<void> {
  const people = peopleOf(service);
  const { control, observe } = service.gh;
  await people.rule(`${POLICY}review:\n  open_issues: true\n  owners: [alice]\n`);
  await service.settle(2 * MINUTE);
  // GitHub's own rules are read again after some hours.
  service.pass(7 * 60 * MINUTE);
  await service.reconcile();
  const [issue] = observe.issues(REPO);
  if (issue)
    await people.settled(() => {
      control.closeIssue({ repo: REPO, number: issue.number, by: 'alice' });
    });
  const incident = await people.settled(() =>
    control.openIssue({
      repo: REPO,
      by: 'bob',
      title: 'Orders of others could be read',
      body: 'Component: API',
      assignees: ['carol'],
    }),
  );
  const at = { repo: REPO, number: incident.number };
  await people.settled(() => {
    control.labelIssue({ ...at, by: 'ada', label: 'threatgate:incident' });
  });
  await people.settled(() =>
    control.commentOnIssue({
      ...at,
      by: 'carol',
      body: '/threatgate reviewed The API checks owners now, says @alice',
    }),
  );
}
