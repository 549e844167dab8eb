import type { AuditRecord } from '../../core/model/record.ts';
import type { PageContext } from '../context.ts';
import { badge } from '../layout/badge.ts';
import { html, type Content, type SafeHtml } from '../layout/html.ts';
import { exactly } from '../layout/instant.ts';
import { link, pathsFrom } from '../layout/link.ts';
import { personInRole } from '../layout/person.ts';
import { dataTable, type Column } from '../layout/table.ts';
import { foreign } from '../layout/words.ts';
import { saysOf, wordsOf } from './record-words.ts';

/** A row for each record, which leads to the record itself. */
export function recordTable(
  { base }: Pick<PageContext, 'base'>,
  records: readonly AuditRecord[],
  caption: string,
): SafeHtml {
  const paths = pathsFrom(base);
  const columns: readonly Column<AuditRecord>[] = [
    {
      title: 'Record',
      kind: 'row',
      cell: ({ repository, sequence }) =>
        html`${link(paths.record(repository.name, sequence), html`<span class="visually-hidden">Record </span>${sequence}`)}
          <span class="muted">of</span>
          ${link(paths.repository(repository.name), foreign(repository.name, 100))}`,
    },
    { title: 'Written', cell: ({ at }) => exactly(at) },
    { title: 'What', cell: (record) => html`${badge(...wordsOf(record.kind))}${rebuilt(record)}` },
    { title: 'About', cell: (record) => subjectOf(base, record) },
    { title: 'Who', cell: ({ actor }) => (actor ? personInRole(actor) : undefined) },
    { title: 'In short', kind: 'wide', cell: (record) => saysOf(record) },
  ];
  return dataTable({ caption, columns, rows: records });
}

/** Written long after it happened, from what GitHub remembered. */
const rebuilt = ({ details }: AuditRecord): Content =>
  typeof details['rebuilt'] === 'string' ? html` ${badge('notice', 'Filled in')}` : undefined;

function subjectOf(base: string, { repository, pullRequest, commit }: AuditRecord): Content {
  if (pullRequest !== undefined)
    return link(pathsFrom(base).pullRequest(repository.name, pullRequest), `#${pullRequest}`);
  return commit === undefined ? undefined : html`<code>${commit.slice(0, 10)}</code>`;
}
