import { describe, expect, test } from '@jest/globals';
import { populationOf } from '../../src/core/audit/population.ts';
import {
  actor,
  ALWAYS,
  BANK,
  chain,
  decided,
  evaluated,
  merged,
  NOVEMBER,
  pushed,
  theChange,
  wayOf,
  type Draft,
} from './records.ts';

const EMERGENCY = { incident: 'INC-7', reason: 'the shop is down' };
const unsure = { conclusion: 'failure', title: 'Could not be judged: 1 doubt' };

describe('how a change came in', () => {
  test('gated: the check was green, and so is the verdict on what was merged', () => {
    const change = theChange(evaluated(1), decided('approved', 1), merged(1));
    expect(change).toMatchObject({
      id: 'acme/shop#1',
      pullRequest: 1,
      commit: 'head-1',
      branch: 'main',
      author: { login: 'bob' },
      by: { login: 'bob', role: 'merged it' },
      way: 'gated',
      why: 'Green as it was merged: The model covers the change and it is approved.',
      verdict: {
        record: 1,
        digest: 'sha256:content-1',
        document: 'sha256:verdict-1',
        conclusion: 'success',
        mode: 'enforce',
        facts: 2,
        categories: ['data-store', 'exposure'],
        policy: 'sha256:policy',
        rules: '7',
        catalogue: '3',
      },
      decisions: [{ record: 2, kind: 'approved', actor: { login: 'alice' } }],
      records: [1, 2, 3],
    });
  });

  test('merged before there was a check, but green', () => {
    const { way, why } = theChange(evaluated(1), merged(1, { check: 'none' }));
    expect({ way, why }).toEqual({
      way: 'gated',
      why: 'Merged before the check had said anything, but green as it was merged: The model covers the change and it is approved.',
    });
  });

  test('what the merge says of itself counts, and what came after it does not', () => {
    const change = theChange(
      evaluated(1, { title: 'as it was' }),
      merged(1, { title: 'as it was merged' }),
      evaluated(1, unsure, { digest: 'sha256:later', commit: 'later' }),
    );
    expect(change).toMatchObject({
      way: 'gated',
      verdict: { record: 1, digest: 'sha256:content-1', title: 'as it was merged' },
      records: [1, 2, 3],
    });
  });

  test('not triggered names the rules by which it was not', () => {
    const quiet = { applicable: false, title: 'Nothing security-relevant changed' };
    const { way, why } = theChange(evaluated(1, quiet), merged(1, quiet));
    expect({ way, why }).toEqual({
      way: 'not-triggered',
      why: 'Nothing in it was significant by the written rules (version 7).',
    });
  });

  test('observed', () => {
    const observing = { mode: 'observe', title: 'Observing: No model covers the bucket' };
    const { way, why } = theChange(evaluated(1, observing), merged(1, { title: observing.title }));
    expect({ way, why }).toEqual({
      way: 'observed',
      why: 'The rules only observed at the time: No model covers the bucket.',
    });
  });

  test('bypassed counts more than anything else that could be said', () => {
    const reason = 'Merged while the check said failure: Could not be judged.';
    const { way, why } = theChange(
      evaluated(1),
      decided('emergency', 1, EMERGENCY),
      merged(1),
      decided('bypassed', 1, { reason }),
    );
    expect({ way, why }).toEqual({ way: 'bypassed', why: reason });
  });

  test('pushes tell what is missing', () => {
    expect(theChange(pushed('abc'))).toMatchObject({
      id: 'acme/shop@main:abc',
      commit: 'abc',
      branch: 'main',
      by: { login: 'ada' },
      way: 'direct-push',
      why: 'Pushed to main: no pull request brought it there.',
      verdict: undefined,
      decisions: [],
      records: [1],
    });
    expect(theChange(pushed('abc', { mergedElsewhere: [4] })).why).toBe(
      'Pushed to main: a pull request brought it to another branch (#4), none to this one.',
    );
    expect(theChange(pushed('abc', { forced: true, complete: false }))).toMatchObject({
      id: 'acme/shop@record-1',
      why: 'The history of main was rewritten, so that not every commit can be accounted for.',
    });
    expect(theChange(pushed('abc', { forced: false, complete: false })).why).toBe(
      'More came to main than can be accounted for commit by commit.',
    );
  });

  test('one commit on two branches, and twice after a rewriting, is as many changes with as many names', () => {
    const again = { forced: true, complete: false };
    const { changes } = populationOf(
      chain(pushed('abc'), pushed('abc', { branch: 'release' }), pushed('abc', again), pushed('abc', again)),
      ALWAYS,
    );
    expect(new Set(changes.map((c) => c.id)).size).toBe(4);
  });
});

describe('emergencies and waivers', () => {
  test('stood for what was merged', () => {
    const { way, why } = theChange(evaluated(1), decided('emergency', 1, EMERGENCY), merged(1));
    expect({ way, why }).toEqual({
      way: 'emergency',
      why: 'Let through as an emergency (INC-7) by @alice: the shop is down.',
    });
    expect(theChange(evaluated(1), decided('waived', 1, { reason: 'It moves.' }), merged(1))).toMatchObject({
      way: 'waived',
      why: 'Waived by @alice: It moves.',
    });
  });

  test('twins: for other content, run out, taken back, replaced, refused, said after the merge', () => {
    const other = { digest: 'sha256:other' };
    expect(wayOf(evaluated(1), decided('emergency', 1, EMERGENCY, other), merged(1))).toBe('gated');
    const brief = { reason: 'brief', expires: '2026-11-03T00:00:00.000Z' };
    const soon = { mergedAt: '2026-11-02T23:59:59Z' };
    const late = { mergedAt: '2026-11-03T00:00:00Z' };
    expect(wayOf(evaluated(1), decided('waived', 1, brief), merged(1, soon))).toBe('waived');
    expect(wayOf(evaluated(1), decided('waived', 1, brief), merged(1, late))).toBe('gated');
    expect(wayOf(evaluated(1), decided('waived', 1, brief), decided('approval-ended', 1), merged(1))).toBe(
      'gated',
    );
    expect(
      wayOf(
        evaluated(1),
        decided('waived', 1, brief),
        decided(
          'approval-ended',
          1,
          { target: { id: 'id-alice', login: 'alice' } },
          { actor: actor('carol') },
        ),
        merged(1),
      ),
    ).toBe('gated');
    expect(wayOf(evaluated(1), decided('waived', 1, brief), decided('approved', 1), merged(1))).toBe('gated');
    expect(wayOf(evaluated(1), decided('decision-refused', 1, { decision: 'waive' }), merged(1))).toBe(
      'gated',
    );
    expect(wayOf(evaluated(1), merged(1), decided('emergency', 1, EMERGENCY))).toBe('gated');
  });

  test('somebody else’s waiver still stands, and an emergency counts more than a waiver', () => {
    const carol = { actor: actor('carol') };
    const waiver = decided('waived', 1, {}, carol);
    expect(wayOf(evaluated(1), waiver, decided('approved', 1), merged(1))).toBe('waived');
    expect(wayOf(evaluated(1), waiver, decided('emergency', 1, EMERGENCY), merged(1))).toBe('emergency');
  });

  test('where nothing was significant, nothing had to be let through', () => {
    const quiet = { applicable: false };
    expect(wayOf(evaluated(1, quiet), decided('waived', 1), merged(1, quiet))).toBe('not-triggered');
  });

  test('decisions come in order with when they were said, those after the merge included', () => {
    const { decisions } = theChange(
      evaluated(1),
      decided('decision-refused', 1, { decision: 'approve', reason: 'is the author' }),
      decided('approved', 1, { saidAt: '2026-11-02T08:59:00Z', statement: 'As private as can be.' }),
      merged(1),
      decided('review-done', 1),
    );
    expect(decisions.map(({ record, kind, at, reason }) => ({ record, kind, at, reason }))).toEqual([
      { record: 2, kind: 'decision-refused', at: '2026-11-02T09:02:00.000Z', reason: 'is the author' },
      { record: 3, kind: 'approved', at: '2026-11-02T08:59:00Z', reason: 'As private as can be.' },
      { record: 5, kind: 'review-done', at: '2026-11-02T09:05:00.000Z', reason: undefined },
    ]);
  });
});

describe('what cannot be explained says so', () => {
  const unexplained = (...drafts: readonly Draft[]): string => {
    const { way, why } = theChange(...drafts);
    expect(way).toBe('unexplained');
    return why;
  };
  const nothing = {
    conclusion: undefined,
    applicable: undefined,
    title: undefined,
    document: undefined,
    check: undefined,
  };

  test('no verdict', () => {
    expect(unexplained(merged(1, nothing))).toBe('No verdict on it is on record.');
    expect(theChange(merged(1, nothing)).verdict).toBeUndefined();
  });

  test('records that contradict each other', () => {
    const elsewhere = { commit: 'another' };
    expect(unexplained(evaluated(1, {}, elsewhere), merged(1))).toContain('another commit');
    expect(unexplained(evaluated(1, {}, { digest: 'sha256:other' }), merged(1))).toContain('other content');
    expect(unexplained(evaluated(1, unsure), merged(1))).toBe(
      'The last verdict on record says failure, and the merge says success.',
    );
    const quiet = { applicable: false };
    expect(unexplained(evaluated(1, quiet, elsewhere), merged(1, quiet))).toContain('another commit');
    // Nothing of the other verdict is shown as if it were about this.
    expect(theChange(evaluated(1, {}, elsewhere), merged(1)).verdict).toMatchObject({
      record: 2,
      conclusion: 'success',
      mode: 'not on record',
      facts: undefined,
      rules: undefined,
    });
  });

  test('not green, and nobody went past it', () => {
    expect(unexplained(evaluated(1, unsure), merged(1, unsure))).toBe(
      'The check said success, but judged as it was merged the verdict is failure: Could not be judged: 1 doubt.',
    );
    expect(unexplained(evaluated(1, unsure), merged(1, { ...unsure, check: 'failure' }))).toBe(
      'The verdict is failure, and no record says how it could be merged: Could not be judged: 1 doubt.',
    );
    expect(unexplained(evaluated(1), merged(1, { check: 'action_required' }))).toBe(
      'The check said action_required when it was merged, and no record says how it could be merged.',
    );
  });

  test('details that an older version did not write', () => {
    expect(unexplained(evaluated(1, nothing), merged(1, nothing))).toBe(
      'What the verdict came to is not on record.',
    );
    const green = { ...nothing, conclusion: 'success' };
    expect(unexplained(evaluated(1, nothing), merged(1, green))).toBe(
      'Whether it touched the architecture is not on record.',
    );
    expect(unexplained(merged(1))).toBe('Whether the rules were enforced or only observed is not on record.');
    const whoever = { author: { id: '7', login: 'renovate' } };
    expect(theChange(merged(1, whoever)).author).toBeUndefined();
    expect(theChange(pushed('abc', { branch: undefined }))).toMatchObject({
      id: 'acme/shop@record-1',
      branch: 'not on record',
      why: 'Pushed to a protected branch: no pull request brought it there.',
    });
  });
});

describe('what is in the period', () => {
  const ids = (...drafts: readonly Draft[]): readonly string[] =>
    populationOf(chain(...drafts), NOVEMBER).changes.map((c) => c.id);

  test('a merge by the clock of GitHub, however late it was recorded; the end is outside', () => {
    const at = '2026-12-05T00:00:00.000Z';
    expect(ids(merged(1, { mergedAt: '2026-11-30T23:59:59Z' }, { at }))).toEqual(['acme/shop#1']);
    expect(ids(merged(1, { mergedAt: '2026-12-01T00:00:00Z' }, { at }))).toEqual([]);
    expect(ids(merged(1, { mergedAt: '2026-11-01T00:00:00Z' }, { at }))).toEqual(['acme/shop#1']);
  });

  test('a push by its record: anybody can date a commit', () => {
    expect(ids(pushed('abc', { committedAt: '2026-12-24T00:00:00Z' }))).toEqual(['acme/shop@main:abc']);
    expect(
      ids(pushed('abc', { committedAt: '2026-11-02T00:00:00Z' }, { at: '2026-12-01T00:00:00.000Z' })),
    ).toEqual([]);
  });

  test('a date that cannot be read excludes nothing', () => {
    expect(ids(merged(1, { mergedAt: 'yesterday' }))).toEqual(['acme/shop#1']);
    const [record] = chain(pushed('abc'));
    if (!record) throw new Error('no record');
    expect(populationOf([{ ...record, at: 'then' }], NOVEMBER).changes).toHaveLength(1);
  });

  test('in the same instant by id; repositories are told apart by number', () => {
    const mergedAt = { mergedAt: '2026-11-02T12:00:00Z' };
    const named = { repository: { id: 3, name: 'acme/shop' } };
    const drafts = [
      { ...merged(1, mergedAt), ...named },
      merged(2, mergedAt),
      evaluated(1),
      merged(1, mergedAt),
    ];
    const { changes } = populationOf(chain(...drafts), NOVEMBER);
    expect(changes.map((c) => [c.id, c.repository.id, c.way])).toEqual([
      ['acme/shop#1', 1, 'gated'],
      ['acme/shop#1', 3, 'unexplained'],
      ['acme/shop#2', 1, 'unexplained'],
    ]);
  });

  test('in order of repository, time and id, with counts and what concerns the gate', () => {
    const found = populationOf(
      chain(
        { kind: 'installed', details: { action: 'created' }, actor: actor('acme') },
        { kind: 'policy-changed', details: { after: 'sha256:a' } },
        evaluated(2),
        merged(2),
        evaluated(1),
        merged(1),
        { ...merged(1), repository: BANK },
        pushed('abc'),
        {
          kind: 'gate-outage',
          pullRequest: 5,
          details: { from: '2026-11-02T09:00:00.000Z', until: '2026-11-02T09:30:00.000Z' },
        },
        { kind: 'uninstalled', details: { action: 'deleted' }, at: '2027-01-01T00:00:00.000Z' },
      ),
      NOVEMBER,
    );
    expect(found.changes.map((c) => c.id)).toEqual([
      'acme/bank#1',
      'acme/shop#2',
      'acme/shop#1',
      'acme/shop@main:abc',
    ]);
    expect(found.counts).toEqual({
      gated: 2,
      'not-triggered': 0,
      waived: 0,
      emergency: 0,
      observed: 0,
      bypassed: 0,
      'direct-push': 1,
      unexplained: 1,
    });
    expect(found.notes.map((n) => `${n.record} ${n.what}`)).toEqual([
      '1 The repository came under the gate: created (@acme).',
      '2 The rules in force are sha256:a.',
      '8 #5 waited for longer than promised: from 2026-11-02T09:00:00.000Z until 2026-11-02T09:30:00.000Z.',
    ]);
  });
});
