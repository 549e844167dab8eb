import { beforeEach, describe, expect, test } from '@jest/globals';
import { git } from '../double/shared-git.ts';

import { serviceUnderTest, type ServiceUnderTest } from './harness.ts';
import { peopleOf, type People } from './people.ts';
import { CHANGES } from './shop.ts';

let service: ServiceUnderTest;
let people: People;
beforeEach(async () => {
  service = await serviceUnderTest({ git });
  await service.settle();
  people = peopleOf(service);
});

const writes = (): number => service.gh.requests.filter((r) => r.route.includes('/check-runs')).length;

describe('there is one check run', () => {
  test('per head, written only when it says something else', async () => {
    const number = await people.open('covered');
    const first = people.check(number);
    expect(first.name).toBe('Threatgate');
    await people.say(number, 'eve', 'What is this?');
    await people.settled(() =>
      service.gh.control.editPullRequest({ ...people.at(number), by: 'bob', body: 'x' }),
    );
    await people.settled(() => service.gh.control.setDraft({ ...people.at(number), by: 'bob', draft: true }));
    await people.settled(() =>
      service.gh.control.setDraft({ ...people.at(number), by: 'bob', draft: false }),
    );
    await people.settled(() => service.gh.control.close({ ...people.at(number), by: 'bob' }));
    await people.settled(() => service.gh.control.reopen({ ...people.at(number), by: 'bob' }));
    await service.reconcile();
    expect(writes()).toBe(1);
    await people.push('change', { 'NOTES.md': 'x\n' });
    expect(writes()).toBe(2);
    expect(people.check(number).id).not.toBe(first.id);
    await people.review(number, 'alice');
    expect(writes()).toBe(3);
    expect(people.runs(number)).toHaveLength(1);
  });

  test('that names repository, pull request and digest for the day its button is pressed', async () => {
    const number = await people.open('covered');
    const { id } = service.gh.world.repository('acme/shop');
    const [evaluated] = await people.records(number);
    expect(people.check(number).externalId).toBe(
      `threatgate:1:${id}:pull/${number}:${String(evaluated?.digest)}`,
    );
    expect(people.check(number).text).toContain(
      `Last record of this repository: ${String(evaluated?.sequence)}`,
    );
    expect(people.check(number).text).toContain(evaluated?.hash);
  });

  test('that leads to the page of its pull request', async () => {
    const number = await people.open('covered');
    expect(people.check(number).detailsUrl).toBe(`https://gate.example.com/audit/acme/shop/pull/${number}`);
  });

  test('when a pull request goes back to a head that it had', async () => {
    const number = await people.open('covered');
    const { headSha } = service.gh.observe.pull(people.at(number));
    await people.review(number, 'alice');
    await people.push('change', CHANGES.opened);
    await people.settled(() =>
      service.gh.control.pushRef({
        by: 'bob',
        repo: 'acme/shop',
        branch: 'change',
        sha: headSha,
        force: true,
      }),
    );
    expect(people.runs(number)).toHaveLength(1);
    expect(people.check(number).conclusion).toBe('success');
  });
});

test('a run that GitHub has deleted is made anew, once', async () => {
  const number = await people.open('covered');
  service.gh.world.checkRuns.delete(people.check(number).id);
  service.gh.control.review({ ...people.at(number), by: 'alice', state: 'approve' });
  await service.settle(60_000);
  expect(people.runs(number)).toHaveLength(1);
  expect(people.check(number).conclusion).toBe('success');
});

describe('two pull requests with one commit', () => {
  test('have a check run each, and pass together or not at all', async () => {
    service.gh.control.pushCommit({ by: 'ada', repo: 'acme/shop', branch: 'lax', files: CHANGES.covered });
    const strict = await people.open('covered', { branch: 'change' });
    await people.settled(() =>
      service.gh.control.pushRef({
        by: 'ada',
        repo: 'acme/shop',
        branch: 'lax',
        sha: people.commit('lax', CHANGES.covered, { by: 'ada', onto: 'main' }),
        force: true,
      }),
    );
    service.gh.control.pushRef({
      by: 'bob',
      repo: 'acme/shop',
      branch: 'twin',
      sha: service.gh.observe.pull(people.at(strict)).headSha,
    });
    const other = await people.settled(
      () =>
        service.gh.control.openPullRequest({ by: 'bob', repo: 'acme/shop', head: 'twin', base: 'lax' })
          .number,
    );
    expect(people.runs(strict)).toHaveLength(1);
    expect(people.runs(other)).toHaveLength(1);
    expect([people.check(strict).conclusion, people.check(other).conclusion]).toEqual([
      'action_required',
      'action_required',
    ]);
    await people.review(strict, 'alice');
    expect(people.check(strict).conclusion).toBe('action_required');
    expect(people.check(strict).summary).toContain(`Pull request \`#${other}\` has the same head commit`);
    expect(people.check(strict).title).toBe(`Would pass, but waits for #${other} with the same commit`);
    await people.review(other, 'alice');
    expect([people.check(strict).conclusion, people.check(other).conclusion]).toEqual(['success', 'success']);
    await people.say(other, 'alice', '/threatgate revoke');
    expect([people.check(strict).conclusion, people.check(other).conclusion]).toEqual([
      'action_required',
      'action_required',
    ]);
    await people.settled(() => service.gh.control.close({ ...people.at(other), by: 'bob' }));
    expect(people.check(strict).conclusion).toBe('success');
  });
});

describe('huge changes', () => {
  const bucket = (name: string): string => `resource "aws_s3_bucket" "${name}" {\n  bucket = "${name}"\n}\n`;

  test('stay within what GitHub takes, in bytes, and say what was left out', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 40 }, (_, i) => [
        `大規模/экспорт-${i}/main.tf`,
        Array.from({ length: 10 }, (__, k) => bucket(`экспорт_数据_${k}`)).join('\n'),
      ]),
    );
    const number = await people.open(files);
    const run = people.check(number);
    expect(run.conclusion).toBe('failure');
    for (const text of [run.summary ?? '', run.text ?? '']) {
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(65_535);
      expect(text.isWellFormed()).toBe(true);
    }
    expect(run.text).toContain('Left out here, but not in that digest:');
    expect(run.summary).toMatch(/… and \d+ more/);
    expect(run.annotations).toHaveLength(400);
    expect(service.gh.requests.filter((r) => r.route.includes('/check-runs'))).toHaveLength(8);
  });

  test('have five hundred annotations at most, the worst, each once, also when written again', async () => {
    const lines = Array.from({ length: 620 }, (_, i) => bucket(`b${i}`));
    const number = await people.open({ 'infra/many.tf': lines.join('\n') });
    expect(people.check(number).annotations).toHaveLength(500);
    expect(people.check(number).summary).toContain('120 more are left out');
    await people.say(number, 'alice', '/threatgate waive all of them are empty until the model is done');
    expect(people.check(number).conclusion).toBe('success');
    expect(people.check(number).annotations).toHaveLength(500);
  });
});
