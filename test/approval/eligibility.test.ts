import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { judgeEligibility, type EligibilityInput } from '../../src/core/approval/eligibility.ts';
import type { Account } from '../../src/core/model/account.ts';
import type { Policy } from '../../src/core/model/policy.ts';
import { BUILT_IN_POLICY } from '../../src/core/policy/defaults.generated.ts';

const user = (id: string, login = `user-${id}`): Account => ({ id, login, kind: 'user' });
const [ada, bob, carol, eve] = [user('1', 'ada'), user('2', 'Bob'), user('3', 'carol'), user('4', 'eve')];

const policy = (
  approval: Partial<Policy['approval']>,
  emergency: Partial<Policy['emergency']> = {},
): Policy => ({
  ...BUILT_IN_POLICY,
  mode: 'enforce',
  approval: { ...BUILT_IN_POLICY.approval, required: true, ...approval },
  emergency: { ...BUILT_IN_POLICY.emergency, ...emergency },
});

const input = (rest: Partial<EligibilityInput>): EligibilityInput => ({
  actor: bob,
  kind: 'approve',
  policy: policy({ users: ['bob'], teams: ['Acme/Security'] }),
  contributors: { author: ada, committers: [ada], pushers: [ada], unattributable: [] },
  acceptedBy: [],
  membership: [],
  ...rest,
});
const contributors = (rest: Partial<EligibilityInput['contributors']>) => ({
  contributors: { author: ada, committers: [ada], pushers: [ada], unattributable: [], ...rest },
});
const everybody = { users: ['ada', 'bob', 'carol'] };

describe('who may decide', () => {
  test.each<readonly [string, Partial<EligibilityInput>, string]>([
    ['named by login, whatever its case', {}, 'approver (user)'],
    [
      'member of a named team',
      { actor: carol, membership: ['acme/security'] },
      'approver (team Acme/Security)',
    ],
    [
      'named for emergencies only',
      { actor: carol, kind: 'emergency', policy: policy({ users: ['bob'] }, { users: ['carol'] }) },
      'emergency approver (user)',
    ],
    [
      'in a team for emergencies only',
      {
        actor: carol,
        kind: 'emergency',
        policy: policy({ users: ['bob'] }, { teams: ['acme/duty'] }),
        membership: ['acme/duty'],
      },
      'emergency approver (team acme/duty)',
    ],
    ['an approver, in an emergency', { kind: 'emergency' }, 'approver (user)'],
    ['with write permission where nobody is named', { policy: policy({}), permission: 'write' }, 'write'],
    [
      'a team mate of the author',
      { actor: bob, ...contributors({ committers: [ada, eve] }) },
      'approver (user)',
    ],
    [
      'the author of a solo repository, by permission',
      { actor: ada, policy: policy({ solo: true }), permission: 'admin' },
      'solo, compensating review',
    ],
    [
      'the author of a solo repository, by name, with commits of nobody known',
      {
        actor: ada,
        policy: policy({ solo: true, users: ['ada'] }),
        ...contributors({ unattributable: ['a'.repeat(40)], pushers: undefined }),
      },
      'solo, compensating review',
    ],
    [
      'a second pair of eyes in a solo repository',
      { policy: policy({ solo: true, users: ['bob'] }) },
      'approver (user)',
    ],
    ['a waiver', { kind: 'waive' }, 'approver (user)'],
    ['a revocation', { kind: 'revoke' }, 'approver (user)'],
  ])('%s', (_, rest, role) => {
    expect(judgeEligibility(input(rest))).toEqual({ eligible: true, role });
  });

  test.each<readonly [string, Partial<EligibilityInput>, string, RegExp]>([
    ['a bot that is named', { actor: { ...bob, kind: 'bot' } }, 'bot', /only people/],
    ['an organisation', { actor: { ...bob, kind: 'organisation' } }, 'organisation', /only people/],
    ['somebody not named', { actor: eve }, 'not named', /@Acme\/Security, @bob/],
    ['a member of another team', { actor: eve, membership: ['acme/web'] }, 'not named', /neither named/],
    ['the author', { actor: ada, policy: policy(everybody) }, 'author', /is the author.*somebody else/],
    [
      'a committer',
      { actor: carol, policy: policy(everybody), ...contributors({ committers: [ada, carol] }) },
      'committer',
      /wrote or committed/,
    ],
    [
      'a committer who was renamed since',
      { actor: bob, ...contributors({ committers: [{ ...bob, login: 'robert' }] }) },
      'committer',
      /wrote or committed/,
    ],
    ['a pusher', { ...contributors({ pushers: [bob] }) }, 'pusher', /pushed/],
    ['who accepts the risk', { acceptedBy: ['2'] }, 'risk acceptor', /accepted a risk/],
    [
      'anybody, when a commit is nobody’s',
      contributors({ unattributable: ['abcdef0123456789', 'b', 'c', 'd', 'e'] }),
      'unknown independence',
      /`abcdef0123`, `b`, `c` and 2 more.*e-mail/,
    ],
    [
      'anybody, when there are commits that are not listed',
      contributors({ unlisted: true }),
      'unknown independence',
      /more commits than GitHub lists/,
    ],
    [
      'anybody, when more people had a hand in it than are remembered',
      contributors({ forgotten: true }),
      'unknown independence',
      /over time.*open a new pull request/,
    ],
    [
      'anybody, when nobody knows who pushed',
      contributors({ pushers: undefined }),
      'unknown independence',
      /push once more/,
    ],
    [
      'an emergency person, for an approval',
      { actor: carol, policy: policy({ users: ['bob'] }, { users: ['carol'] }) },
      'not named',
      /may decide: @bob$/,
    ],
    [
      'the author, in an emergency',
      { actor: ada, kind: 'emergency', policy: policy({ users: ['bob'] }, { users: ['ada'] }) },
      'author',
      /is the author/,
    ],
    [
      'a reader where nobody is named',
      { policy: policy({}), permission: 'read' },
      'read permission',
      /no write permission/,
    ],
    [
      'somebody unknown where nobody is named',
      { policy: policy({}) },
      'unknown permission',
      /could not be looked up/,
    ],
    [
      'the author of a change from outside to a solo repository',
      { actor: ada, policy: policy({ solo: true }), permission: 'read' },
      'author',
      /not known to have write permission/,
    ],
    [
      'a bot that is the author in a solo repository',
      {
        actor: { ...ada, kind: 'bot' },
        policy: policy({ solo: true, users: ['ada'] }),
        ...contributors({ author: { ...ada, kind: 'bot' } }),
      },
      'bot',
      /only people/,
    ],
    [
      'a login that only looks alike',
      { actor: user('9', 'bo\u212a'), policy: policy({ users: ['bok'] }) },
      'not named',
      /neither named/,
    ],
  ])('not %s', (_, rest, role, reason) => {
    expect(judgeEligibility(input(rest))).toEqual({
      eligible: false,
      role,
      reason: expect.stringMatching(reason),
    });
  });

  test('long lists of approvers are named in part', () => {
    const users = Array.from({ length: 40 }, (_, i) => `user-${i}`);
    expect(judgeEligibility(input({ actor: eve, policy: policy({ users }) })).reason).toMatch(
      /@user-4 and 35 more$/,
    );
  });
});

/** Every combination of people, lists and knowledge. */
const people = [ada, bob, carol, eve];
const account = fc.oneof(
  fc.constantFrom(...people),
  fc.constantFrom(...people).map((a): Account => ({ ...a, kind: 'bot' })),
);
const logins = fc.subarray(['ada', 'BOB', 'carol', 'eve']);
const teams = fc.subarray(['acme/security', 'acme/web']);
const any: fc.Arbitrary<EligibilityInput> = fc
  .record({
    actor: account,
    kind: fc.constantFrom('approve', 'waive', 'emergency', 'revoke'),
    approval: fc.record({ users: logins, teams, solo: fc.boolean(), required: fc.boolean() }),
    emergency: fc.record({ users: logins, teams, reviewWithinDays: fc.constant(5) }),
    mode: fc.constantFrom('observe', 'enforce'),
    author: account,
    committers: fc.array(account, { maxLength: 2 }),
    pushers: fc.option(fc.array(account, { maxLength: 2 }), { nil: undefined }),
    unattributable: fc.array(fc.constant('c'.repeat(40)), { maxLength: 1 }),
    acceptedBy: fc.subarray(['1', '2', '3', '4']),
    membership: teams,
    permission: fc.constantFrom('admin', 'write', 'read', 'none', undefined),
  })
  .map(({ approval, emergency, mode, author, committers, pushers, unattributable, permission, ...rest }) => ({
    ...rest,
    policy: { ...BUILT_IN_POLICY, mode, approval, emergency },
    contributors: { author, committers, pushers, unattributable },
    ...(permission ? { permission } : {}),
  }));

describe('no combination', () => {
  const runs = { numRuns: 3_000 };
  const isNamed = (i: EligibilityInput): boolean => {
    const lists = i.kind === 'emergency' ? [i.policy.approval, i.policy.emergency] : [i.policy.approval];
    if (lists.every((l) => l.users.length + l.teams.length === 0))
      return i.permission === 'admin' || i.permission === 'write';
    return lists.some(
      (l) =>
        l.users.some((u) => u.toLowerCase() === i.actor.login.toLowerCase()) ||
        l.teams.some((t) => i.membership.includes(t)),
    );
  };

  test('makes the author, a committer, a pusher, an accepter, a bot or an outsider eligible', () => {
    let eligible = 0;
    fc.assert(
      fc.property(any, (i) => {
        const { author, committers, pushers, unattributable } = i.contributors;
        const judged = judgeEligibility(i);
        expect(judged.reason === undefined).toBe(judged.eligible);
        if (!judged.eligible) return;
        eligible++;
        expect(i.actor.kind).toBe('user');
        if (judged.role === 'solo, compensating review') {
          expect([i.policy.approval.solo, i.actor.id]).toEqual([true, author.id]);
          expect(isNamed(i) || i.permission === 'admin' || i.permission === 'write').toBe(true);
          return;
        }
        expect(isNamed(i)).toBe(true);
        expect([author, ...committers, ...(pushers ?? [])].map((a) => a.id)).not.toContain(i.actor.id);
        expect(i.acceptedBy).not.toContain(i.actor.id);
        expect([unattributable, pushers === undefined]).toEqual([[], false]);
      }),
      runs,
    );
    expect(eligible).toBeGreaterThan(50);
  });

  test('refuses somebody named and independent', () => {
    fc.assert(
      fc.property(any, (i) => {
        const { author, committers, pushers, unattributable } = i.contributors;
        const tied = [author, ...committers, ...(pushers ?? [])].some((a) => a.id === i.actor.id);
        fc.pre(i.actor.kind === 'user' && isNamed(i) && !tied && !i.acceptedBy.includes(i.actor.id));
        fc.pre(unattributable.length === 0 && pushers !== undefined);
        expect(judgeEligibility(i).eligible).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('depends on the order or the repetition of people', () => {
    fc.assert(
      fc.property(any, (i) => {
        const { committers, pushers } = i.contributors;
        const other = {
          ...i,
          contributors: {
            ...i.contributors,
            committers: [...committers, ...committers].reverse(),
            pushers: pushers?.toReversed(),
          },
        };
        expect(judgeEligibility(other)).toEqual(judgeEligibility(i));
      }),
      { numRuns: 300 },
    );
  });
});
