import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compareStatements } from '../../src/core/access/compare.ts';
import { covers, intersects } from '../../src/core/access/globs.ts';
import {
  caseless,
  condition,
  NOTHING,
  terms,
  type Condition,
  type Statement,
} from '../../src/core/access/statement.ts';
import { stopwatch } from '../stopwatch.ts';

const allow = (
  actions: string[],
  resources: string[],
  o: { principals?: string[]; conditions?: Condition[]; effect?: 'allow' | 'deny' } = {},
): Statement => ({
  system: 'aws',
  effect: o.effect ?? 'allow',
  principals: o.principals ? terms(o.principals) : NOTHING,
  actions: caseless(actions),
  resources: terms(resources),
  conditions: o.conditions ?? [],
  line: 1,
});
const direction = (base: Statement[], head: Statement[]): string => compareStatements(base, head).direction;

describe('globs', () => {
  test.each([
    ['*', 's3:GetObject', true],
    ['s3:*', 's3:getobject', true],
    ['s3:Get*', 's3:GetObject*', true],
    ['s3:GetObject', 's3:Get*', false],
    ['a*c', 'abbbc', true],
    ['a*c', 'abbb', false],
    ['a?c', 'abc', true],
    ['a?c', 'a*c', false],
    ['*a*b*', 'xxaxxbxx', true],
    ['', '', true],
  ])('%s covers %s: %s', (outer, inner, want) => {
    expect(covers(outer, inner)).toBe(want);
  });

  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 });
  const plain = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 });

  test('what is covered is matched, and what both match makes them meet', () => {
    fc.assert(
      fc.property(pattern, pattern, plain, (x, y, text) => {
        if (covers(x, y) && covers(y, text)) expect(covers(x, text)).toBe(true);
        if (covers(x, text) && covers(y, text)) expect(intersects(x, y)).toBe(true);
        expect(intersects(x, y)).toBe(intersects(y, x));
      }),
      { seed: 7, numRuns: 3_000 },
    );
  });

  test('hostile patterns end soon', () => {
    const took = stopwatch();
    covers(`${'*a'.repeat(400)}b`, 'a'.repeat(999));
    intersects(`${'*a'.repeat(400)}b`, '?a*'.repeat(300));
    covers('*a'.repeat(500_000), 'a'.repeat(1_000_000));
    expect(took()).toBeLessThan(1_500);
  });
});

describe('comparison of statements', () => {
  test('spelling, order and splitting are no difference', () => {
    const whole = [allow(['s3:GetObject', 's3:PutObject'], ['arn:a', 'arn:b'])];
    const split = [
      allow(['S3:putobject'], ['arn:b']),
      allow(['s3:GetObject'], ['arn:b', 'arn:a']),
      allow(['s3:PutObject'], ['arn:a']),
    ];
    expect(direction(whole, split)).toBe('none');
    expect(direction(split, whole)).toBe('none');
  });

  test('an action, a resource or a principal more widens, one less narrows', () => {
    const small = allow(['s3:GetObject'], ['arn:a'], { principals: ['aws:111122223333'] });
    expect(
      direction(
        [small],
        [allow(['s3:GetObject', 's3:PutObject'], ['arn:a'], { principals: ['aws:111122223333'] })],
      ),
    ).toBe('widened');
    expect(
      direction([small], [allow(['s3:GetObject'], ['arn:a', 'arn:b'], { principals: ['aws:111122223333'] })]),
    ).toBe('widened');
    expect(
      direction(
        [small],
        [allow(['s3:GetObject'], ['arn:a'], { principals: ['aws:111122223333', 'aws:444455556666'] })],
      ),
    ).toBe('widened');
    expect(direction([allow(['s3:*'], ['*'])], [allow(['s3:GetObject'], ['arn:a'])])).toBe('narrowed');
  });

  test('a listed action under a wildcard adds nothing', () => {
    expect(direction([allow(['s3:*'], ['*'])], [allow(['s3:*', 's3:GetObject'], ['*', 'arn:a'])])).toBe(
      'none',
    );
  });

  test('something else is a change', () => {
    const c = compareStatements([allow(['sqs:SendMessage'], ['arn:q'])], [allow(['sns:Publish'], ['arn:t'])]);
    expect(c.direction).toBe('changed');
    expect(c.gained.map((g) => g.actions.patterns)).toEqual([['sns:publish']]);
    expect(c.lost.map((g) => g.actions.patterns)).toEqual([['sqs:sendmessage']]);
  });

  test('a deny works the other way round', () => {
    const deny = allow(['s3:*'], ['*'], { effect: 'deny' });
    expect(direction([], [deny])).toBe('narrowed');
    expect(direction([deny], [])).toBe('widened');
  });

  test('a condition more narrows, one less widens, more values widen', () => {
    const free = allow(['s3:GetObject'], ['arn:a']);
    const tied = allow(['s3:GetObject'], ['arn:a'], {
      conditions: [condition('StringEquals', 'aws:SourceAccount', ['1'])],
    });
    const looser = allow(['s3:GetObject'], ['arn:a'], {
      conditions: [condition('StringEquals', 'aws:SourceAccount', ['1', '2'])],
    });
    expect(direction([free], [tied])).toBe('narrowed');
    expect(direction([tied], [free])).toBe('widened');
    expect(direction([tied], [looser])).toBe('widened');
    expect(compareStatements([tied], [free]).gained[0]?.differs).toBe('conditions');
    const but = (values: string[]): Statement =>
      allow(['s3:GetObject'], ['arn:a'], {
        conditions: [condition('StringNotEquals', 'aws:SourceVpc', values)],
      });
    expect(direction([but(['v1', 'v2'])], [but(['v1'])])).toBe('widened');
  });

  test('everything but X: fewer exceptions are wider', () => {
    const but = (...names: string[]): Statement => ({ ...allow([], ['*']), actions: caseless(names, true) });
    expect(direction([but('iam:*', 'kms:*')], [but('iam:*')])).toBe('widened');
    expect(direction([but('iam:*')], [allow(['s3:GetObject'], ['*'])])).toBe('narrowed');
    expect(direction([but('iam:*')], [but('iam:*'), allow(['iam:GetRole'], ['*'])])).toBe('widened');
  });

  test('ten thousand actions are compared at once, and one more is found', () => {
    const actions = Array.from({ length: 10_000 }, (_, i) => `svc${i % 50}:Action${i}`);
    const took = stopwatch();
    const c = compareStatements(
      [allow(actions, ['*'])],
      [allow([...actions.toReversed(), 'iam:PassRole'], ['*'])],
    );
    expect(took()).toBeLessThan(3_000);
    expect(c.gained.map((g) => g.actions.patterns)).toEqual([['iam:passrole']]);
    expect(c.lost).toEqual([]);
  });

  test('ten thousand patterns against ten thousand others end at a bound', () => {
    const wild = (k: string): Statement[] =>
      Array.from({ length: 10_000 }, (_, i) => allow([`${k}${i}*a*b*`], [`arn:${i}*`]));
    const took = stopwatch();
    expect(direction(wild('x'), wild('y'))).toBe('changed');
    expect(took()).toBeLessThan(8_000);
  });
});

describe('properties of the comparison', () => {
  const name = fc.constantFrom(
    's3:GetObject',
    's3:PutObject',
    's3:*',
    'sqs:SendMessage',
    'sqs:*',
    '*',
    'iam:PassRole',
  );
  const place = fc.constantFrom('arn:a', 'arn:b', 'arn:*', '*');
  const statement = fc
    .record({
      actions: fc.array(name, { minLength: 1, maxLength: 4 }),
      resources: fc.array(place, { minLength: 1, maxLength: 3 }),
      deny: fc.boolean(),
    })
    .map((s) => allow(s.actions, s.resources, { effect: s.deny ? 'deny' : 'allow' }));
  const list = fc.array(statement, { maxLength: 5 });

  test('comparing with itself, in any order and split to atoms, finds nothing', () => {
    fc.assert(
      fc.property(list, (statements) => {
        const atoms = statements.flatMap((s) =>
          s.actions.patterns.flatMap((a) =>
            s.resources.patterns.map((r) => allow([a], [r], { effect: s.effect })),
          ),
        );
        expect(direction(statements, atoms.toReversed())).toBe('none');
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  test('an action that nothing contained is always gained, and lost the other way', () => {
    fc.assert(
      fc.property(list, (statements) => {
        const more = [...statements, allow(['new:Thing'], ['arn:new'])];
        const known = statements.some(
          (s) =>
            s.effect === 'allow' &&
            s.actions.patterns.includes('*') &&
            s.resources.patterns.some((r) => r === '*' || r === 'arn:*'),
        );
        expect(direction(statements, more)).toBe(known ? 'none' : 'widened');
        expect(direction(more, statements)).toBe(known ? 'none' : 'narrowed');
      }),
      { seed: 2, numRuns: 300 },
    );
  });

  test('swapping the sides swaps the answer', () => {
    const swapped = { widened: 'narrowed', narrowed: 'widened', changed: 'changed', none: 'none' };
    fc.assert(
      fc.property(list, list, (x, y) => {
        const forth = compareStatements(x, y);
        expect(direction(y, x)).toBe(swapped[forth.direction]);
      }),
      { seed: 3, numRuns: 300 },
    );
  });
});
