import { parseReviewed } from '../../core/commands/parse-reviewed.ts';
import type { Eligibility } from '../../core/approval/eligibility.ts';
import type { Account } from '../../core/model/account.ts';
import type { AuditRecord, RecordDraft } from '../../core/model/record.ts';
import type { IssueState } from '../hosting.ts';
import { text } from '../pull-request/said.ts';
import type { Instant } from '../store.ts';
import { judgeReviewer, type Judge } from './reviewer.ts';

interface Look extends Judge {
  readonly now: Instant;
}

/** Something that somebody said or did on the issue, which may be the review. */
interface Word {
  readonly source: string;
  readonly by: Account;
  readonly at: Instant;
  readonly via: 'comment' | 'issue' | 'command';
  readonly statement: string;
  readonly attendees: readonly string[];
}

/**
 * What people said on the issue of a review, and who closed it: by the first one who may, each review is done. Each word is
 * judged once, by what holds when it is first seen; one that does not count is on record, too.
 */
export async function heldOnIssue(
  issue: IssueState,
  reviews: readonly AuditRecord[],
  past: readonly AuditRecord[],
  look: Look,
): Promise<readonly RecordDraft[]> {
  const known = new Set(past.map((r) => r.source.replace(/\/of\/.*$/, '')));
  const drafts: RecordDraft[] = [];
  for (const word of [...saidOn(issue), ...closing(issue)]) {
    if (known.has(word.source)) continue;
    if ('wrong' in word) {
      drafts.push(refusal(word, word.wrong, look));
      continue;
    }
    const open = reviews.filter((r) => !drafts.some((d) => d.details['of'] === r.source));
    // What is done already is not refused to whoever says it again or closes the issue.
    if (open.length > 0) drafts.push(...(await judged(word, open, look)));
  }
  return drafts;
}

type Wrong = Omit<Word, 'statement' | 'attendees'> & {
  readonly wrong: { readonly reason: string; readonly remedy: string };
};

function saidOn({ remarks }: IssueState): readonly (Word | Wrong)[] {
  return remarks
    .filter((remark) => !remark.edited)
    .flatMap((remark): readonly (Word | Wrong)[] => {
      const said = parseReviewed(remark.body);
      if (!said) return [];
      const word = { source: `comment/${remark.id}`, by: remark.by, at: remark.at, via: 'comment' } as const;
      return said.kind === 'wrong'
        ? [{ ...word, wrong: { reason: said.message, remedy: said.remedy } }]
        : [{ ...word, statement: said.statement, attendees: said.attendees }];
    });
}

/** Closed as done says that it was held; closed as not planned says nothing. */
function closing({ number, ticket, reason, closedBy }: IssueState): readonly Word[] {
  if (reason !== 'completed' || !closedBy || ticket.closedAt === undefined) return [];
  return [
    {
      source: `issue/${number}/closed/${ticket.closedAt}`,
      by: closedBy,
      at: ticket.closedAt,
      via: 'issue',
      statement: `Closed the issue as done${ticket.closedBy?.includes('#') === true ? `, by ${ticket.closedBy}` : ''}.`,
      attendees: [],
    },
  ];
}

async function judged(word: Word, open: readonly AuditRecord[], look: Look): Promise<readonly RecordDraft[]> {
  const drafts: RecordDraft[] = [];
  let last: Eligibility | undefined;
  for (const opened of open) {
    last = await judgeReviewer(word.by, opened, look);
    if (last.eligible) drafts.push(reviewDone(opened, word, last.role, look));
  }
  return drafts.length > 0 || !last
    ? drafts
    : [refusal(word, { reason: last.reason ?? 'not eligible', remedy: REMEDY }, look)];
}

const REMEDY =
  'Somebody who may approve, and who had no part in it, comments `/threatgate reviewed` with what came of it.';

export function reviewDone(
  opened: AuditRecord,
  word: Word,
  role: string,
  { repository, now }: Pick<Look, 'repository' | 'now'>,
): RecordDraft {
  const { pullRequest, commit } = opened;
  return {
    kind: 'review-done',
    repository,
    at: now,
    source: `${word.source}/of/${opened.source}`,
    actor: { ...word.by, role },
    ...(pullRequest === undefined ? {} : { pullRequest }),
    ...(commit === undefined ? {} : { commit }),
    details: {
      of: opened.source,
      via: word.via,
      saidAt: word.at,
      due: text(opened.details['due']),
      statement: word.statement,
      ...(word.attendees.length === 0 ? {} : { attendees: word.attendees }),
    },
  };
}

function refusal(
  { source, by, at, via }: Omit<Word, 'statement' | 'attendees'>,
  why: { readonly reason: string; readonly remedy: string },
  { repository, now }: Look,
): RecordDraft {
  return {
    kind: 'decision-refused',
    repository,
    at: now,
    source,
    actor: { ...by, role: 'not eligible' },
    details: { decision: 'review', via, saidAt: at, ...why },
  };
}
