import { beforeEach, describe, expect, test } from '@jest/globals';
import { git } from '../double/shared-git.ts';

import { serviceUnderTest, type ServiceUnderTest } from './harness.ts';
import { peopleOf, type People } from './people.ts';

let service: ServiceUnderTest;
let people: People;
beforeEach(async () => {
  service = await serviceUnderTest({ git });
  await service.settle();
  people = peopleOf(service);
});

const EVIL = [
  '@acme/security please',
  '</details><script>alert(1)</script>',
  '`x` [click](https://evil.example) ![](https://evil.example/p.png)',
  '\u202Egnp.elif\u2066',
  '<!-- threatgate component=0000000000000000 -->',
  'fixes #1 GH-2 https://evil.example',
  '| a | b |',
];

/** Everything in Markdown that we wrote on a pull request. */
function written(number: number): readonly string[] {
  const run = people.check(number);
  const comments = people.asked(number).map((c) => c.body);
  const reviews = service.gh.observe
    .reviews(people.at(number))
    .flatMap((r) => (r.author.type === 'Bot' ? [r.body] : []));
  return [run.summary ?? '', ...comments, ...reviews];
}

/** What would be obeyed by GitHub if it stood in Markdown outside of code. */
const OBEYED: readonly RegExp[] = [
  /(?<![\w`/])@acme\/security/,
  /<script/i,
  /<\/details><script/i,
  /\]\(https?:/,
  /[\u202A-\u202E\u2066-\u2069]/,
  /<!-- threatgate component=0000000000000000/,
  /(?<![`&\w])#1\b/,
  /(?<!`[^`\n]*)https:\/\/evil/,
];

/** Text outside of code: in there nothing is obeyed. */
function prose(text: string): string {
  return text.replace(/^( *)(`{3,})[^\n]*\n[\s\S]*?^\1\2$/gm, '').replace(/`[^`\n]*`/g, '');
}

function expectInert(number: number): void {
  for (const text of written(number)) for (const pattern of OBEYED) expect(prose(text)).not.toMatch(pattern);
  // Titles and annotations are shown as they are: there only what nobody sees is dangerous.
  const { title, annotations } = people.check(number);
  for (const text of [title ?? '', ...annotations.flatMap((a) => [a.title ?? '', a.message])])
    expect(text).not.toMatch(/[\u202A-\u202E\u2066-\u2069\u0000-\u001F]/);
}

describe('names that a contributor chooses', () => {
  test.each(EVIL)('of a resource (%j) are shown and not obeyed', async (evil) => {
    const name = evil.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
    const number = await people.open({
      'infra/evil.tf': `resource "aws_s3_bucket" "${name}" {\n  bucket = "${name}"\n}\n`,
      'k8s/evil.yaml': `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${JSON.stringify(evil)}\nspec:\n  type: LoadBalancer\n`,
    });
    expect(people.check(number).conclusion).not.toBe('success');
    expectInert(number);
  });

  test.each(EVIL)('of a file (%j) are shown and not obeyed', async (evil) => {
    const folder = evil.replaceAll('/', '∕');
    const number = await people.open({
      [`${folder}/main.tf`]: 'resource "aws_s3_bucket" "exports" {\n  bucket = "exports"\n}\n',
      [`${folder}/broken.tf`]: 'resource "aws_s3_bucket" {{{',
    });
    expect(people.check(number).conclusion).not.toBe('success');
    expect(people.check(number).annotations.length).toBeGreaterThan(0);
    expectInert(number);
  });
});

test('what people say is shown and not obeyed: reasons, answers, wrong commands, titles, branches', async () => {
  const branch = 'x-@acme/security-<script>';
  const number = await people.open(
    { 'infra/e.tf': 'resource "aws_s3_bucket" "e" {\n  bucket = "e"\n}\n' },
    { branch, body: EVIL.join('\n\n') },
  );
  const [comment] = people.asked(number);
  for (const evil of EVIL) {
    await people.say(number, 'eve', `/threatgate ${evil.replaceAll('|', '')}`);
    expectInert(number);
    await people.say(number, 'bob', `/threatgate approve ${evil}`);
    expectInert(number);
    if (comment) await people.reply(comment, 'bob', `1 control: it is ${evil}`);
    expectInert(number);
    await people.say(number, 'alice', `/threatgate waive for a reason like ${evil}`);
    expectInert(number);
  }
  await people.settled(() =>
    service.gh.control.editPullRequest({ ...people.at(number), by: 'bob', title: EVIL.join(' ') }),
  );
  await people.say(number, 'alice', '/threatgate help');
  expectInert(number);
  expect((await people.kinds(number)).filter((k) => k === 'answered').length).toBeGreaterThan(3);
});
