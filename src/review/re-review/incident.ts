import type { Actor, AuditRecord, RecordDraft } from '../../core/model/record.ts';
import { later } from '../deps.ts';
import type { IssueState } from '../hosting.ts';
import type { PolicyReading } from '../read-policy.ts';
import type { Instant } from '../store.ts';
import type { RepositoryRef } from '../work.ts';
import { openReview, ownerIn } from './opened.ts';

const DAY_MS = 86_400_000;
const LINE = /^ {0,3}(?:[-*+] +)?Components?: *(\S[^\r\n]{0,500})$/gim;
const MOST_COMPONENTS = 20;

/** The review that an incident asks for, once for each issue. Without the label any more, it was a mistake. */
export function incidentOf(
  issue: IssueState,
  by: Actor,
  past: readonly AuditRecord[],
  {
    repository,
    reading,
    now,
  }: { readonly repository: RepositoryRef; readonly reading: PolicyReading; readonly now: Instant },
): readonly RecordDraft[] {
  const { policy } = reading;
  const { incidentLabel, graceDays } = policy.review;
  const source = `review/incident/issue/${issue.number}`;
  const isLabelled = issue.labels.some((label) => label.toLowerCase() === incidentLabel.toLowerCase());
  if (!isLabelled || past.some((r) => r.kind === 'review-opened' && r.source === source)) return [];
  const owner = issue.assignees.length > 0 ? issue.assignees.join(', ') : ownerIn(policy);
  return [
    openReview(
      { repository, at: now, source, actor: by },
      {
        cause: 'incident',
        due: later(now, graceDays * DAY_MS),
        owner,
        subject: issue.title,
        more: { incident: `#${issue.number}`, issue: issue.number, ...componentsOf(issue.body) },
      },
    ),
  ];
}

/** Lines of the issue such as `Component: api, queue`. */
function componentsOf(body: string): RecordDraft['details'] {
  const named = [...body.slice(0, 20_000).matchAll(LINE)].flatMap(([, names = '']) => names.split(','));
  const components = [
    ...new Set(named.map((name) => name.trim().slice(0, 200)).filter((name) => name !== '')),
  ];
  return components.length === 0 ? {} : { components: components.slice(0, MOST_COMPONENTS) };
}
