/** A ledger in which everything happens that pages show: three repositories, a year, every way in, hostile texts. */
import { digestOf } from '../../src/core/digest.ts';
import { readModels } from '../../src/core/formats/read-models.ts';
import { recordedModels } from '../../src/core/audit/recorded-models.ts';
import { rulesText } from '../../src/core/audit/branch-rules.ts';
import type { AuditRecord, Json } from '../../src/core/model/record.ts';
import type { Verdict } from '../../src/core/model/verdict.ts';
import {
  actor,
  BANK,
  chain,
  decided,
  evaluated,
  merged,
  pushed,
  SHOP as ACME_SHOP,
  type Draft,
} from '../audit-core/records.ts';
import { CHANGES, POLICY, SHOP } from '../service/shop.ts';
import {
  document,
  LONG_WORD,
  makeVerdicts,
  MARKUP,
  RTL,
  stored,
  type StoredDocument,
  type Verdicts,
} from './pages-verdicts.ts';

export const NOW = '2026-11-30T12:00:00.000Z';
export const EDGE = { id: 3, name: 'acme-subsidiary/a-repository-with-a-rather-long-name.of_theirs' };
export { ACME_SHOP, BANK };

export interface SampleLedger {
  readonly records: readonly AuditRecord[];
  readonly documents: readonly StoredDocument[];
}

let made: Promise<SampleLedger> | undefined;

/** Made once a process: verdicts take a while. */
export const sampleLedger = (): Promise<SampleLedger> => (made ??= makeLedger());

async function makeLedger(): Promise<SampleLedger> {
  const verdicts = await makeVerdicts();
  const documents = documentsOf(verdicts);
  const drafts = [
    ...ordinaryYear(),
    ...theStory(verdicts),
    ...exceptions(verdicts),
    ...configuration(documents),
  ];
  const inTime = drafts
    .map((draft, index) => ({ draft, index, at: Date.parse(draft.at ?? '2026-11-29T00:00:00Z') }))
    .sort((a, b) => a.at - b.at || a.index - b.index)
    .map(({ draft }) => draft);
  return { records: chain(...inTime), documents: documents.all };
}

const RULES = stored(JSON.stringify({ repository: POLICY, organisation: 'mode: enforce\n' }), 'policy');
const OLD_RULES = stored(JSON.stringify({ repository: POLICY.replace('enforce', 'observe') }), 'policy');

interface Documents {
  readonly all: readonly StoredDocument[];
  readonly models: readonly [StoredDocument, StoredDocument];
  readonly rules: StoredDocument;
}

function documentsOf(verdicts: Verdicts): Documents {
  const model = (text: string | undefined): StoredDocument =>
    stored(recordedModels(readModels([{ path: 'docs/threat-model.md', text: text ?? '' }])), 'models');
  const models = [
    model(SHOP['docs/threat-model.md']),
    model(CHANGES.covered['docs/threat-model.md']),
  ] as const;
  const rules = stored(
    rulesText([{ branch: 'main', rules: { tip: COMMIT(7), rules: [], complete: true } }]),
    'rules',
  );
  const odd = stored(OTHER_FORM(verdicts.opened));
  return {
    all: [RULES, OLD_RULES, ...Object.values(verdicts).map(document), ...models, rules, odd],
    models,
    rules,
  };
}

/** A verdict of a later version: a key and a state that nobody here knows. */
export const OTHER_FORM = (verdict: Verdict): string =>
  JSON.stringify({
    ...verdict,
    schema: '2.3',
    novelty: { of: 'a later version' },
    coverage: { ...verdict.coverage, more: 1 },
    facts: [...verdict.facts, { id: 'of another form' }],
  });

const minutes = (at: string, n: number): string => new Date(Date.parse(at) + n * 60_000).toISOString();

/** What a record says about a verdict. */
const about = (verdict: Verdict): Record<string, Json> => ({
  document: document(verdict).digest,
  conclusion: verdict.conclusion,
  applicable: verdict.applicable,
  title: verdict.title,
  facts: verdict.facts.filter((f) => f.deciding).length,
  categories: [...new Set(verdict.facts.flatMap((f) => f.categories))].sort(),
  policy: { ...verdict.policy },
  tool: { ...verdict.tool },
  author: { id: 'id-bob', login: 'bob', kind: 'user' },
  baseRef: 'main',
});

const COMMIT = (n: number): string => n.toString(16).padStart(4, '0').repeat(10);

/** A year of quiet work, some of it significant, in two repositories. */
function ordinaryYear(): readonly Draft[] {
  return [...Array(56).keys()].flatMap((i) => {
    const month = i % 12;
    const at = new Date(Date.UTC(2025, 11 + month, 3 + (i % 23), 9, i)).toISOString();
    const repository = i % 3 === 0 ? BANK : ACME_SHOP;
    const number = 200 + i;
    const applicable = i % 4 !== 0;
    const more = { repository, commit: COMMIT(number) };
    const title = applicable
      ? 'The model covers the change and it is approved'
      : 'Nothing in it touches the architecture';
    const details = { applicable, title, base: COMMIT(1), mode: i % 13 === 5 ? 'observe' : 'enforce' };
    const wait = [3, 40, 150, 900, 3_000, 9_000, 20_000][i % 7] ?? 5;
    return [
      evaluated(number, details, { ...more, at }),
      ...(applicable
        ? [
            decided(
              'approved',
              number,
              { via: 'review', saidAt: minutes(at, wait) },
              { ...more, at: minutes(at, wait + 1) },
            ),
          ]
        : []),
      merged(number, details, { ...more, at: minutes(at, wait + 60) }),
    ];
  });
}

/** #101: everything that can be said about one change. */
function theStory({ uncovered, waiting, approved }: Verdicts): readonly Draft[] {
  const of = (verdict: Verdict, n: number): Pick<Draft, 'commit' | 'digest'> => ({
    commit: COMMIT(n),
    digest: verdict.digest,
  });
  const at = (day: number, time: string): string => `2026-10-0${day}T${time}:00.000Z`;
  const carol = actor('carol', 'approver (team acme/security)');
  const [asked] = waiting.questions;
  const place = { address: asked?.address ?? 'aws_s3_bucket.exports', scope: asked?.scope ?? 'infra' };
  const answer = (
    question: string | undefined,
    more: Record<string, Json>,
    time: string,
    who = actor('bob', 'author'),
  ): Draft =>
    decided(
      'answered',
      101,
      {
        question: question ?? 'OBJ-I1',
        ...place,
        saidAt: at(1, time),
        version: digestOf('question'),
        ...more,
      },
      { actor: who, at: at(1, time), source: `review-comment/${time.replace(':', '')}/x/1` },
    );
  const ids = waiting.questions.filter((q) => q.address === place.address).map((q) => q.id);
  return [
    evaluated(101, about(uncovered), { ...of(uncovered, 0xa1), at: at(1, '09:00') }),
    {
      kind: 'questions-asked',
      pullRequest: 101,
      details: { questions: [...new Set(waiting.questions.map((q) => q.id))], catalogue: 'c1' },
      at: at(1, '09:01'),
    },
    evaluated(101, about(waiting), { ...of(waiting, 0xa2), at: at(1, '10:00') }),
    answer(
      ids[0],
      {
        answer: 'accept',
        text: 'exports are small, few, and deleted after a week',
        owner: '@bob',
        expires: '2026-11-01T23:59:59.999Z',
      },
      '10:10',
    ),
    answer(ids[1], { answer: 'control', text: 'public access is blocked at the account' }, '10:11'),
    answer(ids[2], { answer: 'ticket', text: 'ORC-12' }, '10:12'),
    answer(ids[3], { answer: 'considered', text: '' }, '10:13', actor('carol', 'write')),
    answer(ids[3], { answer: 'open', text: '' }, '10:20', actor('carol', 'write')),
    decided(
      'decision-refused',
      101,
      {
        decision: 'approve',
        via: 'comment',
        saidAt: at(1, '11:00'),
        reason: 'Eve is not named in the policy, and in no team that is.',
        remedy: 'Ask somebody of `acme/security`.',
      },
      { actor: actor('eve', 'read'), at: at(1, '11:00'), source: 'comment/41' },
    ),
    decided(
      'approved',
      101,
      {
        via: 'comment',
        saidAt: at(1, '11:30'),
        statement: 'As private as it can be.',
        facts: ['`aws_s3_bucket.exports` is new'],
      },
      { ...of(waiting, 0xa2), at: at(1, '11:30'), source: 'comment/42' },
    ),
    decided(
      'approval-ended',
      101,
      { via: 'comment', reason: 'I have to look again: who reads the exports?', saidAt: at(1, '11:40') },
      { ...of(waiting, 0xa2), at: at(1, '11:40'), source: 'comment/43' },
    ),
    decided(
      'approved',
      101,
      {
        via: 'review',
        saidAt: at(2, '10:59'),
        statement: 'Only the bookkeeper may read it, and it is gone after a week.',
        facts: ['`aws_s3_bucket.exports` is new', '`aws_sqs_queue.export_jobs` is new'],
      },
      { actor: carol, ...of(waiting, 0xa2), at: at(2, '11:00'), source: 'review/77' },
    ),
    evaluated(101, about(approved), { ...of(approved, 0xa2), at: at(2, '11:01') }),
    merged(
      101,
      {
        ...about(approved),
        mode: 'enforce',
        check: 'success',
        mergedAt: at(2, '12:00'),
        mergeCommit: COMMIT(0xa9),
        protected: true,
        rests: ['review/77'],
        withoutExceptions: 'success',
        parents: 1,
      },
      { ...of(approved, 0xa2), at: at(2, '12:01') },
    ),
  ];
}

/** Each way that is not the ordinary one, and people who write what nobody should believe. */
function exceptions({ opened, hostile, quiet }: Verdicts): readonly Draft[] {
  const at = (time: string): string => `2026-11-${time}.000Z`;
  const success = { conclusion: 'success', check: 'success', mode: 'enforce' };
  const is = (n: number, verdict: Verdict): Pick<Draft, 'commit' | 'digest'> => ({
    commit: COMMIT(n),
    digest: verdict.digest,
  });
  const eve = { ...actor('x', 'write'), login: MARKUP };
  return [
    evaluated(102, about(opened), { ...is(0xb1, opened), at: at('05T09:00:00') }),
    decided(
      'emergency',
      102,
      {
        via: 'comment',
        saidAt: at('05T09:05:00'),
        incident: 'INC-7',
        reason: 'the shop is down and nobody is in',
        reviewDue: at('12T09:05:00'),
      },
      { ...is(0xb1, opened), at: at('05T09:05:01'), source: 'comment/70' },
    ),
    evaluated(
      102,
      { ...about(opened), conclusion: 'success', title: 'Let through as an emergency (INC-7)' },
      { ...is(0xb1, opened), at: at('05T09:06:00') },
    ),
    merged(
      102,
      {
        ...about(opened),
        ...success,
        rests: ['comment/70'],
        withoutExceptions: 'failure',
        mergedAt: at('05T09:10:00'),
        mergeCommit: COMMIT(0xb9),
      },
      { ...is(0xb1, opened), at: at('05T09:10:02'), source: 'merged/102' },
    ),
    decided(
      'exception-explained',
      102,
      {
        of: 'merged/102',
        cause: 'The certificate ran out.',
        impact: 'The office network could reach the database for a day.',
        response: 'Renewal is watched now.',
      },
      { actor: actor('ada', 'admin'), at: at('06T10:00:00') },
    ),
    evaluated(103, about(opened), { ...is(0xc1, opened), at: at('06T09:00:00') }),
    decided(
      'waived',
      103,
      {
        via: 'comment',
        saidAt: at('06T09:05:00'),
        reason: 'the office moves this week',
        expires: '2026-11-20T23:59:59.999Z',
      },
      { ...is(0xc1, opened), at: at('06T09:05:00'), source: 'comment/71' },
    ),
    evaluated(
      103,
      { ...about(opened), conclusion: 'success', title: 'Waived' },
      { ...is(0xc1, opened), at: at('06T09:06:00') },
    ),
    merged(
      103,
      { ...about(opened), ...success, rests: ['comment/71'], withoutExceptions: 'failure' },
      { ...is(0xc1, opened), at: at('06T09:10:00') },
    ),
    evaluated(104, about(opened), { ...is(0xd1, opened), at: at('07T09:00:00') }),
    merged(
      104,
      { ...about(opened), check: 'failure' },
      { ...is(0xd1, opened), actor: actor('ada', 'admin'), at: at('07T09:10:00') },
    ),
    decided(
      'bypassed',
      104,
      { reason: 'Merged by somebody who need not obey the rules, while the check said failure.' },
      { ...is(0xd1, opened), actor: actor('ada', 'admin'), at: at('07T09:10:00') },
    ),
    evaluated(106, about(quiet), { ...is(0xe1, quiet), at: at('08T09:00:00') }),
    merged(
      106,
      { ...about(quiet), check: 'success', mode: 'enforce' },
      { ...is(0xe1, quiet), at: at('08T09:10:00') },
    ),
    evaluated(107, about(opened), { ...is(0xf1, opened), at: at('09T09:00:00') }),
    evaluated(108, about(opened), { ...is(0xf2, opened), at: at('09T10:00:00') }),
    { kind: 'closed', pullRequest: 108, at: at('09T11:00:00') },
    merged(109, {}, { commit: COMMIT(0xf3), at: at('10T09:00:00') }),
    evaluated(
      110,
      { ...about(opened), document: digestOf(OTHER_FORM(opened)) },
      { ...is(0xf4, opened), at: at('10T10:00:00') },
    ),
    evaluated(
      666,
      { ...about(hostile), baseRef: `${RTL}${MARKUP}`, title: `${MARKUP}${RTL}` },
      { ...is(0x666, hostile), repository: EDGE, at: at('11T09:00:00') },
    ),
    decided(
      'waived',
      666,
      { via: 'comment', reason: `${LONG_WORD} ${MARKUP} ${RTL}`, expires: 'whenever' },
      {
        ...is(0x666, hostile),
        repository: EDGE,
        actor: { ...eve, role: `${MARKUP}${RTL}` },
        at: at('11T09:05:00'),
        source: MARKUP,
      },
    ),
    decided(
      'answered',
      666,
      {
        question: MARKUP,
        address: LONG_WORD,
        scope: RTL,
        answer: 'accept',
        text: `${RTL}${LONG_WORD}`,
        owner: MARKUP,
        expires: RTL,
        saidAt: MARKUP,
      },
      { ...is(0x666, hostile), repository: EDGE, actor: eve, at: at('11T09:06:00') },
    ),
    evaluated(
      666,
      { ...about(hostile), conclusion: 'success', title: LONG_WORD },
      { ...is(0x666, hostile), repository: EDGE, at: at('11T09:07:00') },
    ),
    merged(
      666,
      {
        ...about(hostile),
        ...success,
        title: LONG_WORD,
        mergeCommit: MARKUP,
        baseRef: `${RTL}${MARKUP}`,
        author: { id: '1', login: RTL, kind: 'user' },
      },
      { ...is(0x666, hostile), repository: EDGE, actor: eve, at: at('11T09:10:00') },
    ),
    pushed(
      COMMIT(0x10),
      {},
      {
        at: at('12T09:00:00'),
        details: {
          branch: 'main',
          committedAt: '1999-01-01T00:00:00Z',
          author: { id: 'id-bob', login: 'bob', kind: 'user' },
          after: COMMIT(0x9),
        },
      },
    ),
    pushed(COMMIT(0x11), { mergedElsewhere: [101] }, { at: at('12T10:00:00') }),
    pushed(COMMIT(0x12), { forced: true, complete: false }, { at: at('12T11:00:00') }),
    pushed(
      COMMIT(0x13),
      { branch: `${RTL}${MARKUP}` },
      { repository: EDGE, actor: { ...eve, login: LONG_WORD.slice(0, 5_000) }, at: at('12T12:00:00') },
    ),
    {
      kind: 'gate-outage',
      pullRequest: 107,
      details: { from: at('09T09:00:00'), until: at('09T09:45:00') },
      at: at('09T09:45:00'),
    },
  ];
}

function configuration({ models, rules }: Documents): readonly Draft[] {
  return [
    {
      kind: 'installed',
      actor: actor('ada', 'admin'),
      details: { action: 'created' },
      at: '2025-11-20T08:00:00.000Z',
    },
    { kind: 'installed', repository: BANK, details: { action: 'found' }, at: '2025-11-20T08:00:00.000Z' },
    {
      kind: 'policy-changed',
      details: { after: digestOf('old'), document: OLD_RULES.digest },
      at: '2025-11-20T08:01:00.000Z',
    },
    {
      kind: 'policy-changed',
      details: { before: digestOf('old'), after: digestOf('new'), document: RULES.digest },
      at: '2026-02-01T08:00:00.000Z',
    },
    {
      kind: 'rules-changed',
      commit: COMMIT(7),
      details: {
        branch: 'main',
        after: rules.digest,
        document: rules.digest,
        required: 'pinned',
        begins: ['main: GitHub demands nothing.'],
        ends: [],
      },
      at: '2025-11-20T08:02:00.000Z',
    },
    {
      kind: 'model-recorded',
      commit: COMMIT(7),
      details: { branch: 'main', document: models[0].digest },
      at: '2025-11-20T08:03:00.000Z',
    },
    {
      kind: 'model-recorded',
      commit: COMMIT(8),
      details: { branch: 'main', before: models[0].digest, document: models[1].digest },
      at: '2026-10-02T12:02:00.000Z',
    },
  ];
}
