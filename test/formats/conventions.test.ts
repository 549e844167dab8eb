import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readConventions, readDate, readTickets } from '../../src/core/formats/conventions.ts';
import { classifyReference } from '../../src/core/formats/reading/references.ts';

const values = (text: string) =>
  readConventions(text).refs.map((ref) => `${ref.from} ${ref.kind} ${ref.value}`);

describe('resources', () => {
  test.each([
    ['Resource: aws_s3_bucket.logs', ['explicit address aws_s3_bucket.logs']],
    ['**Resource:** `aws_s3_bucket.logs`', ['explicit address aws_s3_bucket.logs']],
    [
      '- resources: aws_sqs_queue.*, AWS::S3::Bucket Logs; job release.publish',
      [
        'explicit address aws_sqs_queue.*',
        'explicit address AWS::S3::Bucket Logs',
        'explicit address job release.publish',
      ],
    ],
    [
      'Resources:\n- npm:stripe\n- Deployment/prod/api\n\n- not.me',
      ['explicit address npm:stripe', 'explicit address Deployment/prod/api'],
    ],
    ['Encrypted. Resource: aws_kms_key.a. Owner: @x', ['explicit address aws_kms_key.a']],
    ['Resource: aws_a\\_b.c\\*', ['explicit address aws_a_b.c*']],
    [
      'Resource: `module.a`<br>Resource: module.b',
      ['explicit address module.a', 'explicit address module.b'],
    ],
    ['Resource: n/a', []],
    ['the human resource: people', []],
    [
      'see `aws_s3_bucket.logs`, `npm install` and `src/x.ts:10`',
      ['text address aws_s3_bucket.logs', 'text file src/x.ts:10'],
    ],
    ['arn:aws:s3:::bucket/key. And more', ['text arn arn:aws:s3:::bucket/key']],
    [
      'Resource: aws_s3_bucket.logs, also `aws_s3_bucket.logs`',
      ['explicit address aws_s3_bucket.logs', 'explicit address also aws_s3_bucket.logs'],
    ],
  ])('%j', (text, expected) => {
    expect(values(text)).toEqual(expected);
  });

  test.each([
    ['aws_s3_bucket.logs', 'address'],
    ['aws_s3_bucket.logs[0]', 'address'],
    ['module.net.aws_subnet.a', 'address'],
    ['data.aws_iam_policy_document.x', 'address'],
    ['google_*.x', 'address'],
    ['AWS::Serverless::Function Api', 'address'],
    ['Deployment/prod/api', 'address'],
    ['service/api', 'address'],
    ['POST /v1/payments', 'address'],
    ['pypi:django', 'address'],
    ['arn:aws:iam::1:role/x', 'arn'],
    ['https://example.org/x', 'url'],
    ['ghcr.io/acme/api:1.2', 'image'],
    ['.github/workflows/ci.yml', 'file'],
    ['main.tf:3-9', 'file'],
    ['src/app/', 'file'],
    ['hello', undefined],
    ['foo.bar', undefined],
    ['GET', undefined],
    ['a', undefined],
  ])('%s is %s', (text, kind) => {
    expect(classifyReference(text)).toBe(kind);
  });
});

test('owner, tickets, dates and reasons, also several in one line', () => {
  expect(
    readConventions(
      'We live with it. Owner: @team. Ticket: ABC-1, #12 Expires: 2027-06-30; Justification: it is old',
    ),
  ).toEqual({
    refs: [],
    owner: '@team',
    tickets: ['ABC-1', '#12'],
    expires: '2027-06-30',
    justification: 'it is old',
  });
  expect(readConventions('**Risk owner**: Ann\n_Due:_ by 2027/03/01')).toMatchObject({
    owner: 'Ann',
    due: '2027-03-01',
  });
  expect(readConventions('Owner: TBD\nTicket: -\nDue: soon')).toEqual({ refs: [], tickets: [] });
});

test.each([
  ['https://jira.example/ABC-1', ['https://jira.example/ABC-1']],
  ['owner/repo#12 and GH-7', ['owner/repo#12', 'GH-7']],
  ['Backlog of May', ['Backlog of May']],
  ['none', []],
])('tickets in %j', (text, expected) => {
  expect(readTickets(text)).toEqual(expected);
});

test.each([
  ['2027-13-01', undefined],
  ['2027-12-32', undefined],
  ['on 2027-12-31.', '2027-12-31'],
  ['1.2.2027', undefined],
])('date %j', (text, expected) => {
  expect(readDate(text)).toBe(expected);
});

test('never throws and stays fast on hostile text', () => {
  for (const unit of ['`a', 'Owner: ', 'arn:aws:', '<br ', ' ', '-', '**', 'a/', 'Resource: a,', '[[', '|'])
    expect(readConventions(unit.repeat(Math.ceil(1_000_000 / unit.length))).tickets).toEqual([]);
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (text) => {
      expect(Array.isArray(readConventions(text).refs)).toBe(true);
    }),
    { seed: 7, numRuns: 300 },
  );
});
