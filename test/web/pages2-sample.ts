/** A year of three repositories with something of everything that the pages tell. */
import { recordedModels } from '../../src/core/audit/recorded-models.ts';
import { viewOfRecords, type ViewDocument } from '../../src/core/audit/view-of-records.ts';
import { digestOf } from '../../src/core/digest.ts';
import { readModels } from '../../src/core/formats/read-models.ts';
import type { AuditRecord, Json } from '../../src/core/model/record.ts';
import type { TrailView } from '../../src/core/model/view.ts';
import {
  actor,
  BANK,
  chain,
  decided,
  evaluated,
  merged,
  pushed,
  SHOP,
  type Draft,
} from '../audit-core/records.ts';

export const NOW = '2026-11-30T02:15:00.000Z';
/** Nobody but those who may see everything sees anything of it. */
export const VAULT = { id: 9, name: 'acme/vault' };
/** Stands in every text of it. */
export const SECRET = 'kept-from-you';
export const HOSTILE = '<script>alert(1)</script>" onmouseover="x=1 \u202e=HYPERLINK("https://evil.example")';

const MODEL = `# Threat model of the shop

Owner: @alice

## Components

| Name | Type | Resource | Trust boundary | Description |
| --- | --- | --- | --- | --- |
| Web | process | \`aws_ecs_service.web\` | Public | Pages and the API that customers use |
| Orders | data store | \`aws_db_instance.orders\` | Private | Every order with its lines |
| Search | process | \`aws_ecs_service.search\` | Private | |

## External dependencies

| Name | Purpose |
| --- | --- |
| Stripe | takes payments |
| Mailgun | sends receipts |

## Data flows

| From | To | Protocol | Data |
| --- | --- | --- | --- |
| Web | Orders | TLS | orders |
| Web | Stripe | HTTPS | card tokens |
| Web | Search | HTTP | queries |

## Threats

| ID | Threat | Component | STRIDE | Likelihood | Impact | Status | Mitigation | Owner |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
| T1 | Orders of one customer are read by another | Orders | I | Possible | High | Mitigated | Row-level security | @bob |
| T2 | A payment is replayed | Web | T | Rare | High | Accepted | | @carol |
| T3 | Receipts go to a stranger | Web | I | | | Open | | |

## Assumptions

- Stripe keeps card numbers, we never see them.
- The network between the containers is private.
`;

const document = (kind: string, text: string): ViewDocument => ({ digest: digestOf(text), kind, text });

const policy = (repository: string, organisation = ''): ViewDocument =>
  document('policy', JSON.stringify({ organisation, repository }));

const FIRST_POLICY = policy('mode: observe\nmodel:\n  require: touched\n  paths: [docs/threat-model.md]\n');
const SECOND_POLICY = policy(
  'mode: enforce\nmodel:\n  require: covered\n  paths: [docs/threat-model.md]\napproval:\n  users: [alice, eve]\n',
  'approval:\n  teams: [acme/security]\n',
);
const FIRST_MODEL = document(
  'models',
  recordedModels(readModels([{ path: 'docs/threat-model.md', text: MODEL }])),
);
const SECOND_MODEL = document(
  'models',
  recordedModels(
    readModels([
      {
        path: 'docs/threat-model.md',
        text: MODEL.replace('| Mailgun | sends receipts |', `| Mailgun | ${HOSTILE.replaceAll('|', '')} |`),
      },
    ]),
    ['docs/old.md is larger than what is read.'],
  ),
);
const RULES = document('rules', '{"branches":[{"branch":"main","complete":true,"rules":[]}],"schema":"1.0"}');
const OTHER_RULES = document(
  'rules',
  '{"branches":[{"branch":"main","complete":false,"rules":[]}],"schema":"1.0"}',
);

export const DOCUMENTS: readonly ViewDocument[] = [
  FIRST_POLICY,
  SECOND_POLICY,
  FIRST_MODEL,
  SECOND_MODEL,
  RULES,
  OTHER_RULES,
];

/** One change a week, each in another way, with what people said about it. */
function changes(): readonly Draft[] {
  const drafts: Draft[] = [];
  for (let n = 1; n <= 40; n++) {
    const at = Date.UTC(2026, 1, 2 + n * 7, 9);
    const when = (minutes: number): string => new Date(at + minutes * 60_000).toISOString();
    const repository = n % 3 === 0 ? BANK : SHOP;
    const on = (draft: Draft, minutes: number): Draft => ({ ...draft, repository, at: when(minutes) });
    const categories = n % 4 === 0 ? ['external-dependency'] : ['data-store', 'exposure'];
    const facts = { categories };
    switch (n % 8) {
      case 0:
        drafts.push(
          on(
            evaluated(n, {
              ...facts,
              conclusion: 'failure',
              title: 'The model does not cover `aws_s3_bucket.logs`',
            }),
            0,
          ),
        );
        drafts.push(on(merged(n, { conclusion: 'failure', check: 'failure', mergedAt: when(30) }), 30));
        drafts.push(
          on(
            {
              kind: 'bypassed',
              pullRequest: n,
              actor: actor('root', 'admin'),
              details: { reason: 'Merged although the check had failed', mergedAt: when(30) },
            },
            31,
          ),
        );
        break;
      case 1:
        drafts.push(on(pushed(`${n}`.repeat(8).padEnd(40, 'a'), { branch: 'main' }), 0));
        break;
      case 2:
        drafts.push(on(evaluated(n, { ...facts, conclusion: 'action_required' }), 0));
        drafts.push(
          on(
            decided('waived', n, {
              via: 'comment',
              saidAt: when(5),
              reason: `Only a test account; #${n}`,
              expires: n > 20 ? '2027-06-01' : '2026-06-01',
            }),
            5,
          ),
        );
        drafts.push(on(evaluated(n, facts), 6));
        drafts.push(on(merged(n, { mergedAt: when(30) }), 30));
        break;
      case 3:
        drafts.push(on(evaluated(n, facts), 0));
        drafts.push(
          on(
            decided('emergency', n, {
              via: 'comment',
              saidAt: when(5),
              reason: 'Customers cannot pay',
              incident: `INC-${n}`,
              reviewDue: when(7 * 1440),
            }),
            5,
          ),
        );
        drafts.push(on(evaluated(n, facts), 6));
        drafts.push(on(merged(n, { mergedAt: when(10) }), 10));
        if (n < 20)
          drafts.push(
            on(
              decided('review-done', n, {
                of: `emergency/${n}/x`,
                saidAt: when(1440),
                statement: 'The change was right; the alarm came late.',
              }),
              1440,
            ),
          );
        break;
      case 4:
        drafts.push(
          on(evaluated(n, { applicable: false, facts: 0, categories: [], title: 'Nothing significant' }), 0),
        );
        drafts.push(on(merged(n, { applicable: false, mergedAt: when(30) }), 30));
        break;
      default:
        drafts.push(on(evaluated(n, { ...facts, conclusion: 'action_required' }), 0));
        drafts.push(
          on(
            {
              kind: 'questions-asked',
              pullRequest: n,
              details: { questions: ['OBJ-I1', 'OBJ-T1'], catalogue: '3' },
            },
            1,
          ),
        );
        drafts.push(on(answer(n, n % 2 === 0 ? 'control' : n % 3 === 0 ? 'ticket' : 'accept', when(3)), 3));
        drafts.push(
          on(decided('approved', n, { via: 'review', saidAt: when(20), statement: 'Reads well.' }), 20),
        );
        drafts.push(on(evaluated(n, facts), 21));
        drafts.push(on(merged(n, { mergedAt: when(30) }), 30));
    }
  }
  return drafts;
}

function answer(pullRequest: number, kind: 'control' | 'ticket' | 'accept', saidAt: string): Draft {
  const said: { readonly [key: string]: Json } = {
    accept: {
      text: 'The logs hold no personal data',
      owner: '@carol',
      expires: pullRequest > 20 ? '2027-03-01' : '2026-09-01',
    },
    ticket: { text: 'SHOP-12' },
    control: { text: 'Access is by role, and reviewed every quarter' },
  }[kind];
  return decided('answered', pullRequest, {
    question: 'OBJ-I1',
    address: `aws_s3_bucket.logs_${pullRequest}`,
    scope: 'infra',
    answer: kind,
    saidAt,
    ...said,
  });
}

const RULE = (from: string): string => `main: The check "Threatgate" has to pass, ${from} (ruleset "guard").`;

function surroundings(): readonly Draft[] {
  const at = (day: string, draft: Draft): Draft => ({ at: `2026-${day}T08:00:00.000Z`, ...draft });
  const root = actor('root', 'admin');
  return [
    at('02-01', { kind: 'installed', actor: root, details: { action: 'created' } }),
    at('02-01', { kind: 'installed', repository: BANK, actor: root, details: { action: 'added' } }),
    at('02-02', { kind: 'policy-changed', details: { after: 'sha256:1', document: FIRST_POLICY.digest } }),
    at('02-02', { kind: 'model-recorded', details: { branch: 'main', document: FIRST_MODEL.digest } }),
    at('02-03', {
      kind: 'rules-changed',
      details: {
        branch: 'main',
        after: RULES.digest,
        document: RULES.digest,
        required: 'any-source',
        begins: [
          RULE('reported by anybody'),
          'main: Role 5 is exempt from it, and GitHub keeps no note of that (ruleset "guard").',
        ],
        ends: [],
      },
    }),
    at('03-15', {
      kind: 'policy-changed',
      details: { before: 'sha256:1', after: 'sha256:2', document: SECOND_POLICY.digest },
    }),
    at('04-01', {
      kind: 'gate-outage',
      repository: BANK,
      details: { from: '2026-04-01T06:00:00.000Z', until: '2026-04-01T07:30:00.000Z' },
    }),
    at('04-02', { kind: 'hold-placed', actor: root, details: { hold: 'case-7', reason: HOSTILE } }),
    at('05-01', {
      kind: 'rules-changed',
      details: {
        branch: 'main',
        before: RULES.digest,
        after: OTHER_RULES.digest,
        document: OTHER_RULES.digest,
        required: 'pinned',
        begins: [RULE('reported by App 123456')],
        ends: [RULE('reported by anybody')],
      },
    }),
    at('06-01', {
      kind: 'reconciled',
      actor: root,
      details: {
        branch: 'main',
        from: '2026-01-01T00:00:00.000Z',
        to: '2026-06-01T00:00:00.000Z',
        leftovers: 2,
        complete: true,
      },
    }),
    at('06-02', {
      kind: 'head-published',
      details: { sequence: 50, hash: 'sha256:0', where: 'check-run/77' },
    }),
    at('03-04', {
      kind: 'rebuilt',
      repository: BANK,
      actor: root,
      details: {
        from: '2025-12-01T00:00:00Z',
        until: '2026-01-20T00:00:00Z',
        missing: ['Ticks are nowhere on GitHub.'],
      },
    }),
    at('06-03', {
      kind: 'review-opened',
      source: 'review/schedule/5',
      details: {
        cause: 'schedule',
        subject: 'The threat model, as every 90 days',
        due: '2026-06-17T08:00:00.000Z',
        owner: 'alice, acme/security',
      },
    }),
    at('06-10', {
      kind: 'review-done',
      actor: actor('alice'),
      details: { of: 'review/schedule/5', statement: 'Two threats were added.', attendees: ['bob', 'carol'] },
    }),
    at('09-03', {
      kind: 'review-opened',
      source: 'review/incident/INC-90',
      details: {
        cause: 'incident',
        incident: 'INC-90',
        subject: `What INC-90 says about the model ${HOSTILE}`,
        due: '2026-09-10T08:00:00.000Z',
        components: ['aws_s3_bucket.logs'],
      },
    }),
    at('11-28', {
      kind: 'ticket',
      details: {
        ticket: 'SHOP-12',
        key: 'jira/SHOP-12',
        state: 'closed',
        url: 'https://jira.example/SHOP-12',
        createdAt: '2026-05-01T00:00:00Z',
        closedAt: '2026-11-20T00:00:00Z',
        closedBy: 'bob',
      },
    }),
    at('09-01', {
      kind: 'model-recorded',
      details: { branch: 'main', before: FIRST_MODEL.digest, document: SECOND_MODEL.digest },
    }),
    at('10-01', {
      kind: 'decision-refused',
      pullRequest: 5,
      actor: actor('mallory', 'read'),
      details: { decision: 'approve', reason: HOSTILE, remedy: 'Ask somebody who may.' },
    }),
    at('10-02', {
      kind: 'exception-explained',
      actor: actor('carol', 'write'),
      details: {
        of: 'merged/8',
        cause: 'The check was red for an hour, and a customer waited',
        impact: 'None: the bucket was empty',
        response: 'Administrators may not bypass any more',
      },
    }),
    at('10-03', { ...evaluated(1, { title: SECRET, reason: SECRET }), repository: VAULT }),
    at('10-03', { ...merged(1, { title: SECRET }), repository: VAULT, at: '2026-10-03T09:00:00.000Z' }),
    at('10-04', { ...pushed('f'.repeat(40), { branch: SECRET }), repository: VAULT }),
    at('10-05', {
      ...answer(1, 'accept', '2026-10-05T08:00:00.000Z'),
      repository: VAULT,
      actor: actor(SECRET),
    }),
    at('10-06', {
      kind: 'policy-changed',
      repository: VAULT,
      details: { after: SECRET, document: FIRST_POLICY.digest },
    }),
    at('10-06', {
      kind: 'model-recorded',
      repository: VAULT,
      details: { branch: SECRET, document: FIRST_MODEL.digest },
    }),
    at('10-07', {
      kind: 'gate-outage',
      repository: VAULT,
      details: { from: '2026-10-07T06:00:00.000Z', until: '2026-10-07T07:30:00.000Z' },
    }),
  ];
}

/** Reviews name the emergency that they are of by its source. */
function sourced(draft: Draft): Draft {
  const { kind, pullRequest, details } = draft;
  if (pullRequest === undefined) return draft;
  if (kind === 'emergency') return { ...draft, source: `comment/${pullRequest}` };
  return kind === 'review-done' ? { ...draft, details: { ...details, of: `comment/${pullRequest}` } } : draft;
}

export const sampleRecords = (): readonly AuditRecord[] =>
  chain(
    ...[...changes(), ...surroundings()].map(sourced).sort((a, b) => (a.at ?? '').localeCompare(b.at ?? '')),
  );

export const sampleView = (): TrailView => viewOfRecords(sampleRecords(), DOCUMENTS);
