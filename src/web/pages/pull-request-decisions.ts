import { saidAt, text, textIn, texts } from '../../core/audit/details.ts';
import type { AuditRecord, RecordKind } from '../../core/model/record.ts';
import type { PageContext } from '../context.ts';
import { badge } from '../layout/badge.ts';
import { digest } from '../layout/digest.ts';
import { section } from '../layout/heading.ts';
import { html, type Content, type SafeHtml } from '../layout/html.ts';
import { exactly } from '../layout/instant.ts';
import { link, pathsFrom } from '../layout/link.ts';
import { personInRole } from '../layout/person.ts';
import { dataTable } from '../layout/table.ts';
import { foreign } from '../layout/words.ts';
import type { PullRequest } from './pull-request.ts';
import { saysOf, wordsOf } from './record-words.ts';

const DECISIONS: readonly RecordKind[] = [
  'approved',
  'waived',
  'emergency',
  'review-done',
  'decision-refused',
];

/** The timeline has the others. */
const MOST = 200;

/** Who decided what, for which content, and what became of it. Nothing where nobody decided anything. */
export function decisionsSection({ base }: PageContext, pull: PullRequest): SafeHtml | undefined {
  const all = pull.trail.filter((r) => DECISIONS.includes(r.kind));
  if (all.length === 0) return undefined;
  const rows = all.slice(-MOST);
  const paths = pathsFrom(base);
  return section(
    'decisions',
    'Decisions, and what ended them',
    dataTable({
      caption: `Each is bound to the content that it was made for${all.length > MOST ? `; the last ${MOST} of ${all.length}` : ''}`,
      rows,
      columns: [
        { title: 'Decision', kind: 'row', cell: (r) => badge(...wordsOf(r.kind)) },
        { title: 'Who', cell: (r) => personInRole(r.actor) },
        { title: 'Said', cell: (r) => exactly(saidAt(r)) },
        { title: 'Why', kind: 'wide', cell: saysOf },
        { title: 'For content', cell: (r) => (r.digest === undefined ? undefined : digest(r.digest)) },
        { title: 'What became of it', cell: (r) => fateOf(r, pull, base) },
        {
          title: 'Record',
          cell: (r) =>
            link(
              paths.record(pull.repository.name, r.sequence),
              html`<span class="visually-hidden">Record </span>${r.sequence}`,
            ),
        },
      ],
    }),
  );
}

function fateOf(record: AuditRecord, { trail, repository, change }: PullRequest, base: string): Content {
  if (record.kind === 'decision-refused') return html`<span class="muted">never counted</span>`;
  if (record.kind === 'review-done') return html`<span class="muted">ends what was due</span>`;
  const merged = trail.find((r) => r.kind === 'merged');
  const end = endOf(record, trail);
  const href = end && pathsFrom(base).record(repository.name, end.sequence);
  if (end !== undefined && href !== undefined && (merged === undefined || end.sequence < merged.sequence))
    return html`${badge('warning', 'Ended')} ${exactly(end.at)}, ${link(href, `record ${end.sequence}`)}.
    ${reasonOf(end)}`;
  if (merged === undefined) return 'not ended';
  if (record.sequence > merged.sequence) return 'said after the merge';
  if (texts(merged.details['rests']).includes(record.source)) return badge('good', 'Stood at the merge');
  const other =
    change?.verdict?.digest !== undefined &&
    record.digest !== undefined &&
    change.verdict.digest !== record.digest;
  return other ? 'was for other content than was merged' : 'not ended before the merge';
}

/** What took it back: by its source, or because somebody took back whatever that person had decided. */
function endOf(decision: AuditRecord, trail: readonly AuditRecord[]): AuditRecord | undefined {
  return trail.find((r) => {
    if (r.kind !== 'approval-ended' || r.sequence < decision.sequence) return false;
    const ends = text(r.details['ends']);
    if (ends !== undefined) return ends === decision.source;
    return (textIn(r.details['target'], 'id') ?? r.actor?.id) === decision.actor?.id;
  });
}

function reasonOf({ details }: AuditRecord): Content {
  const reason = text(details['reason']);
  return reason === undefined ? undefined : foreign(reason, 600);
}
