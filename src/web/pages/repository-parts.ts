import { text } from '../../core/audit/details.ts';
import type { AuditRecord, RecordKind } from '../../core/model/record.ts';
import type { RepositorySummary } from '../../core/model/view.ts';
import type { PageContext } from '../context.ts';
import { wholeDigest } from '../layout/digest.ts';
import { empty, section } from '../layout/heading.ts';
import { html, type Content, type SafeHtml } from '../layout/html.ts';
import { exactly, moment } from '../layout/instant.ts';
import { link, pathsFrom } from '../layout/link.ts';
import { definitions } from '../layout/list.ts';
import { many } from '../layout/words.ts';
import { recordTable } from './records-table.ts';
import { saysOf } from './record-words.ts';

const ROWS = 10;

/** Where the chain stands. Whoever noted an end earlier finds it here as the hash of that record. */
export function chainSection({ base }: PageContext, repository: RepositorySummary): SafeHtml {
  const { name, records, head, firstAt, lastAt } = repository;
  const paths = pathsFrom(base);
  return section(
    'chain',
    'Chain of records',
    definitions([
      ['Records', many(records, 'record')],
      ['First record', html`${exactly(firstAt)}, ${link(paths.record(name, 1), 'record 1')}`],
      ['Last record', html`${exactly(lastAt)}, ${link(paths.record(name, records), `record ${records}`)}`],
      ['End of the chain', wholeDigest(head)],
      [
        'What it proves',
        'Nothing before this end was altered, left out, added or moved, if somebody noted the same hash at the same place. Keep it elsewhere.',
      ],
    ]),
  );
}

const IN_FORCE: readonly (readonly [RecordKind, string])[] = [
  ['policy-changed', 'Policy'],
  ['rules-changed', 'Branch rules on GitHub'],
  ['model-recorded', 'Threat models'],
];

/** What held last, as far as it is on record: what it is, since when, and where it is in full. */
export async function inForceSection(context: PageContext, repository: RepositorySummary): Promise<SafeHtml> {
  const { base } = context;
  const rows: (readonly [string, Content])[] = [];
  for (const [kind, term] of IN_FORCE) {
    const last = await newest(context, repository, [kind], 1);
    rows.push([
      term,
      last[0] ? currentOf(base, last[0]) : html`<span class="muted">nothing on record</span>`,
    ]);
  }
  const { to } = pathsFrom(base);
  const query = { repository: repository.name };
  return section(
    'in-force',
    'Rules and models now',
    definitions([
      ...rows,
      [
        'More',
        html`${link(to('/configuration', query), 'Configuration over time')} ·
        ${link(to('/models', query), 'Threats, vendors and assumptions')}`,
      ],
    ]),
  );
}

function currentOf(base: string, record: AuditRecord): Content {
  const paths = pathsFrom(base);
  const document = text(record.details['document']);
  return html`Since ${moment(record.at)},
  ${link(paths.record(record.repository.name, record.sequence), `record ${record.sequence}`)}${
    document === undefined ? undefined : html`, ${link(paths.document(document), 'in full')}`
  }.
  ${saysOf(record)}`;
}

async function newest(
  { view, viewer }: PageContext,
  { id }: RepositorySummary,
  kinds: readonly RecordKind[],
  most: number,
): Promise<readonly AuditRecord[]> {
  return (await view.records(viewer.scope, { repository: id, kinds }, { after: undefined, most })).items;
}

/** When the gate was not there, or was another one. */
export async function gateSection(context: PageContext, repository: RepositorySummary): Promise<SafeHtml> {
  const kinds: readonly RecordKind[] = [
    'gate-outage',
    'installed',
    'uninstalled',
    'policy-changed',
    'rules-changed',
    'rebuilt',
  ];
  const records = await newest(context, repository, kinds, ROWS);
  const all = pathsFrom(context.base).to('/records', { repository: repository.name, kind: kinds });
  return section(
    'gate',
    'The gate itself',
    records.length === 0
      ? empty('Neither an outage nor a change of its rules is on record.')
      : [
          recordTable(context, records, 'Outages, installation and rules, newest first'),
          html`<p>${link(all, 'All records of these kinds')}</p>`,
        ],
  );
}
