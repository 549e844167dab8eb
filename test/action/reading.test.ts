import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeTemporaryFolders, temporaryRepository } from '../local/temporary-repository.ts';
import { CHANGES, POLICY, SHOP } from '../service/shop.ts';
import { peopleOf, type People } from './people.ts';
import { actionUnderTest, REPO, type ActionUnderTest, type Ran } from './runner.ts';

let action: ActionUnderTest;
let people: People;
beforeEach(async () => {
  action = await actionUnderTest();
  people = peopleOf(action);
});
afterEach(() => action.close());
afterAll(removeTemporaryFolders);

const run = (env: Readonly<Record<string, string>> = {}): Promise<Ran> =>
  action.run({ event: 'pull_request', env, inputs: { comments: 'false' } });
const files = (ran: Ran): number => ran.requests.filter((r) => /trees|blobs/.test(r)).length;

describe('a checkout', () => {
  /** As `actions/checkout` leaves it, with the objects of these commits. */
  function checkout(number: number, depth: 'all' | 'head'): string {
    const clone = temporaryRepository('shop');
    const { repository, headSha } = action.gh.observe.pull({ repo: REPO, number });
    const objects = join(repository.objects.dir, 'objects');
    if (depth === 'all') writeFileSync(join(clone.dir, '.git/objects/info/alternates'), `${objects}\n`);
    else clone.git('fetch', '--quiet', '--depth=1', repository.objects.dir, headSha);
    clone.git('checkout', '--quiet', headSha);
    return clone.dir;
  }

  test('with the whole history saves requests, and the verdict is the same', async () => {
    const number = await people.open('uncovered');
    const without = await run();
    const ran = await run({ GITHUB_WORKSPACE: checkout(number, 'all') });
    expect(ran.file('verdict')).toBe(without.file('verdict'));
    expect(ran.requests).toEqual(['POST /graphql']);
  });

  test('of the newest commit alone is used as far as it goes', async () => {
    const number = await people.open('uncovered');
    const without = await run();
    const ran = await run({ GITHUB_WORKSPACE: checkout(number, 'head') });
    expect(ran.file('verdict')).toBe(without.file('verdict'));
    expect(files(ran)).toBe(1);
  });

  test('that is none, or broken, is left aside', async () => {
    const number = await people.open('uncovered');
    const without = await run();
    const empty = temporaryRepository('shop').dir;
    const broken = checkout(number, 'head');
    writeFileSync(join(broken, '.git/HEAD'), 'nonsense');
    const plain = join(empty, 'plain');
    mkdirSync(plain);
    for (const folder of ['/nowhere', empty, broken, plain]) {
      const ran = await run({ GITHUB_WORKSPACE: folder });
      expect(ran.code).toBe(1);
      expect(ran.file('verdict')).toBe(without.file('verdict'));
    }
  });
});

describe('a model in another repository', () => {
  const MODEL = 'docs/threat-model.md';
  const other = (visibility: 'public' | 'private'): void => {
    action.gh.control.createRepository({
      owner: 'acme',
      name: 'models',
      private: visibility === 'private',
      files: { [MODEL]: SHOP[MODEL] ?? '' },
      collaborators: { bob: 'write' },
    });
    action.gh.control.pushCommit({
      by: 'bob',
      repo: 'acme/models',
      branch: 'change',
      files: { [MODEL]: CHANGES.covered[MODEL] ?? '' },
    });
    action.gh.control.openPullRequest({ by: 'bob', repo: 'acme/models', head: 'change', title: 'Exports' });
  };
  const linked = async (): Promise<void> => {
    await people.rule(`${POLICY}linked:\n  repositories: [acme/models]\n`);
    const number = await people.open('uncovered');
    const body = 'Threat-Model: acme/models#1';
    await action.act(() => action.gh.control.editPullRequest({ by: 'bob', repo: REPO, number, body }));
  };

  test('covers the change where the token may read it', async () => {
    other('public');
    await linked();
    expect((await run()).outputs['conclusion']).toBe('action_required');
  });

  test('does not where it may not, and what to do is said', async () => {
    other('private');
    await linked();
    const ran = await run();
    expect(ran.code).not.toBe(0);
    expect(ran.summary).toContain('the token of the workflow cannot read that repository');
    expect(ran.summary).toContain('Give the Action a');
  });
});
