import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { git } from '../double/shared-git.ts';
import { canonicalJson, digestOf } from '../../src/core/digest.ts';
import type { Verdict } from '../../src/core/model/verdict.ts';
import { renderJson } from '../../src/core/report/json.ts';
import { approvalsOf } from '../../src/review/pull-request/said.ts';
import { threatgate } from '../cli/command-line.ts';

import { removeTemporaryFolders, temporaryRepository } from '../local/temporary-repository.ts';
import { serviceUnderTest, type ServiceUnderTest } from './harness.ts';
import { peopleOf, type People } from './people.ts';
import { CHANGES, POLICY, POLICY_PATH } from './shop.ts';
import { runAction } from '../action/runner.ts';

afterAll(() => {
  removeTemporaryFolders();
});

let service: ServiceUnderTest;
let people: People;
beforeEach(async () => {
  service = await serviceUnderTest({ git });
  await service.settle();
  people = peopleOf(service);
});

/** A clone of the repository as it stands at GitHub, with the pull request's head checked out. */
function checkout(number: number): string {
  const clone = temporaryRepository('shop');
  const { repository, headSha, baseRef } = service.gh.observe.pull(people.at(number));
  writeFileSync(
    join(clone.dir, '.git/objects/info/alternates'),
    `${join(repository.objects.dir, 'objects')}\n`,
  );
  clone.git('remote', 'add', 'origin', 'https://github.com/acme/shop.git');
  clone.git('update-ref', 'refs/remotes/origin/main', service.gh.control.tip('acme/shop', 'main'));
  clone.git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/main');
  clone.git('update-ref', `refs/remotes/origin/${baseRef}`, service.gh.control.tip('acme/shop', baseRef));
  clone.git('checkout', '--quiet', '-b', 'topic', headSha);
  return clone.dir;
}

/** What the command line says about the same commits, told the same decisions, at the same instant. */
async function told(number: number): Promise<string> {
  const dir = checkout(number);
  const { baseRef } = service.gh.observe.pull(people.at(number));
  writeFileSync(join(dir, '.git/said.json'), JSON.stringify(approvalsOf(await people.records(number))));
  const evaluated = await people.last(number, 'evaluated');
  const { out } = await threatgate(
    dir,
    ...['check', '--base', `origin/${baseRef}`, '--format', 'json'],
    ...['--approvals', '.git/said.json', '--at', evaluated.at],
  );
  return out;
}

async function expectOne(number: number): Promise<void> {
  const stored = await people.verdict(number);
  const out = await told(number);
  expect(out).toBe(renderJson(stored));
  expect(canonicalJson(JSON.parse(out) as Verdict)).toBe(canonicalJson(stored));
  expect(people.check(number).text).toContain(digestOf(out));
}

/** The same from a run of the Action, which reads everything anew. */
async function expectActionToo(number: number): Promise<void> {
  const listening = await service.gh.listen();
  try {
    const { id, owner, name } = service.gh.world.repository('acme/shop');
    const payload = {
      action: 'synchronize',
      repository: { id, full_name: `${owner.login}/${name}`, default_branch: 'main', private: false },
      pull_request: { number },
    };
    const at = { gh: service.gh, url: listening.url, told: new Map() };
    const ran = await runAction({ event: 'pull_request', payload, inputs: { comments: 'false' } }, at);
    // The App dates a decision when it heard of it, the Action when GitHub says that it was made.
    const dated = (text: string): string => text.replace(/(Approved by [^"]* at )[\dT:.-]+Z/g, '$1…');
    expect(dated(ran.file('verdict'))).toBe(dated(await told(number)));
  } finally {
    await listening.close();
  }
}

describe('the App and the command line give the same bytes', () => {
  test.each(Object.keys(CHANGES) as (keyof typeof CHANGES)[])('for the change “%s”', async (change) => {
    const number = await people.open(change);
    await expectOne(number);
    await expectActionToo(number);
  });

  test('and so does the Action, for what reviews approve, end and take back', async () => {
    const number = await people.open('covered');
    await people.review(number, 'alice');
    await expectOne(number);
    await expectActionToo(number);
    await people.push('change', { 'NOTES.md': 'more\n' });
    await expectActionToo(number);
    await people.push('change', CHANGES.opened);
    await expectOne(number);
    await expectActionToo(number);
  });

  test('for what is approved, answered, taken back, waived and refused', async () => {
    await people.rule(`${POLICY}questions:\n  answers: required\n`);
    const number = await people.open('covered');
    await people.review(number, 'alice');
    const [comment] = people.asked(number);
    if (comment) await people.reply(comment, 'bob', '1 accept: the shop team, it is empty, until 2027-03-01');
    await expectOne(number);
    await people.say(number, 'eve', '/threatgate approve');
    await people.say(number, 'alice', '/threatgate revoke');
    await expectOne(number);
    await people.say(number, 'carol', '/threatgate waive the export is switched off until 2026-12-24');
    await expectOne(number);
    await people.push('change', CHANGES.opened);
    await expectOne(number);
  });

  test('for what cannot be read', async () => {
    await people.rule(`${POLICY}architecture: ['infra/**']\n`);
    await expectOne(
      await people.open({
        ...CHANGES.covered,
        'infra/binary.tf': '\0',
        'infra/link.tf': { mode: '120000', content: '../x' },
        'infra/broken.tf': 'resource {{{',
        'infra/large.tf': `# ${'x'.repeat(1_100_000)}\n`,
        'infra/Ünïcödé.tf': '\uFEFFresource "aws_s3_bucket" "ü" {}\r\n',
        vendor: { mode: '160000', content: '9'.repeat(40) },
        'README.md': null,
      }),
    );
    await expectActionToo(1);
  });

  test('under a policy that is not valid, and under none', async () => {
    await people.rule('version: 1\nmod: enforce\n');
    const number = await people.open('uncovered');
    await expectOne(number);
    await expectActionToo(number);
    await people.settled(() =>
      service.gh.control.directPush({
        by: 'ada',
        repo: 'acme/shop',
        branch: 'main',
        files: { [POLICY_PATH]: null },
      }),
    );
    await expectOne(number);
  });

  test('against another base than the default branch, which has moved on since', async () => {
    service.gh.control.pushCommit({ by: 'ada', repo: 'acme/shop', branch: 'next', files: CHANGES.opened });
    const number = await people.open('covered', { base: 'next', commit: { from: 'next' } });
    service.gh.control.pushCommit({ by: 'ada', repo: 'acme/shop', branch: 'next', files: { 'x.md': 'x\n' } });
    await people.say(number, 'bob', '/threatgate recheck');
    await expectOne(number);
  });
});
