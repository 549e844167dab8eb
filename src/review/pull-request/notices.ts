import type { RecordDraft } from '../../core/model/record.ts';
import type { Verdict } from '../../core/model/verdict.ts';
import { approvalsOf, text } from './said.ts';

const MOST_NOTICES = 3;

/** What people said about this head that does not count, so that nobody waits for an effect. */
export function refusedNotices(
  records: readonly RecordDraft[],
  verdict: Pick<Verdict, 'applicable'>,
  head: string,
): readonly string[] {
  return records
    .filter((r) => r.kind === 'decision-refused' && r.commit === head)
    .filter((r) => !verdict.applicable || !isTold(r))
    .slice(-MOST_NOTICES)
    .map((r) => {
      const reason = text(r.details['reason']) ?? 'no reason on record';
      const remedy = text(r.details['remedy']);
      const said = `What @${r.actor?.login ?? 'somebody'} said (${text(r.details['decision']) ?? 'command'}) does not count`;
      return `${said}: ${reason.replace(/\.?$/, '.')}${remedy === undefined ? '' : ` ${remedy}`}`;
    });
}

/** Among the decisions below, with the reason why it does not count. */
const isTold = (refused: RecordDraft): boolean => approvalsOf([refused]).entries.length > 0;
