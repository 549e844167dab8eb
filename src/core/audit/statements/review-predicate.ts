import { z } from 'zod';
import { WAYS, type ChangeEntry, type DecisionEntry } from '../../model/audit.ts';
import { isInstant, instantOf } from '../instants.ts';
import type { MergeFacts, RecordMark } from './merge-facts.ts';

/** What kind of statement it is. A change of its meaning gets another number. */
export const REVIEW_PREDICATE = 'https://github.com/threatgate/threatgate/threat-model-review/v1';

const sha256 = z
  .strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/) })
  .describe('Digest in hexadecimal, as in-toto writes sets of digests.');
const mark = z
  .strictObject({
    sequence: z.int().min(1).describe('Number of the record in its repository.'),
    digest: sha256,
  })
  .describe('A record of the audit trail: its digest is its hash there.');
const instant = z.iso.datetime().describe('RFC 3339 in UTC.');
const account = z.strictObject({
  id: z.string().describe('Number of the account, which never changes.'),
  login: z.string().describe('What it was called then.'),
});

/** The statement for those who read it, and the source of its JSON schema. Fields follow the evidence items E01 to E06. */
export const reviewPredicate = z.strictObject({
  way: z.enum(WAYS).describe('How the change came in; the guide for auditors says what each means.'),
  rebuilt: z.boolean().describe('Filled in later from what GitHub remembered.'),
  change: z
    .strictObject({
      repositoryId: z.int(),
      repository: z.string(),
      pullRequest: z.int(),
      baseBranch: z.string(),
      headCommit: z.string().exactOptional().describe('What was judged.'),
      mergedAt: instant,
      author: account.exactOptional(),
      mergedBy: account.exactOptional(),
      record: mark,
    })
    .describe('E01: the merge.'),
  trigger: z
    .strictObject({
      conclusion: z.string(),
      mode: z.string(),
      facts: z.int().exactOptional().describe('How many facts decided; 0 says that nothing was significant.'),
      categories: z.array(z.string()),
      judgedAt: instant,
      document: sha256.exactOptional().describe('The verdict in full.'),
      policy: sha256.exactOptional().describe('The rules as they were understood.'),
      rulesVersion: z.string().exactOptional(),
      catalogueVersion: z.string().exactOptional(),
      record: mark.exactOptional(),
    })
    .exactOptional()
    .describe('E02: what the gate came to, and by which rules. Absent where nothing is on record.'),
  modelDelta: z
    .strictObject({ digest: sha256 })
    .exactOptional()
    .describe('E03: delta digest over facts and model changes, which an approval is bound to.'),
  answers: z.array(mark).describe('E04: answers to the questions that were asked.'),
  acceptedRisks: z.array(mark).describe('E05: of the answers those that accept a risk.'),
  decisions: z
    .array(
      z.strictObject({
        kind: z.string(),
        by: account.extend({ role: z.string().describe('What it was allowed to do then.') }).exactOptional(),
        decidedAt: instant.exactOptional(),
        content: sha256.exactOptional().describe('Delta digest that it was said of.'),
        record: mark,
      }),
    )
    .describe('E06: everything that people decided, what ended or was refused included.'),
});

export type ReviewPredicate = z.output<typeof reviewPredicate>;

export function reviewOf(change: ChangeEntry, facts: MergeFacts): ReviewPredicate {
  const { repository, pullRequest, branch, commit, author, by, at, verdict, decisions } = change;
  const delta = digestSet(verdict?.digest);
  return {
    way: change.way,
    rebuilt: facts.rebuilt,
    change: {
      repositoryId: repository.id,
      repository: repository.name,
      pullRequest: pullRequest ?? 0,
      baseBranch: branch,
      ...optional('headCommit', commit),
      mergedAt: stated(at) ?? stated(facts.judgedAt) ?? at,
      ...optional('author', accountOf(author)),
      ...optional('mergedBy', accountOf(by)),
      record: markOf(facts.merged),
    },
    ...optional('trigger', triggerOf(verdict, facts)),
    ...(delta ? { modelDelta: { digest: delta } } : {}),
    answers: facts.answers.map(markOf),
    acceptedRisks: facts.accepted.map(markOf),
    decisions: decisions.flatMap((d) => decisionOf(d, facts)),
  };
}

function triggerOf(
  verdict: ChangeEntry['verdict'],
  facts: MergeFacts,
): ReviewPredicate['trigger'] | undefined {
  return (
    verdict && {
      conclusion: verdict.conclusion,
      mode: verdict.mode,
      ...optional('facts', verdict.facts),
      categories: [...verdict.categories],
      judgedAt: stated(facts.judgedAt) ?? facts.judgedAt,
      ...optional('document', digestSet(verdict.document)),
      ...optional('policy', digestSet(verdict.policy)),
      ...optional('rulesVersion', verdict.rules),
      ...optional('catalogueVersion', verdict.catalogue),
      ...optional('record', facts.verdict && markOf(facts.verdict)),
    }
  );
}

function decisionOf(decision: DecisionEntry, { decisions }: MergeFacts): ReviewPredicate['decisions'] {
  const hash = decisions.get(decision.record);
  if (hash === undefined) return [];
  const { actor } = decision;
  return [
    {
      kind: decision.kind,
      ...(actor ? { by: { id: actor.id, login: actor.login, role: actor.role } } : {}),
      ...optional('decidedAt', stated(decision.at)),
      ...optional('content', digestSet(decision.digest)),
      record: markOf({ record: decision.record, hash }),
    },
  ];
}

const accountOf = (who: { readonly id: string; readonly login: string } | undefined) =>
  who && { id: who.id, login: who.login };

const markOf = ({ record, hash }: RecordMark): z.output<typeof mark> => ({
  sequence: record,
  digest: { sha256: hash.replace(/^sha256:/, '') },
});

/** As in-toto writes it; undefined for what is no digest. */
export function digestSet(digest: string | undefined): { sha256: string } | undefined {
  const hex = /^sha256:([0-9a-f]{64})$/.exec(digest ?? '')?.[1];
  return hex === undefined ? undefined : { sha256: hex };
}

/** RFC 3339 with `Z`; undefined for what is no instant. */
export const stated = (at: string): string | undefined =>
  isInstant(at) ? new Date(instantOf(at)).toISOString() : undefined;

function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: V });
}
