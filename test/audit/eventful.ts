import type { Json, RecordDraft } from '../../src/core/model/record.ts';
import { ADA, EVE, policyChanged, record, RULES, SHOP, TILL, verdictOf } from './samples.ts';

export const YEAR = { from: '2026-01-01T00:00:00.000Z', to: '2027-01-01T00:00:00.000Z' };

type Details = { readonly [key: string]: Json };

/** One pull request of a day, with whatever is decided in between. */
export function pull(
  repository: typeof SHOP,
  number: number,
  day: string,
  between: readonly RecordDraft[],
  over: Details = {},
): readonly RecordDraft[] {
  const details = {
    document: verdictOf(2).digest,
    conclusion: 'success',
    applicable: true,
    mode: 'enforce',
    title: 'Covered',
    policy: { origin: 'x', digest: RULES.digest },
    tool: { name: 'threatgate', version: '0.1.0', rules: 'r', catalogue: 'c' },
    author: { id: '12', login: 'ada', kind: 'user' },
    baseRef: 'main',
    check: 'success',
    ...over,
  };
  return [
    record(repository, 'evaluated', number, { at: `${day}T09:00:00.000Z`, details }),
    ...between,
    record(repository, 'merged', number, { at: `${day}T12:00:00.000Z`, actor: ADA, details }),
  ];
}

/** A year with one of everything. */
export function eventful(): readonly RecordDraft[] {
  const said = (
    repository: typeof SHOP,
    kind: RecordDraft['kind'],
    number: number,
    at: string,
    details: Details,
  ): RecordDraft => record(repository, kind, number, { at, actor: EVE, details });
  const answered = (repository: typeof SHOP, at: string, details: Details): RecordDraft =>
    said(repository, 'answered', 1, at, { address: 'aws_s3_bucket.a', scope: 'infra', ...details });
  const urgent = (number: number, day: string): RecordDraft =>
    said(SHOP, 'emergency', number, `${day}T10:00:00.000Z`, {
      reason: '@SUM(1)',
      incident: `INC-${number}`,
      reviewDue: '2026-03-10T00:00:00.000Z',
    });
  const second = urgent(2, '2026-03-01');
  return [
    policyChanged(SHOP, '2025-11-01T00:00:00.000Z', RULES),
    ...pull(SHOP, 1, '2026-02-01', [
      answered(SHOP, '2026-02-01T09:10:00.000Z', {
        question: 'Q1',
        answer: 'accept',
        text: '=cmd|calc',
        owner: 'eve',
        expires: '2026-06-01',
      }),
      answered(SHOP, '2026-02-01T09:11:00.000Z', { question: 'Q2', answer: 'ticket', text: 'SHOP-1' }),
      answered(SHOP, '2026-02-01T09:12:00.000Z', { question: 'Q3', answer: 'control', text: 'Encrypted' }),
      said(SHOP, 'approved', 1, '2026-02-01T10:00:00.000Z', { via: 'review', statement: 'Fine.' }),
    ]),
    ...pull(SHOP, 2, '2026-03-01', [second]),
    said(SHOP, 'review-done', 2, '2026-03-20T10:00:00.000Z', { of: second.source, statement: 'Looked.' }),
    ...pull(SHOP, 4, '2026-04-01', [urgent(4, '2026-04-01')]),
    ...pull(SHOP, 5, '2026-05-01', [
      said(SHOP, 'waived', 5, '2026-05-01T10:00:00.000Z', { reason: '+1', expires: YEAR.to }),
    ]),
    ...pull(SHOP, 6, '2026-06-01', [], { conclusion: 'failure', check: 'failure' }),
    said(SHOP, 'bypassed', 6, '2026-06-01T12:00:01.000Z', { reason: 'Merged past the gate' }),
    ...pull(SHOP, 7, '2026-06-02', [], { check: 'failure' }),
    record(SHOP, 'direct-push', 0, {
      at: '2026-07-01T00:00:00.000Z',
      actor: ADA,
      details: { branch: 'main', complete: true },
    }),
    record(SHOP, 'gate-outage', 8, {
      at: '2026-08-01T00:00:00.000Z',
      details: { from: '2026-07-31T00:00:00.000Z', until: '2026-08-01T00:00:00.000Z' },
    }),
    policyChanged(SHOP, '2026-09-01T00:00:00.000Z', RULES),
    ...pull(TILL, 1, '2026-02-02', [
      answered(TILL, '2026-02-02T09:10:00.000Z', { question: 'Q1', answer: 'accept', text: 'So be it' }),
      said(TILL, 'approved', 1, '2026-02-02T09:30:00.000Z', {}),
    ]),
    ...pull(TILL, 2, '2026-02-03', [], { applicable: false }),
    record(TILL, 'installed', 0, { at: '2026-02-04T00:00:00.000Z', details: { action: '-added' } }),
    policyChanged(SHOP, '2027-02-01T00:00:00.000Z', RULES),
  ];
}
