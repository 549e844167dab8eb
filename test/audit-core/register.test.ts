import { expect, test } from '@jest/globals';
import { registerOf, type Register } from '../../src/core/audit/register.ts';
import { actor, chain, decided, evaluated, merged, type Draft } from './records.ts';

const AT = '2027-01-01T00:00:00Z';
const register = (drafts: readonly Draft[], at = AT): Register => registerOf(chain(...drafts), at);
const answered = (answer: string, details = {}, pullRequest = 1, more = {}): Draft =>
  decided(
    'answered',
    pullRequest,
    { question: 'OBJ-I1', address: 'aws_s3_bucket.exports', scope: 'infra', answer, ...details },
    { actor: actor('bob', 'author'), ...more },
  );
const accepted = { text: 'exports are small', owner: '@bob', expires: '2027-03-01T23:59:59.999Z' };

test('an accepted risk with its owner, its end, and who said so when', () => {
  const found = register([
    evaluated(1),
    answered('accept', { ...accepted, saidAt: '2026-11-02T09:00:30Z' }),
    merged(1),
  ]);
  expect(found).toEqual({
    at: AT,
    accepted: [
      {
        repository: { id: 1, name: 'acme/shop' },
        pullRequest: 1,
        record: 2,
        question: 'OBJ-I1',
        catalogue: '3',
        address: 'aws_s3_bucket.exports',
        scope: 'infra',
        by: actor('bob', 'author'),
        at: '2026-11-02T09:00:30Z',
        text: 'exports are small',
        state: 'merged',
        later: undefined,
        owner: '@bob',
        expires: '2027-03-01T23:59:59.999Z',
        validity: 'standing',
      },
    ],
    tickets: [],
    controls: [],
  });
});

test('as of a day: what came later is not known, what ran out says so', () => {
  const drafts = [answered('accept', accepted, 1, { at: '2026-11-10T00:00:00.000Z' })];
  const validity = (at: string): unknown => register(drafts, at).accepted.map((r) => r.validity);
  expect(validity('2026-11-09T00:00:00Z')).toEqual([]);
  expect(validity('2026-11-10T00:00:00Z')).toEqual(['standing']);
  expect(validity('2027-03-02T00:00:00Z')).toEqual(['expired']);
  const endless = register([answered('accept', { text: 'never mind' })]).accepted[0];
  expect(endless).toMatchObject({ validity: 'unlimited', owner: 'not on record', catalogue: undefined });
});

test('the last word on a question stands alone, one about another component beside it', () => {
  const last = (...answers: readonly string[]): unknown => {
    const { accepted: a, tickets, controls } = register(answers.map((answer) => answered(answer, accepted)));
    return [a.length, tickets.length, controls.length];
  };
  expect(last('accept', 'control')).toEqual([0, 0, 1]);
  expect(last('control', 'accept')).toEqual([1, 0, 0]);
  expect(last('accept', 'open')).toEqual([0, 0, 0]);
  expect(last('accept', 'considered', 'ticket')).toEqual([0, 1, 0]);
  const other = answered('accept', { ...accepted, address: 'aws_s3_bucket.archive' });
  expect(register([answered('accept', accepted), other]).accepted.map((r) => r.address)).toEqual([
    'aws_s3_bucket.archive',
    'aws_s3_bucket.exports',
  ]);
});

test('a later pull request ends nothing by itself, but is pointed to', () => {
  const { accepted: risks, controls } = register([
    answered('accept', accepted),
    merged(1),
    answered('control', { text: 'encrypted' }, 2),
    { kind: 'closed', pullRequest: 2 },
    answered('ticket', { text: 'OPS-12' }, 3),
  ]);
  expect(risks).toMatchObject([{ state: 'merged', later: { record: 5, pullRequest: 3, kind: 'ticket' } }]);
  expect(controls).toMatchObject([{ state: 'closed', text: 'encrypted' }]);
});
