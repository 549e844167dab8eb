import type { Answer, AnswerKind, Approval, Approvals, DecisionKind } from '../../core/model/approval.ts';
import type { Account } from '../../core/model/account.ts';
import type { Json, RecordDraft, RecordKind } from '../../core/model/record.ts';

/** Records that say what people said: all that an evaluation needs of the ledger. */
export const SAID: readonly RecordKind[] = [
  'approved',
  'waived',
  'emergency',
  'approval-ended',
  'decision-refused',
  'answered',
];

const DECISIONS: Readonly<Partial<Record<RecordKind, DecisionKind>>> = {
  approved: 'approve',
  waived: 'waive',
  emergency: 'emergency',
  'approval-ended': 'revoke',
};

/** The audit trail of one pull request → what people have said so far. The ledger is the truth; nothing else is kept. */
export function approvalsOf(records: readonly RecordDraft[]): Approvals {
  return {
    entries: records.flatMap((r) => approvalOf(r) ?? []),
    answers: records.flatMap((r) => answerOf(r) ?? []),
  };
}

function approvalOf(record: RecordDraft): Approval | undefined {
  const { actor, digest, at, details } = record;
  const refused = record.kind === 'decision-refused';
  const kind = refused ? decisionKind(details['decision']) : DECISIONS[record.kind];
  if (!actor || !kind || digest === undefined || (refused && kind === 'revoke')) return undefined;
  const target = accountOf(details['target']);
  const facts = texts(details['facts']);
  return {
    kind,
    actor: { id: actor.id, login: actor.login },
    at,
    digest,
    eligible: !refused,
    role: actor.role,
    ...optional('reason', details['reason']),
    ...optional('incident', details['incident']),
    ...optional('expires', details['expires']),
    ...(target ? { target } : {}),
    ...(facts ? { facts } : {}),
  };
}

function answerOf(record: RecordDraft): Answer | undefined {
  const { actor, at, details } = record;
  const question = text(details['question']);
  if (record.kind !== 'answered' || !actor || question === undefined) return undefined;
  return {
    question,
    address: text(details['address']) ?? '',
    scope: text(details['scope']) ?? '',
    kind: text(details['answer']) as AnswerKind,
    actor: { id: actor.id, login: actor.login },
    at,
    text: text(details['text']) ?? '',
    ...optional('owner', details['owner']),
    ...optional('expires', details['expires']),
  };
}

/** Whose risk acceptances are on record, and whose risk it is: they judge nothing that rests on their own risk. */
export function accepters({ answers = [] }: Approvals, actor: Account): readonly string[] {
  const accepted = answers.filter((a) => a.kind === 'accept').map((a) => a.actor.id);
  return [...new Set([...accepted, ...(ownsRisk(answers, actor.login) ? [actor.id] : [])])].sort();
}

/** An owner is a name in somebody else's sentence: it counts when it is this login, and only while the sentence stands. */
function ownsRisk(answers: readonly Answer[], login: string): boolean {
  const standing = new Map(answers.map((a) => [JSON.stringify([a.question, a.scope, a.address]), a]));
  return [...standing.values()].some(
    (a) => a.kind === 'accept' && a.owner?.replace(/^@/, '').toLowerCase() === login.toLowerCase(),
  );
}

export function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function texts(value: Json | undefined): readonly string[] | undefined {
  return Array.isArray(value)
    ? (value as readonly Json[]).filter((v): v is string => typeof v === 'string')
    : undefined;
}

function optional<K extends string>(key: K, value: Json | undefined): { readonly [P in K]?: string } {
  return (typeof value === 'string' ? { [key]: value } : {}) as { readonly [P in K]?: string };
}

export function accountOf(value: Json | undefined): { id: string; login: string } | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { id, login } = value as { readonly [key: string]: Json | undefined };
  return typeof id === 'string' && typeof login === 'string' ? { id, login } : undefined;
}

function decisionKind(value: Json | undefined): DecisionKind | undefined {
  return value === 'approve' || value === 'waive' || value === 'emergency' || value === 'revoke'
    ? value
    : undefined;
}
