import { questionById } from '../../core/catalogue/questions.ts';
import { parseAnswers, readTicks } from '../../core/commands/parse-answers.ts';
import { canonicalJson, digestOf } from '../../core/digest.ts';
import type { Account } from '../../core/model/account.ts';
import type { AskedQuestion } from '../../core/model/question.ts';
import type { AuditRecord, RecordDraft } from '../../core/model/record.ts';
import { componentOf } from '../../core/report/review.ts';
import type { Hosting, PullRequestState, Remark } from '../hosting.ts';
import type { CommentRow, Instant, WaitingSignal } from '../store.ts';
import { sourceOf } from './claims.ts';
import { unlessRefused } from './lookups.ts';

/** What answers are read against: which comment of ours asks which questions. */
export interface Asked {
  readonly state: PullRequestState;
  readonly questions: readonly AskedQuestion[];
  readonly comments: readonly CommentRow[];
  readonly hosting: Hosting;
  readonly now: Instant;
}

/** Ticks and replies that are on no record yet → records. Only people who may write, and the author, answer. */
export async function answer(
  signals: readonly WaitingSignal[],
  records: readonly AuditRecord[],
  asked: Asked,
): Promise<readonly RecordDraft[]> {
  const known = new Set(records.map((r) => r.source));
  const drafts = [
    ...signals.flatMap((s) => ticks(s, asked)),
    ...asked.state.remarks.flatMap((r) => replies(r, asked)),
  ].filter((d) => !known.has(d.source));
  const allowed = new Map<string, string | undefined>();
  const out: RecordDraft[] = [];
  for (const draft of drafts) {
    const { actor } = draft;
    if (!actor) continue;
    if (!allowed.has(actor.id)) allowed.set(actor.id, await roleOf(actor, asked));
    const role = allowed.get(actor.id);
    if (role !== undefined) out.push({ ...draft, actor: { ...actor, role } });
  }
  return out;
}

async function roleOf(actor: Account, { state, hosting }: Asked): Promise<string | undefined> {
  if (actor.kind !== 'user') return undefined;
  if (actor.id === state.author.id) return 'author';
  const permission = await unlessRefused(hosting.permission(state.repository, actor.login));
  return permission === 'admin' || permission === 'write' ? permission : undefined;
}

/** The questions of one of our comments, in the order in which it asks them. */
function questionsOf(comment: number, { questions, comments }: Asked): readonly AskedQuestion[] {
  const component = comments.find((c) => c.comment === comment)?.component;
  return component === undefined ? [] : questions.filter((q) => componentOf(q) === component);
}

function ticks(waiting: WaitingSignal, asked: Asked): readonly RecordDraft[] {
  const { signal, guid, receivedAt } = waiting;
  if (signal.kind !== 'ticked') return [];
  const questions = questionsOf(signal.comment, asked);
  return readTicks(
    signal.before,
    signal.after,
    questions.map((q) => q.id),
  ).flatMap(({ question, ticked }) => {
    const found = questions.find((q) => q.id === question);
    return found
      ? [
          draft(asked, `tick/${guid}/${question}`, signal.by, found, {
            answer: ticked ? 'considered' : 'open',
            saidAt: receivedAt,
          }),
        ]
      : [];
  });
}

function replies(remark: Remark, asked: Asked): readonly RecordDraft[] {
  if (remark.place !== 'review-comment' || remark.inReplyTo === undefined || remark.edited) return [];
  // Outsiders may talk, but their words are no evidence, and finding that out must not cost a request at every look.
  if (!remark.insider && remark.by.id !== asked.state.author.id) return [];
  const questions = questionsOf(remark.inReplyTo, asked);
  if (questions.length === 0) return [];
  return parseAnswers(
    remark.body,
    questions.map((q) => q.id),
  ).flatMap((parsed, i) => {
    if (parsed.kind === 'wrong') return [wrong(asked, remark, parsed)];
    const found = questions.find((q) => q.id === parsed.question);
    if (!found) return [];
    return [
      draft(asked, `${sourceOf(remark)}/${parsed.question}/${i}`, remark.by, found, {
        answer: parsed.kind,
        saidAt: remark.at,
        text: parsed.text,
        owner: parsed.owner,
        expires: parsed.expires,
      }),
    ];
  });
}

function draft(
  { state, now }: Asked,
  source: string,
  by: Account,
  question: AskedQuestion,
  details: RecordDraft['details'],
): RecordDraft {
  return {
    kind: 'answered',
    repository: state.repository,
    at: now,
    source,
    actor: { ...by, role: 'unknown' },
    pullRequest: state.number,
    commit: state.head,
    details: {
      question: question.id,
      version: versionOf(question.id),
      address: question.address,
      scope: question.scope,
      ...details,
    },
  };
}

/** Digest of all that the catalogue said of it then: a question that is worded anew is another one. */
function versionOf(id: string): string | undefined {
  const question = questionById(id);
  return question && digestOf(canonicalJson({ ...question }));
}

function wrong(
  { state, now }: Asked,
  remark: Remark,
  { message, remedy }: { readonly message: string; readonly remedy: string },
): RecordDraft {
  return {
    kind: 'decision-refused',
    repository: state.repository,
    at: now,
    source: sourceOf(remark),
    actor: { ...remark.by, role: 'unknown' },
    pullRequest: state.number,
    commit: state.head,
    details: { decision: 'answer', saidAt: remark.at, reason: message, remedy },
  };
}
