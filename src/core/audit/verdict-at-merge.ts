import type { ChangeEntry } from '../model/audit.ts';
import type { AuditRecord } from '../model/record.ts';
import { NOT_ON_RECORD, text, textIn, texts } from './details.ts';

/** What the gate had come to when a pull request was merged. */
export interface VerdictAtMerge {
  /** Undefined when nothing on record says what the gate came to. */
  readonly verdict: ChangeEntry['verdict'];
  /** Whether the change touched the architecture at all; undefined when that is not on record. */
  readonly applicable: boolean | undefined;
  /** What the check run showed: a conclusion, or `none`. */
  readonly check: string | undefined;
  /** One sentence, when records about the same merge do not agree. */
  readonly contradiction: string | undefined;
}

/**
 * The merge is judged as it stood and says so itself; the last `evaluated` before it says more about the same verdict. Where
 * the two speak of different things, only what the merge says is passed on.
 */
export function verdictAtMerge(merged: AuditRecord, trail: readonly AuditRecord[]): VerdictAtMerge {
  const last = trail.findLast((r) => r.kind === 'evaluated' && r.sequence < merged.sequence);
  const contradiction = last && differenceOf(last, merged);
  const evaluated = contradiction === undefined ? last : undefined;
  const said = (key: string) => merged.details[key] ?? evaluated?.details[key];
  const applicable = said('applicable');
  const judged = last !== undefined || merged.details['conclusion'] !== undefined;
  return {
    verdict: judged ? entryOf(merged, evaluated, said) : undefined,
    applicable: typeof applicable === 'boolean' ? applicable : undefined,
    check: text(merged.details['check']),
    contradiction,
  };
}

function entryOf(
  merged: AuditRecord,
  evaluated: AuditRecord | undefined,
  said: (key: string) => AuditRecord['details'][string],
): NonNullable<ChangeEntry['verdict']> {
  const facts = said('facts');
  return {
    record: (evaluated ?? merged).sequence,
    digest: merged.digest ?? evaluated?.digest,
    document: text(said('document')),
    conclusion: text(said('conclusion')) ?? NOT_ON_RECORD,
    title: text(said('title')) ?? NOT_ON_RECORD,
    mode: text(said('mode')) ?? NOT_ON_RECORD,
    facts: typeof facts === 'number' ? facts : undefined,
    categories: texts(said('categories')),
    policy: textIn(said('policy'), 'digest'),
    rules: textIn(said('tool'), 'rules'),
    catalogue: textIn(said('tool'), 'catalogue'),
  };
}

function differenceOf(evaluated: AuditRecord, merged: AuditRecord): string | undefined {
  if (!agree(evaluated.commit, merged.commit))
    return 'The last verdict on record is about another commit than the one that was merged.';
  if (!agree(evaluated.digest, merged.digest))
    return 'The last verdict on record is about other content than what was merged.';
  const [before, after] = [evaluated, merged].map((r) => text(r.details['conclusion']));
  return agree(before, after)
    ? undefined
    : `The last verdict on record says ${before ?? NOT_ON_RECORD}, and the merge says ${after ?? NOT_ON_RECORD}.`;
}

/** What is missing contradicts nothing. */
const agree = (a: string | undefined, b: string | undefined): boolean =>
  a === undefined || b === undefined || a === b;
