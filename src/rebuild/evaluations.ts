import { canonicalJson, digestOf } from '../core/digest.ts';
import type { AuditRecord, RecordDraft } from '../core/model/record.ts';
import type { PullRequestState } from '../review/hosting.ts';
import { evaluatedRecord } from '../review/pull-request/evaluated.ts';
import type { Document } from '../review/store.ts';
import type { Sighting } from './past.ts';

/** What was judged, and what is on record about it already. */
interface Evaluated {
  readonly state: PullRequestState;
  readonly past: readonly AuditRecord[];
  readonly now: string;
}

interface Evaluations {
  readonly drafts: readonly RecordDraft[];
  readonly documents: readonly Document[];
}

/** One record for each verdict that is still shown, unless the same is on record. */
export function evaluationsOf(believed: readonly Sighting[], { state, past, now }: Evaluated): Evaluations {
  const known = new Set(past.map((r) => r.details['outcome']));
  const drafts: RecordDraft[] = [];
  const documents: Document[] = [];
  for (const { told, where, completedAt, head } of believed) {
    if (!told) continue;
    const document = told.whole && documentOf(told.whole);
    const source = `evaluated/${state.number}/${where.replaceAll(' ', '-')}`;
    const whole =
      told.whole &&
      evaluatedRecord(state, told.whole, [], { document: document?.digest ?? '', linked: [], now });
    const draft: RecordDraft = whole ?? {
      kind: 'evaluated',
      repository: state.repository,
      at: now,
      source,
      pullRequest: state.number,
      commit: head,
      digest: told.head.digest,
      details: { ...aboutHead(told.head), baseRef: state.baseRef, author: { ...state.author } },
    };
    if (known.has(draft.details['outcome'] ?? source)) continue;
    known.add(draft.details['outcome'] ?? source);
    if (document) documents.push(document);
    // The list of models elsewhere is not in a verdict.
    drafts.push({
      ...draft,
      source,
      details: { ...draft.details, linked: undefined, shownAt: completedAt, where },
    });
  }
  return { drafts, documents };
}

export function documentOf(verdict: NonNullable<NonNullable<Sighting['told']>['whole']>): Document {
  const text = canonicalJson(verdict);
  return { digest: digestOf(text), kind: 'verdict', text };
}

/** What a verdict says of itself where its facts had to be left out: how many there were is not known then. */
export function aboutHead(head: NonNullable<Sighting['told']>['head']): RecordDraft['details'] {
  const { mode, conclusion, applicable, title, policy, tool, base } = head;
  return { mode, conclusion, applicable, title, policy: { ...policy }, tool: { ...tool }, base };
}
