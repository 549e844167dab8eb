import { text } from '../../core/audit/details.ts';
import type { AuditRecord } from '../../core/model/record.ts';
import type { PageContext } from '../context.ts';
import { readVerdict, type ReadVerdict } from './verdict-document.ts';

/** Records that name a whole verdict, in their order. */
export const verdictRecords = (trail: readonly AuditRecord[]): readonly AuditRecord[] =>
  trail.filter((r) => ['evaluated', 'merged'].includes(r.kind) && text(r.details['document']) !== undefined);

/** What the document of a record came to: read, not a verdict, or not there. */
export type Found =
  | { readonly state: 'read'; readonly read: ReadVerdict; readonly document: string }
  | { readonly state: 'unreadable'; readonly document: string }
  | { readonly state: 'absent'; readonly document: string };

export async function verdictOf(
  { view, viewer }: PageContext,
  record: AuditRecord,
): Promise<Found | undefined> {
  const document = text(record.details['document']);
  if (document === undefined) return undefined;
  const found = await view.document(viewer.scope, document);
  if (found === undefined) return { state: 'absent', document };
  const read = found.kind === 'verdict' ? readVerdict(found.text) : undefined;
  return read === undefined ? { state: 'unreadable', document } : { state: 'read', read, document };
}
