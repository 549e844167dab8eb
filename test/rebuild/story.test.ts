import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { ChangeEntry } from '../../src/core/model/audit.ts';
import type { AuditRecord } from '../../src/core/model/record.ts';
import { canonicalJson } from '../../src/core/digest.ts';
import { verifyChain } from '../../src/core/ledger/verify-chain.ts';
import { serviceUnderTest, type ServiceUnderTest } from '../service/harness.ts';
import { REPO } from '../service/people.ts';
import { tellStory } from '../service/story.ts';
import { changesIn, exceptionsIn, rebuilding, recorderOf, type Rebuilding } from './rebuilding.ts';

let service: ServiceUnderTest;
let lived: readonly AuditRecord[];
let again: Rebuilding;
let records: readonly AuditRecord[];
beforeAll(async () => {
  service = await serviceUnderTest();
  await tellStory(service);
  lived = await service.store.records({ repository: service.gh.world.repository(REPO).id });
  again = await rebuilding(service);
  await again.run();
  records = await again.records();
}, 120_000);
afterAll(async () => {
  await again.recorder.close();
  await service.close();
});

const shown = ({ id, way, by, author, commit, pullRequest, verdict }: ChangeEntry) => ({
  id: pullRequest === undefined ? `push ${commit ?? ''}` : id,
  way,
  by: by?.login,
  author: author?.login,
  commit,
  verdict: verdict && { ...verdict, record: 0 },
});
const merges = (of: readonly AuditRecord[]) => changesIn(of).filter((c) => c.pullRequest !== undefined);
const decisions = (of: readonly AuditRecord[], number: number) =>
  merges(of)
    .filter((c) => c.pullRequest === number)
    .flatMap((c) => c.decisions.map((d) => `${d.kind} by ${d.actor?.login ?? '?'}`));

describe('a ledger that was lost, filled in from GitHub', () => {
  test('has the same merges, in the same ways, with the same verdicts', () => {
    expect(merges(records).map(shown)).toEqual(merges(lived).map(shown));
    expect(merges(lived).map((c) => c.way)).toEqual(['gated', 'emergency', 'bypassed', 'not-triggered']);
  });

  test('has their verdicts in full, byte by byte', async () => {
    for (const { verdict } of merges(records)) {
      const document = await again.recorder.document(verdict?.document ?? '');
      expect(document).toEqual(await service.store.document(verdict?.document ?? ''));
      expect(document?.kind).toBe('verdict');
    }
  });

  test('has the pushes, and one from before the App; whose author is gone with the commit, names who pushed', () => {
    const of = (r: readonly AuditRecord[]) => changesIn(r).filter((c) => c.way === 'direct-push');
    const ids = (r: readonly AuditRecord[]) => of(r).map((c) => c.commit);
    const [then, now] = [ids(lived), ids(records)];
    expect(then.filter((id) => !now.includes(id))).toEqual([]);
    expect(now.filter((id) => !then.includes(id))).toEqual([firstCommit()]);
    expect(of(records).map((c) => [c.by?.login, c.by?.role])).toEqual([
      ['acme', 'named as its author'],
      ...Array.from({ length: 5 }, () => ['ada', 'pushed it']),
    ]);
  });

  test('says it happened when it did', () => {
    const times = (of: readonly AuditRecord[]) =>
      new Map(changesIn(of).map((c) => [c.pullRequest ?? c.commit, Date.parse(c.at)]));
    const then = times(lived);
    for (const [id, at] of times(records)) {
      const known = then.get(id);
      // The service hears of a push, and waits until GitHub has linked it.
      if (known !== undefined) expect(known - at).toBeLessThan(120_000);
    }
    expect(merges(records).map((c) => c.at)).toEqual(merges(lived).map((c) => c.at));
  });

  test('has of decisions those that a verdict still names, and no others', () => {
    expect(decisions(lived, 1)).toEqual([
      'decision-refused by eve',
      'decision-refused by bob',
      'approved by alice',
      'approval-ended by alice',
      'approved by carol',
      'approval-ended by alice',
      'approved by alice',
      'approval-ended by alice',
      'approved by alice',
    ]);
    expect(decisions(records, 1)).toEqual([
      'decision-refused by eve',
      'decision-refused by bob',
      'decision-refused by alice',
      'decision-refused by alice',
      'decision-refused by carol',
      'decision-refused by alice',
      'approved by alice',
    ]);
    expect(decisions(records, 2)).toEqual([
      'waived by alice',
      'emergency by alice',
      'decision-refused by carol',
    ]);
    expect(decisions(records, 3)).toEqual(['waived by alice', 'approval-ended by alice']);
  });

  test('has the same exceptions but for what only the service could know', () => {
    const at = service.now();
    const [then, now] = [exceptionsIn(lived, at), exceptionsIn(records, at)];
    const emergency = (e: typeof then) =>
      e.emergencies.map((x) => [x.change, x.by?.login, x.incident, x.reason, x.letThrough, x.reviewState]);
    expect(emergency(then)).toEqual([
      ['acme/shop#2', 'alice', 'INC-7', 'the shop is down and nobody is in', true, 'done'],
    ]);
    // Whether Carol could review it is not known any more: the review stays due.
    expect(emergency(now)).toEqual([
      ['acme/shop#2', 'alice', 'INC-7', 'the shop is down and nobody is in', true, 'due'],
    ]);
    expect(now.bypasses.map((x) => x.change)).toEqual(then.bypasses.map((x) => x.change));
    const waivers = (e: typeof then) => e.waivers.map((x) => [x.change, x.reason, x.letThrough, x.state]);
    expect(waivers(now)).toEqual(waivers(then));
    expect(waivers(then).map(([change, , ...rest]) => [change, ...rest])).toEqual([
      ['acme/shop#2', false, 'ended'],
      ['acme/shop#3', false, 'ended'],
    ]);
    expect([then.outages.length, now.outages.length]).toEqual([1, 0]);
  });

  test('has the same answers in replies, under the same names', () => {
    const replies = (of: readonly AuditRecord[]) =>
      of
        .filter((r) => r.kind === 'answered' && !r.source.startsWith('tick/'))
        .map(({ source, actor, details: { saidAt, question, address, answer, owner, expires, text } }) => [
          source,
          actor?.login,
          saidAt,
          question,
          address,
          answer,
          owner,
          expires,
          text,
        ]);
    expect(replies(records)).toEqual(replies(lived));
    expect(replies(records)).toHaveLength(1);
  });

  test('is marked, each record with the one that opens it, which says what was not seen', () => {
    const [opening, ...others] = records;
    expect(opening).toMatchObject({
      kind: 'rebuilt',
      actor: { login: 'ada', role: 'filled it in' },
      details: { from: '2026-11-02T09:00:00.000Z', gate: `the App ${service.app.id}` },
    });
    expect(others.every((r) => r.details['rebuilt'] === opening?.source)).toBe(true);
    expect(opening?.details['missing']).toEqual([
      'Ticks and buttons: GitHub does not remember who used them.',
      'What a check run said before it was written over: of each commit the last verdict is left.',
      'Pull requests that were closed without a merge, rules that changed, outages, and when the App came and went.',
      'Who was an approver then: a decision counts where a verdict of the App says that it rested on it.',
      expect.stringMatching(
        /^The chain that check run \d+ names: its record \d+ was sha256:[0-9a-f]{64}, and is not in this one\.$/,
      ),
    ]);
    expect(verifyChain(records.map((r) => canonicalJson(r)))).toMatchObject({
      ok: true,
      count: records.length,
    });
  });

  test('has no detail that the reference page does not explain', () => {
    const page = readFileSync(`${import.meta.dirname}/../../docs/reference/records.md`, 'utf8');
    const row = page.split('\n').find((line) => line.startsWith('| `rebuilt` | What follows')) ?? '';
    const named = [...(row.split('|')[5] ?? '').matchAll(/`([^`]+)`/g)].map(([, key]) => key);
    const [opening, ...others] = records;
    expect(Object.keys(opening?.details ?? {}).sort()).toEqual([...named].sort());
    for (const key of new Set(others.flatMap((r) => Object.keys(r.details))))
      expect(page).toContain(`\`${key}\``);
  });

  test('is not written twice', async () => {
    expect(await again.run()).toMatchObject({ merges: 0, pushes: 0, records: 0 });
    expect(await again.records()).toEqual(records);
  });

  test('adds to a ledger that has it all only what was there before it', async () => {
    const beside = await rebuilding(service, recorderOf(service));
    expect(await beside.run({ dryRun: true })).toMatchObject({ merges: 0, pushes: 1, records: 2 });
  });
});

const firstCommit = (): string => {
  const { objects } = service.gh.world.repository(REPO);
  let at = service.gh.control.tip(REPO, 'main');
  for (let up = objects.commitAt(at).parents[0]; up !== undefined; up = objects.commitAt(at).parents[0])
    at = up;
  return at;
};
