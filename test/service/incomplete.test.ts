import { beforeEach, describe, expect, test } from '@jest/globals';
import { type DoubleOptions } from '../double/double.ts';
import { git } from '../double/shared-git.ts';
import { serviceUnderTest, type ServiceUnderTest } from './harness.ts';
import { peopleOf, type People } from './people.ts';
import { CHANGES, POLICY } from './shop.ts';

let service: ServiceUnderTest;
let people: People;
const serve = async (options: Omit<DoubleOptions, 'now'> = {}): Promise<void> => {
  service = await serviceUnderTest({ git, ...options });
  await service.settle();
  people = peopleOf(service);
};
beforeEach(() => serve());

const ARCHITECTURE = `${POLICY}architecture: ['infra/**']\n`;
const bucket = 'resource "aws_s3_bucket" "x" {\n  bucket = "x"\n}\n';

/** Whoever could not read everything never passes it, not even with everybody's consent. */
async function expectDoubt(number: number, why: string): Promise<void> {
  expect(people.check(number)).toMatchObject({ conclusion: 'failure' });
  expect(people.check(number).title).toMatch(/^Could not be judged: \d+ doubts?$/);
  expect(people.check(number).summary).toContain(why);
  await people.review(number, 'alice');
  await people.say(number, 'carol', '/threatgate waive it is only a file that cannot be read');
  expect(people.check(number).conclusion).toBe('failure');
}

describe('a file that cannot be read', () => {
  beforeEach(() => people.rule(ARCHITECTURE));

  test.each([
    [
      'larger than the policy allows',
      { 'infra/x.tf': `# ${'x'.repeat(1_100_000)}\n${bucket}` },
      'more than the 1000000',
    ],
    ['binary', { 'infra/x.tf': `${bucket}\0` }, 'it holds NUL bytes'],
    [
      'of another encoding',
      { 'infra/x.tf': Buffer.from([...Buffer.from(bucket), 0xe9, 0x0a]) },
      'not valid UTF-8',
    ],
    ['a symbolic link', { 'infra/x.tf': { mode: '120000', content: '../secrets.tf' } }, 'symbolic link'],
    ['a submodule', { 'infra/x.tf': { mode: '160000', content: '9'.repeat(40) } }, 'it is a submodule'],
    ['broken', { 'infra/x.tf': 'resource "aws_s3_bucket" "x" {{{' }, 'could not be read wholly'],
  ])('because it is %s', async (_, files, why) => {
    const number = await people.open({ ...CHANGES.covered, ...files });
    await expectDoubt(number, why);
    const { annotations } = people.check(number);
    expect(annotations.find((a) => a.path === 'infra/x.tf')?.annotation_level).toBe('failure');
  });

  test('because GitHub does not deliver its content', async () => {
    const { objects } = service.gh.world.repository('acme/shop');
    const original = objects.blob.bind(objects);
    const typeOf = objects.typeOf.bind(objects);
    const isLost = (oid: string): boolean => original(oid)?.toString().startsWith('# lost') ?? false;
    Object.assign(objects, {
      blob: (oid: string) => (isLost(oid) ? undefined : original(oid)),
      typeOf: (oid: string) => (typeOf(oid) === 'blob' && isLost(oid) ? undefined : typeOf(oid)),
    });
    const number = await people.open({ ...CHANGES.covered, 'infra/x.tf': `# lost\n${bucket}` });
    await expectDoubt(number, 'is not in the repository as fetched');
    Object.assign(objects, { blob: original, typeOf });
    await people.say(number, 'bob', '/threatgate recheck');
    expect(people.check(number).title).toBe('1 fact of 3 is not in the model');
  });

  test('in a model, whatever the policy says', async () => {
    const number = await people.open({
      ...CHANGES.covered,
      'docs/threat-model.md': `${CHANGES.covered['docs/threat-model.md'] ?? ''}\0`,
    });
    await expectDoubt(number, 'docs/threat-model.md');
  });
});

test('a list of files that is cut short', async () => {
  await serve({ limits: { treeEntries: 8 } });
  const number = await people.open('covered');
  await expectDoubt(number, 'The list of files was cut short');
});

describe('another number of changed files than GitHub counts', () => {
  test('is put down to lists that lag behind, for a while, and then it is a doubt', async () => {
    const pulls = service.gh.world.pulls;
    people.commit('change', CHANGES.covered);
    const { number } = service.gh.control.openPullRequest({ by: 'bob', repo: 'acme/shop', head: 'change' });
    const other = people.commit('other', { ...CHANGES.quiet, 'NOTES.md': 'x\n' }, { onto: 'main' });
    const pull = [...pulls.values()].find((p) => p.number === number);
    if (!pull) throw new Error('There is no pull request.');
    // What is counted is what the double compares; it is shown another commit for that.
    const { objects } = pull.repository;
    const diff = objects.diff.bind(objects);
    Object.assign(objects, {
      diff: (from: string, to: string) => diff(from, to === pull.headSha ? other : to),
    });
    await service.settle();
    expect(people.runs(number)).toEqual([]);
    await service.settle(120_000);
    await expectDoubt(number, 'GitHub says that 3 files change');
    Object.assign(objects, { diff });
    await people.say(number, 'bob', '/threatgate recheck');
    expect(people.check(number).title).not.toContain('Could not be judged');
  });

  test('is not made of a rename, a changed mode or a submodule', async () => {
    const number = await people.open({
      'README.md': null,
      'LIESMICH.md': '# Orchard\n\nA small shop: an API, a database of orders and a bucket of receipts.\n',
      'package.json': { mode: '100755', content: CHANGES.quiet['package.json'] ?? '' },
      vendor: { mode: '160000', content: '9'.repeat(40) },
    });
    expect(people.check(number)).toMatchObject({ conclusion: 'success' });
  });
});

/** Many commits by Bob in one go. */
function chain(onto: string, count: number): string {
  const script = Array.from({ length: count }, (_, i) =>
    [
      `commit refs/double/chain`,
      `mark :${i + 1}`,
      `committer Bob <bob@example.org> ${i} +0000`,
      `data 1\nx`,
      `from ${i === 0 ? onto : `:${i}`}`,
      `M 100644 inline NOTES.md\ndata 3\n${100 + i}`,
    ].join('\n'),
  );
  const { objects } = service.gh.world.repository('acme/shop');
  const { stdout } = objects.git(['-c', 'fastimport.unpackLimit=9999', 'fast-import', '--quiet', '--force'], {
    input: Buffer.from(`${script.join('\n')}\nget-mark :${count}\n`),
  });
  return stdout.toString().trim();
}

describe('a long story', () => {
  test('of more than a hundred commits is read to its beginning', async () => {
    const start = people.commit('change', CHANGES.covered, {
      author: { name: 'Alice', email: 'alice@example.org' },
    });
    const sha = chain(start, 104);
    service.gh.control.pushRef({ by: 'bob', repo: 'acme/shop', branch: 'change', sha });
    const number = await people.open({ 'NOTES.md': 'Done.\n' });
    await people.review(number, 'alice');
    expect((await people.last(number, 'decision-refused')).details['reason']).toContain('wrote or committed');
    await people.review(number, 'carol');
    expect(people.check(number).conclusion).toBe('success');
  });

  test('of more than a hundred comments is heard to its beginning', async () => {
    const number = await people.open('covered');
    service.pass(2_000);
    service.gh.control.comment({ ...people.at(number), by: 'alice', body: '/threatgate approve' });
    for (let i = 0; i < 120; i++) {
      service.gh.control.comment({ ...people.at(number), by: 'eve', body: `Number ${i}` });
    }
    await service.settle();
    expect(people.check(number).conclusion).toBe('success');
  });

  test('longer than what can be listed passes nothing that needs a yes', async () => {
    const number = await people.open('covered');
    const [comment] = people.asked(number);
    await people.review(number, 'alice');
    for (let i = 0; i < 101; i++)
      service.gh.control.replyToReviewComment({ by: 'eve', id: comment?.id ?? 0, body: `Number ${i}` });
    await people.say(number, 'bob', '/threatgate recheck');
    expect(people.check(number).conclusion).toBe('failure');
    expect(people.check(number).summary).toContain('There are more reviews and comments than GitHub lists');
  });
});
