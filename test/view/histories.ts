/** Random trails: what happens to some pull requests of some repositories, whole or with parts missing, in any order. */
import fc from 'fast-check';
import { RECORD_KINDS, type RecordDraft } from '../../src/core/model/record.ts';
import type { Period } from '../../src/core/model/audit.ts';
import type { Scope } from '../../src/core/model/view.ts';
import { actor } from '../audit-core/records.ts';

/** Their ids and their names are in different orders; two have one name in different letters. */
export const REPOSITORIES = [
  { id: 1, name: 'acme/shop' },
  { id: 2, name: 'acme/bank' },
  { id: 30, name: 'Acme/Till' },
  { id: 4, name: 'acme/till' },
] as const;

const DAY = 86_400_000;
const FIRST = Date.parse('2026-10-25T00:00:00Z');

/** Half a year, at hours of which many are used twice. */
export const instant = fc
  .integer({ min: 0, max: 180 * 4 })
  .map((n) => new Date(FIRST + (n * DAY) / 4).toISOString());

/** Details that exist, each of them there or not, and now and then something else in its place. */
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 12, arbitrary: value }, { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 1 }) });

const people = fc.constantFrom(
  actor('alice'),
  actor('Bob'),
  { ...actor('alice'), id: 'id-Other' },
  actor('12'),
);
const sources = fc.constantFrom('source/1', 'source/2', 'source/3', 'source/4');
const categories = fc.uniqueArray(fc.constantFrom('exposure', 'data-store', 'data-flow'), { maxLength: 3 });
const text = fc.constantFrom('ABC-1', '#7', 'as agreed', 'a\u0000b\u001b\ud800', 'ü'.repeat(150));

const details = fc.record(
  {
    mergedAt: maybe(instant),
    saidAt: maybe(instant),
    conclusion: maybe(fc.constantFrom('success', 'success', 'success', 'failure', 'action_required')),
    check: maybe(fc.constantFrom('success', 'failure', 'none')),
    applicable: maybe(fc.boolean()),
    mode: maybe(fc.constantFrom('enforce', 'observe')),
    title: maybe(fc.constant('a title')),
    baseRef: maybe(fc.constant('main')),
    author: maybe(fc.constantFrom(actor('Bob'), actor('carol'))),
    categories: maybe(categories),
    document: maybe(fc.constantFrom(...DIGESTS())),
    branch: maybe(fc.constantFrom('main', 'release')),
    complete: maybe(fc.constant(false)),
    mergedElsewhere: maybe(fc.array(fc.nat(9), { maxLength: 2 })),
    decision: maybe(fc.constantFrom('approve', 'waive', 'command')),
    target: maybe(fc.record({ id: fc.constantFrom('id-alice', 'id-carol'), login: fc.constant('x') })),
    expires: maybe(instant),
    reviewDue: maybe(instant),
    incident: maybe(fc.constant('INC-1')),
    reason: maybe(text),
    of: maybe(fc.oneof(sources, fc.constantFrom('merged/1', 'merged/2', 'direct/main/a'))),
    question: maybe(fc.constantFrom('OBJ-I1', 'OBJ-T1')),
    scope: maybe(fc.constantFrom('', 'api')),
    address: maybe(text),
    answer: maybe(fc.constantFrom('accept', 'accept', 'ticket', 'control', 'open')),
    owner: maybe(fc.constantFrom('@Ada', '@bob', 'x'.repeat(200))),
    text: maybe(text),
    key: maybe(fc.constantFrom('jira:ABC-1', 'github:acme/shop#7', 'github:acme/till#7')),
    state: maybe(fc.constantFrom('open', 'closed')),
    from: maybe(instant),
    until: maybe(instant),
    cause: maybe(text),
    rebuilt: fc.oneof(
      { weight: 6, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.constant('rebuilt/1') },
    ),
    arrivedAt: maybe(instant),
  },
  { requiredKeys: [] },
);

/** Digests of three documents, of which the third is on no shelf. */
export function DIGESTS(): readonly string[] {
  return ['a', 'b', 'c'].map((letter) => `sha256:${letter.repeat(64)}`);
}

const usual = [
  'evaluated',
  'evaluated',
  'merged',
  'merged',
  'direct-push',
  'approved',
  'approval-ended',
  'waived',
  'emergency',
  'review-done',
  'answered',
  'answered',
  'closed',
  'model-recorded',
  'gate-outage',
  'exception-explained',
  'ticket',
] as const;

export const draft: fc.Arbitrary<RecordDraft> = fc
  .record(
    {
      kind: fc.oneof(
        { weight: 6, arbitrary: fc.constantFrom(...usual) },
        { weight: 1, arbitrary: fc.constantFrom(...RECORD_KINDS) },
      ),
      repository: fc.constantFrom(...REPOSITORIES),
      at: instant,
      details,
      pullRequest: fc.integer({ min: 1, max: 3 }),
      commit: fc.constantFrom('a', 'b', 'c'),
      digest: fc.constantFrom('sha256:1', 'sha256:2'),
      actor: people,
      source: fc.tuple(sources, fc.nat(3)).map(([source, n]) => (n === 0 ? source : `${source}/${n}`)),
    },
    { requiredKeys: ['kind', 'repository', 'at', 'details', 'source'] },
  )
  .map((d) => ({ ...d, source: sourceOf(d as RecordDraft) }) as RecordDraft);

/** What happens once, happens once: a pull request is merged, a commit pushed to a branch. */
function sourceOf({ kind, source, pullRequest, commit, details: { branch } }: RecordDraft): string {
  if (kind === 'merged' && pullRequest !== undefined) return `merged/${pullRequest}`;
  if (kind === 'direct-push' && commit !== undefined && typeof branch === 'string')
    return `direct/${branch}/${commit}`;
  return source;
}

export const period: fc.Arbitrary<Period> = fc
  .tuple(instant, instant)
  .map(([a, b]) => (a < b ? { from: a, to: b } : { from: b, to: a }));

/** Whole months, which are counted otherwise than parts of them. */
export const wholeMonths: Period = { from: '2026-11-01', to: '2027-03-01' };

export const scope: fc.Arbitrary<Scope> = fc.oneof(
  fc.constant<Scope>({ kind: 'all' }),
  fc
    .subarray([...REPOSITORIES.map((r) => r.id), 99])
    .map((ids): Scope => ({ kind: 'some', repositories: new Set<number>(ids) })),
);
