import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { requiredness, rulesText, statementsOf } from '../../src/core/audit/branch-rules.ts';
import { configurationOf, heldRules } from '../../src/core/audit/configuration.ts';
import type { BranchRules, Rules } from '../../src/core/model/branch-rules.ts';
import type { AuditRecord, RecordKind } from '../../src/core/model/record.ts';

const word = fc.string({ minLength: 1, maxLength: 6 });
const source = fc.option(fc.nat(9), { nil: undefined });
const rules: fc.Arbitrary<Rules> = fc.record({
  kind: fc.constantFrom('ruleset', 'protection'),
  name: fc.option(word, { nil: undefined }),
  checks: fc.array(fc.record({ name: word, source }), { maxLength: 3 }),
  workflows: fc.array(word, { maxLength: 2 }),
  pullRequest: fc.option(fc.record({ dismissesStale: fc.boolean() }), { nil: undefined }),
  mergeQueue: fc.boolean(),
  refusesForcePush: fc.boolean(),
  refusesDeletion: fc.boolean(),
  bypass: fc.option(
    fc.array(
      fc.record({
        who: fc.constantFrom('app', 'team', 'role', 'user'),
        id: source,
        mode: fc.constantFrom('always', 'pull-request', 'exempt'),
      }),
      { maxLength: 3 },
    ),
    { nil: undefined },
  ),
  ownBypass: fc.constant(undefined),
});
const branchRules: fc.Arbitrary<BranchRules> = fc.record({
  tip: word,
  rules: fc.array(rules, { maxLength: 3 }),
  complete: fc.boolean(),
});

test('the same rules have the same text and the same statements, in whatever order and at whatever tip', () => {
  fc.assert(
    fc.property(fc.array(branchRules, { maxLength: 3 }), word, (list, tip) => {
      const branches = list.map((each, i) => ({ branch: `b${i}`, rules: each }));
      const turned = [...branches].reverse().map(({ branch, rules: each }) => ({
        branch,
        rules: {
          ...each,
          tip,
          rules: [...each.rules].reverse().map((one) => ({
            ...one,
            checks: [...one.checks].reverse(),
            workflows: [...one.workflows].reverse(),
            bypass: one.bypass && [...one.bypass].reverse(),
          })),
        },
      }));
      expect(rulesText(turned)).toBe(rulesText(branches));
      expect(statementsOf(turned)).toEqual(statementsOf(branches));
    }),
    { seed: 1, numRuns: 300 },
  );
});

test('a check is pinned, open to anybody, not required, or nobody knows', () => {
  const of = (checks: Rules['checks'], complete = true): string =>
    requiredness('Threatgate', {
      tip: '',
      complete,
      rules: [
        {
          kind: 'ruleset',
          name: 'main',
          checks,
          workflows: [],
          pullRequest: undefined,
          mergeQueue: false,
          refusesForcePush: false,
          refusesDeletion: false,
          bypass: [],
          ownBypass: undefined,
        },
      ],
    });
  expect(of([{ name: 'Threatgate', source: 7 }])).toBe('pinned');
  expect(of([{ name: 'Threatgate', source: undefined }])).toBe('any-source');
  expect(of([{ name: 'threatgate', source: 7 }])).toBe('no');
  expect(of([], false)).toBe('unknown');
  expect(requiredness('Threatgate', undefined)).toBe('unknown');
});

let sequence = 0;
const recordOf = (kind: RecordKind, details: AuditRecord['details'], repository = 1): AuditRecord => ({
  kind,
  repository: { id: repository, name: `acme/r${repository}` },
  at: new Date(Date.UTC(2026, 0, 1) + ++sequence * 60_000).toISOString(),
  source: `s/${sequence}`,
  sequence,
  previous: '',
  hash: '',
  details,
});

test('a statement holds from the record that began it to the one that ended it', () => {
  sequence = 0;
  const records = [
    recordOf('installed', {}),
    recordOf('policy-changed', { after: 'sha256:1', document: 'sha256:1' }),
    recordOf('rules-changed', { begins: ['main: a', 'main: b'], ends: [], document: 'sha256:r1' }),
    recordOf('rules-changed', { begins: ['main: c'], ends: ['main: a'], document: 'sha256:r2' }),
    recordOf('policy-changed', { before: 'sha256:1', after: 'sha256:2', document: 'sha256:2' }),
    recordOf('hold-placed', { hold: 'case 7', reason: 'x' }),
    recordOf('hold-released', { hold: 'case 7', reason: 'x' }),
    recordOf('uninstalled', {}),
  ];
  const shown = configurationOf(records).map((line) => [
    line.subject,
    line.what,
    line.since.record,
    line.until?.record,
  ]);
  expect(shown).toEqual([
    ['app', 'The App is installed on the repository.', 1, 8],
    ['policy', 'The rules of the gate are sha256:1.', 2, 5],
    ['branch-rules', 'main: a', 3, 4],
    ['branch-rules', 'main: b', 3, undefined],
    ['branch-rules', 'main: c', 4, undefined],
    ['policy', 'The rules of the gate are sha256:2.', 5, undefined],
    ['legal-hold', 'Nothing may be removed: legal hold "case 7".', 6, 7],
  ]);
  expect(heldRules(records)).toEqual(['main: b', 'main: c']);
});

test('what holds follows from what began and ended, whatever the order in which records are given', () => {
  const statement = fc.constantFrom('a', 'b', 'c', 'd');
  const sets = fc.array(fc.uniqueArray(statement, { maxLength: 4 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(sets, (states) => {
      sequence = 0;
      let held: readonly string[] = [];
      const records = states.map((next) => {
        const record = recordOf('rules-changed', {
          begins: next.filter((each) => !held.includes(each)),
          ends: held.filter((each) => !(next as readonly string[]).includes(each)),
        });
        held = next;
        return record;
      });
      expect([...heldRules([...records].reverse())].sort()).toEqual([...held].sort());
      // Each state can be read back at its own instant.
      for (const [i, state] of states.entries()) {
        const at = records[i]?.sequence ?? 0;
        const then = configurationOf(records).filter(
          ({ since, until }) => since.record <= at && (until === undefined || until.record > at),
        );
        expect(then.map(({ what }) => what).sort()).toEqual([...state].sort());
      }
    }),
    { seed: 2, numRuns: 300 },
  );
});
