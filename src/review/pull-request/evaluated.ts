import { canonicalJson, digestOf } from '../../core/digest.ts';
import type { AuditRecord, RecordDraft } from '../../core/model/record.ts';
import type { Verdict } from '../../core/model/verdict.ts';
import { later } from '../deps.ts';
import type { PullRequestState } from '../hosting.ts';
import type { Instant, Lease } from '../store.ts';
import { text } from './said.ts';

interface Circumstances {
  /** Digest of the whole verdict, stored as a document. */
  readonly document: string;
  readonly linked: readonly string[];
  readonly now: Instant;
}

/** The verdict as a record, or undefined when the last one on record says the same. */
export function evaluatedRecord(
  state: PullRequestState,
  verdict: Verdict,
  records: readonly AuditRecord[],
  { document, linked, now }: Circumstances,
): RecordDraft | undefined {
  const last = records.findLast((r) => r.kind === 'evaluated');
  const outcome = digestOf(
    canonicalJson([
      verdict.base,
      verdict.head,
      verdict.digest,
      verdict.policy.digest,
      verdict.tool,
      verdict.mode,
      verdict.conclusion,
      verdict.title,
      verdict.judgement,
    ]),
  );
  if (last && text(last.details['outcome']) === outcome) return undefined;
  return {
    kind: 'evaluated',
    repository: state.repository,
    at: now,
    // The record before it in its name: the same look twice is one record, the same verdict again later is another.
    source: `evaluated/${state.number}/${last?.sequence ?? 0}`,
    pullRequest: state.number,
    commit: verdict.head,
    digest: verdict.digest,
    details: {
      outcome,
      document,
      base: verdict.base,
      baseRef: state.baseRef,
      author: { ...state.author },
      ...aboutVerdict(verdict),
      modelChanges: verdict.model.changes.length,
      questions: verdict.questions.map((q) => q.id),
      doubts: verdict.doubts.filter((d) => d.weight === 'doubt').map((d) => d.code),
      linked,
    },
  };
}

/** What is said of a verdict wherever one is spoken of, so that a record explains itself alone. */
export function aboutVerdict(verdict: Verdict): RecordDraft['details'] {
  const deciding = verdict.facts.filter((f) => f.deciding);
  return {
    mode: verdict.mode,
    conclusion: verdict.conclusion,
    applicable: verdict.applicable,
    title: verdict.title,
    policy: { ...verdict.policy },
    tool: { ...verdict.tool },
    facts: deciding.length,
    categories: [...new Set(deciding.flatMap((f) => f.categories))].sort(),
  };
}

/** Waited longer than promised: the gate was out, and the auditor is told from when to when. */
export function outageRecord(
  state: PullRequestState,
  lease: Lease,
  now: Instant,
  afterMs: number,
): RecordDraft | undefined {
  if (now < later(lease.since, afterMs)) return undefined;
  return {
    kind: 'gate-outage',
    repository: state.repository,
    at: now,
    source: `outage/${state.number}/${lease.since}`,
    pullRequest: state.number,
    commit: state.head,
    details: { from: lease.since, until: now },
  };
}
