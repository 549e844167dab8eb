import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from '@jest/globals';
import { git } from '../double/shared-git.ts';
import { digestOf } from '../../src/core/digest.ts';
import { verifyChain } from '../../src/core/ledger/verify-chain.ts';
import { RECORD_KINDS, type AuditRecord, type RecordKind } from '../../src/core/model/record.ts';
import type { Verdict } from '../../src/core/model/verdict.ts';
import { reviewFor } from '../../src/findings/reviews-for.ts';
import { text } from '../../src/review/pull-request/said.ts';

import { serviceUnderTest, START, type ServiceUnderTest } from './harness.ts';
import { REPO } from './people.ts';
import { tellStory } from './story.ts';

let service: ServiceUnderTest;
let id: number;
let trail: readonly AuditRecord[];
beforeAll(async () => {
  service = await serviceUnderTest({ git, permissions: { issues: 'write' } });
  ({ id } = service.gh.world.repository(REPO));
  await tellStory(service, { reviews: true });
  trail = await service.store.records({ repository: id });
}, 60_000);

const STORY: readonly string[] = `
installed acme, installed the App
policy-changed
rules-changed
model-recorded
evaluated #1
questions-asked #1
answered #1 carol, write
evaluated #1
answered #1 bob, author
evaluated #1
decision-refused #1 eve, not eligible
evaluated #1
decision-refused #1 bob, not eligible
approved #1 alice, approver (user)
evaluated #1
approval-ended #1 alice, own decision
evaluated #1
approved #1 carol, approver (team acme/security)
evaluated #1
approval-ended #1 alice, approver (user)
evaluated #1
approved #1 alice, approver (user)
evaluated #1
approval-ended #1 alice, own decision
evaluated #1
approved #1 alice, approver (user)
evaluated #1
merged #1 bob, merged it
model-recorded
evaluated #2
questions-asked #2
waived #2 alice, approver (user)
evaluated #2
emergency #2 alice, approver (user)
evaluated #2
merged #2 bob, merged it
review-done #2 carol, approver (team acme/security)
policy-changed
direct-push ada, pushed it
review-opened
evaluated #3
questions-asked #3
waived #3 alice, approver (user)
evaluated #3
merge-group-evaluated #3
approval-ended #3 alice, own decision
evaluated #3
merge-group-evaluated #3
merged #3 ada, merged it
bypassed #3 ada, merged it
review-opened #3
policy-changed
direct-push ada, pushed it
review-opened
direct-push ada, pushed it
review-opened
evaluated #4
merged #4 bob, merged it
direct-push ada, pushed it
review-opened
direct-push ada, pushed it
review-opened
evaluated #5
gate-outage #5
questions-asked #5
closed #5
policy-changed
direct-push ada, pushed it
review-opened
rules-changed
ticket
ticket
ticket
review-done alice, approver (user)
ticket
review-opened ada, labelled the issue
review-done carol, approver (team acme/security)
uninstalled ada, uninstalled the App
`
  .trim()
  .split('\n');

const told = ({ kind, pullRequest, actor }: AuditRecord): string =>
  [
    kind,
    ...(pullRequest === undefined ? [] : [`#${pullRequest}`]),
    ...(actor ? [`${actor.login}, ${actor.role}`] : []),
  ].join(' ');

test('the trail is the story, with everybody who had a part in it and what they were then', () => {
  expect(trail.map(told)).toEqual(STORY);
});

test('the chain holds, from the first record to the last', async () => {
  const texts = await service.store.recordTexts({ repository: id });
  const { hash, sequence } = trail.at(-1) ?? {};
  expect(verifyChain(texts)).toEqual({ ok: true, count: trail.length, head: { hash, sequence } });
});

const VERDICTS: readonly RecordKind[] = ['evaluated', 'merged', 'merge-group-evaluated'];

test('everything that is judged names a stored document, whose digest is its name', async () => {
  const judged = trail.filter((r) => r.details['document'] !== undefined);
  expect(new Set(judged.map((r) => r.kind))).toEqual(
    new Set([...VERDICTS, 'model-recorded', 'policy-changed', 'rules-changed']),
  );
  for (const record of judged) {
    const document = await service.store.document(text(record.details['document']) ?? '');
    expect(digestOf(document?.text ?? '')).toBe(record.details['document']);
    if (!VERDICTS.includes(record.kind)) continue;
    const verdict = JSON.parse(document?.text ?? '{}') as Verdict;
    expect(verdict.digest).toBe(record.digest);
    if (record.kind !== 'merge-group-evaluated') expect(verdict.head).toBe(record.commit);
  }
});

test('records are dated by the server, each after what it tells', () => {
  const dates = trail.map((r) => r.at);
  expect(dates).toEqual([...dates].sort());
  expect(Date.parse(dates[0] ?? '')).toBeGreaterThanOrEqual(START);
  expect(Date.parse(dates.at(-1) ?? '')).toBeLessThanOrEqual(service.clock.at);
  const theirs = trail.flatMap((r) =>
    ['saidAt', 'mergedAt', 'committedAt'].flatMap((key) => {
      const at = text(r.details[key]);
      return at === undefined ? [] : [{ at: r.at, theirs: at, heard: r.source.startsWith('tick/') }];
    }),
  );
  expect(theirs.length).toBeGreaterThan(10);
  for (const each of theirs) {
    expect(each.at > each.theirs).toBe(true);
    // GitHub's clock has seconds.
    if (!each.heard) expect(each.theirs).toMatch(/:\d\d(?:\.000)?Z$/);
  }
});

test('check runs carry the place and the hash of the record that they show', () => {
  const texts = [...service.gh.world.checkRuns.values()].flatMap((run) => run.text ?? []);
  expect(texts.length).toBeGreaterThan(5);
  const places = trail.map(({ sequence, hash }) => ({ sequence, hash }));
  for (const shown of texts) {
    const data: unknown = JSON.parse(/```json\n(.*?)\n```/s.exec(shown)?.[1] ?? '{}');
    expect(data).toHaveProperty('record');
    expect(places).toContainEqual((data as { record: unknown }).record);
  }
});

/** `docs/reference/records.md`: what it says of each kind. */
const page = readFileSync(`${import.meta.dirname}/../../docs/reference/records.md`, 'utf8');
const rows = page.split('\n').map((line) => line.split('|').slice(1, -1));
const quoted = (cell: string | undefined): string[] =>
  [...(cell ?? '').matchAll(/`([^`]+)`/g)].map(([, word]) => word ?? '');

const DOCUMENTED = new Map(
  rows.flatMap(([kind, , , source, details]) => {
    const name = RECORD_KINDS.find((each) => kind?.trim() === `\`${each}\``);
    return name && details !== undefined
      ? [[name, { source: source ?? '', details: quoted(details) }] as const]
      : [];
  }),
);

/** Written by commands and in no story of the service: compared with the page where the commands are tested. */
const BY_COMMAND: ReadonlySet<RecordKind> = new Set([
  'reconciled',
  'exception-explained',
  'head-published',
  'hold-placed',
  'hold-released',
  'rebuilt',
]);

/** What a scanner found is put on record by a command, too, but as a kind that the service writes. */
const FOUND = reviewFor(
  {
    component: { name: 'API', owner: 'alice' },
    findings: [
      {
        tool: 'Scan',
        rule: 'weak-image',
        severity: 'high',
        message: 'Old',
        file: 'infra/compute.tf',
        line: 2,
        logical: [],
        fingerprint: '00',
      },
    ],
  },
  {
    repository: { id: 1, name: REPO },
    commit: 'a'.repeat(40),
    now: '2026-11-02T09:00:00.000Z',
    due: '2026-11-16T09:00:00.000Z',
    owner: undefined,
    actor: { id: '1', login: 'ada', kind: 'user', role: 'admin' },
  },
);

test('the reference page knows every kind, and every detail of it, and nothing else', () => {
  expect([...DOCUMENTED.keys()]).toEqual([...RECORD_KINDS]);
  const played = RECORD_KINDS.filter((kind) => !BY_COMMAND.has(kind));
  const seen = Object.fromEntries(
    played.map((kind) => [
      kind,
      [
        ...new Set([...trail, FOUND].filter((r) => r.kind === kind).flatMap((r) => Object.keys(r.details))),
      ].sort(),
    ]),
  );
  expect(
    Object.fromEntries(played.map((kind) => [kind, [...(DOCUMENTED.get(kind)?.details ?? [])].sort()])),
  ).toEqual(seen);
  const meanings = rows.filter((row) => row.length === 2).flatMap(([keys]) => quoted(keys));
  for (const key of new Set(Object.values(seen).flat())) expect(meanings).toContain(key);
});

test('the reference page knows the source of every record', () => {
  for (const { kind, source } of [...trail, FOUND])
    expect([kind, patternsOf(kind).some((form) => form.test(source)), source]).toEqual([kind, true, source]);
});

/** `<…>` stands for anything; some kinds have the sources of another one, or end what has one. */
function patternsOf(kind: RecordKind): readonly RegExp[] {
  const { source = '' } = DOCUMENTED.get(kind) ?? {};
  return quoted(source).flatMap((form) => {
    if (form === 'approved') return patternsOf('approved');
    return [new RegExp(`^${form.replaceAll(/<[^>]+>/g, '.+')}$`)];
  });
}
