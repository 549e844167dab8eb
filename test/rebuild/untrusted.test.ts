/** What was altered, forged or deleted on GitHub since, and what a ledger that is filled in then says of it. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ChangeEntry } from '../../src/core/model/audit.ts';
import { createCheckRun } from '../double/actions/checks.ts';
import { keyPair } from '../double/key-pair.ts';
import type { CheckRun } from '../double/state/checks.ts';
import type { App } from '../double/state/nouns.ts';
import { serviceUnderTest, type ServiceUnderTest } from '../service/harness.ts';
import { peopleOf, REPO, type People } from '../service/people.ts';
import { changesIn, rebuilding } from './rebuilding.ts';

let service: ServiceUnderTest;
let people: People;
let mimic: App;
let changes: ReadonlyMap<number | undefined, ChangeEntry>;
const numbers: Record<string, number> = {};
const wayOf = (name: string) => {
  const { way, why } = changes.get(numbers[name]) ?? {};
  return { way, why };
};

async function quiet(name: string): Promise<CheckRun> {
  const number = await people.open({ [`${name}.md`]: name }, { branch: name });
  numbers[name] = number;
  const run = people.check(number);
  await people.merge(number, 'bob');
  return run;
}

function byAnotherApp(run: CheckRun): void {
  const { world } = service.gh;
  createCheckRun(world, world.repository(REPO), mimic, {
    name: 'Threatgate',
    head_sha: run.headSha,
    status: 'completed',
    conclusion: 'success',
    external_id: run.externalId,
    output: { title: run.title ?? '', summary: run.summary ?? '', text: run.text ?? '' },
  });
}

beforeAll(async () => {
  service = await serviceUnderTest();
  people = peopleOf(service);
  const { world, control } = service.gh;
  mimic = control.createApp({
    name: 'Mimic',
    owner: 'acme',
    publicKey: keyPair().publicKey,
    permissions: { checks: 'write' },
    events: [],
    webhook: { url: 'http://mimic.test/', secret: 'another' },
  });
  await service.settle();

  await quiet('believed');
  world.checkRuns.delete((await quiet('deleted')).id);

  const forged = await quiet('forged');
  byAnotherApp(forged);
  world.checkRuns.delete(forged.id);

  const altered = await quiet('altered');
  altered.text = altered.text?.replace('"mode": "enforce"', '"mode": "observe"');

  const cleared = await quiet('cleared');
  cleared.text = '';

  const late = await quiet('late');
  late.completedAt = (late.completedAt ?? 0) + 3_600_000;

  const elsewhere = await quiet('elsewhere');
  elsewhere.externalId = elsewhere.externalId.replace(/pull\/\d+/, 'pull/999');

  const red = await people.open('uncovered', { branch: 'red' });
  numbers['red'] = red;
  byAnotherApp(people.check(red));
  await people.merge(red, 'ada');

  numbers['greened'] = await people.open({ ...more('greened') }, { branch: 'greened' });
  const greened = people.check(numbers['greened']);
  await people.merge(numbers['greened'], 'ada');
  greened.conclusion = 'success';

  for (const [name, word] of [
    ['unsaid', 'emergency INC-1 nobody can pay'],
    ['unread', 'waive for this week only'],
  ] as const) {
    numbers[name] = await people.open({ ...more(name) }, { branch: name });
    const comment = await people.say(numbers[name], 'alice', `/threatgate ${word}`);
    await people.merge(numbers[name], 'bob');
    service.pass(2_000);
    if (name === 'unsaid') control.deleteComment({ by: 'alice', id: comment });
    else control.editComment({ by: 'alice', id: comment, body: 'Never mind.' });
  }
  const into = await rebuilding(service);
  await into.run();
  changes = new Map(changesIn(await into.records()).map((c) => [c.pullRequest, c]));
}, 120_000);
afterAll(() => service.close());

const more = (name: string) => ({
  [`infra/${name}.tf`]: `resource "aws_security_group" "${name}" {
  name = "orchard-${name}"
  ingress {
    from_port   = 8443
    to_port     = 8443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
`,
});

describe('filled in from a GitHub on which somebody had a hand', () => {
  test('what was left alone is believed', () => {
    expect(wayOf('believed').way).toBe('not-triggered');
  });

  test.each([
    ['deleted', /^No verdict on what was merged is on GitHub any more/],
    ['forged', /^No verdict on what was merged is on GitHub any more/],
    ['elsewhere', /^No verdict on what was merged is on GitHub any more/],
    [
      'altered',
      /^The verdict is not believed: check run \d+ has a verdict in its text that is not the one its digest names\.$/,
    ],
    ['cleared', /^The verdict is not believed: check run \d+ has no verdict in its text\.$/],
    [
      'late',
      /^What the check said when it was merged is not known: check run \d+ was written at .*, after it\.$/,
    ],
    [
      'greened',
      /^The verdict is not believed: check run \d+ is shown as success, and tells of a verdict that is failure\.$/,
    ],
    ['unsaid', /^The verdict of check run \d+ rests on an emergency that GitHub does not show any more\.$/],
    ['unread', /^The verdict of check run \d+ rests on a waiver that GitHub does not show any more\.$/],
  ])('a check that was %s leaves the merge unexplained, with the reason', (name, why) => {
    expect(wayOf(name)).toEqual({ way: 'unexplained', why: expect.stringMatching(why) });
  });

  test('a green of another App beside our red is no green', () => {
    expect(wayOf('red')).toEqual({
      way: 'bypassed',
      why: expect.stringMatching(/^Merged while the check of #\d+ said failure: /),
    });
  });
});
