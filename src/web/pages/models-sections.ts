import { instantOf } from '../../core/audit/instants.ts';
import type {
  AssumptionLine,
  InventoryLine,
  ThreatLine,
  VendorLine,
} from '../../core/audit/model-register.ts';
import type { PageContext } from '../context.ts';
import { badge, type Tone } from '../layout/badge.ts';
import { details, empty, section } from '../layout/heading.ts';
import { html, joined, type Content, type SafeHtml } from '../layout/html.ts';
import { day } from '../layout/instant.ts';
import { link, pathsFrom } from '../layout/link.ts';
import { bullets } from '../layout/list.ts';
import { dataTable, type Column } from '../layout/table.ts';
import { code, foreign, grouped, many } from '../layout/words.ts';

/** Rows of one table: a model has no end that we set. */
const MOST = 300;

type Base = Pick<PageContext, 'base'>;
type From = Pick<ThreatLine, 'repository' | 'record' | 'file' | 'model'>;

type Words = ReadonlyMap<string, readonly [Tone, string]>;

/** A rating that is missing is a finding of its own, so that it is said and not left empty. */
const SEVERITY: Words = new Map<string, readonly [Tone, string]>([
  ['critical', ['bad', 'Critical']],
  ['high', ['bad', 'High']],
  ['medium', ['warning', 'Medium']],
  ['low', ['notice', 'Low']],
  ['none', ['calm', 'None']],
  ['unrated', ['bad', 'Not rated']],
]);

const STATUS: Words = new Map<string, readonly [Tone, string]>([
  ['open', ['bad', 'Open']],
  ['in-progress', ['notice', 'In progress']],
  ['mitigated', ['good', 'Mitigated']],
  ['accepted', ['warning', 'Accepted']],
  ['transferred', ['notice', 'Transferred']],
  ['avoided', ['good', 'Avoided']],
  ['not-applicable', ['calm', 'Does not apply']],
  ['unset', ['bad', 'No status']],
]);

/** Later versions may know more words: those are shown as they are. */
const worded = (words: Words, word: string): SafeHtml =>
  badge(...(words.get(word) ?? (['notice', word] as const)));

export function threatSection(context: Base, threats: readonly ThreatLine[], at: string): SafeHtml {
  const columns: readonly Column<ThreatLine>[] = [
    { title: 'Threat', kind: 'row', cell: threatOf },
    { title: 'STRIDE', cell: ({ stride }) => foreign(stride, 12) },
    { title: 'Rating', cell: ratingOf },
    { title: 'Status', cell: (threat) => statusOf(threat, at) },
    { title: 'Treatment', kind: 'wide', cell: treatmentOf },
    { title: 'Owner', cell: ({ owner }) => ownerOf(owner) },
    fromColumn(context),
  ];
  return listed(
    'threats',
    'Threats',
    threats,
    columns,
    'Every threat of the models, with its rating and what is done about it',
  );
}

function threatOf({ threat, description, about }: ThreatLine): SafeHtml {
  const on = about.length === 0 ? undefined : html` <span class="role">on ${names(about)}</span>`;
  const more =
    description === undefined || description === threat
      ? undefined
      : details('Description', foreign(description, 600));
  return html`${foreign(threat, 200)}${on}${more}`;
}

function ratingOf({ severity, likelihood, impact }: ThreatLine): SafeHtml {
  const parts = [
    likelihood === undefined ? undefined : html`likelihood ${foreign(likelihood, 40)}`,
    impact === undefined ? undefined : html`impact ${foreign(impact, 40)}`,
  ].filter((part) => part !== undefined);
  return html`${worded(SEVERITY, severity)}${parts.length === 0 ? undefined : html` <span class="role">${joined(parts, ', ')}</span>`}`;
}

function statusOf({ status, expires }: ThreatLine, at: string): SafeHtml {
  if (expires === undefined) return worded(STATUS, status);
  const over = instantOf(expires) <= instantOf(at);
  return html`${worded(STATUS, status)}
    <span class="role">until ${day(expires)}</span>${over ? html` ${badge('bad', 'Expired')}` : undefined}`;
}

function treatmentOf({ mitigations, justification, tickets }: ThreatLine): Content {
  const items = [
    ...mitigations.slice(0, 10).map((each) => foreign(each, 300)),
    ...(justification === undefined ? [] : [html`Because: ${foreign(justification, 300)}`]),
    ...(tickets.length === 0 ? [] : [html`Tickets: ${names(tickets)}`]),
  ];
  if (items.length === 0) return html`<span class="muted">none is written down</span>`;
  return items.length === 1 ? items[0] : bullets(items);
}

export function vendorSection(context: Base, vendors: readonly VendorLine[]): SafeHtml {
  const columns: readonly Column<VendorLine>[] = [
    { title: 'Vendor', kind: 'row', cell: ({ vendor }) => foreign(vendor, 200) },
    { title: 'What for', kind: 'wide', cell: ({ description }) => said(description) },
    { title: 'Flows', cell: ({ flows }) => listOf(flows, 'no flow is drawn') },
    { title: 'Across', cell: ({ boundaries }) => namesOr(boundaries, 'no boundary') },
    { title: 'Owner', cell: ({ owner }) => ownerOf(owner) },
    fromColumn(context),
  ];
  return listed(
    'vendors',
    'Vendors',
    vendors,
    columns,
    'Vendors of the models, and what flows to them and from them',
  );
}

export function assumptionSection(context: Base, assumptions: readonly AssumptionLine[]): SafeHtml {
  const columns: readonly Column<AssumptionLine>[] = [
    { title: 'Assumption', kind: 'wide', cell: ({ assumption }) => foreign(assumption, 600) },
    fromColumn(context),
  ];
  return listed('assumptions', 'Assumptions', assumptions, columns, 'What the models take for granted');
}

const INVENTORY: Readonly<Record<InventoryLine['kind'], string>> = {
  component: 'Components',
  'data-flow': 'Data flows',
  'trust-boundary': 'Trust boundaries',
  'data-asset': 'Data',
};

export function inventorySection(context: Base, inventory: readonly InventoryLine[]): SafeHtml {
  if (inventory.length === 0) return section('inventory', 'Inventory', empty('The models draw nothing.'));
  const byKind = Map.groupBy(inventory, ({ kind }) => kind);
  return section(
    'inventory',
    html`Inventory <span class="muted">${many(inventory.length, 'entry', 'entries')}</span>`,
    ...[...byKind].map(
      ([kind, lines]) =>
        html`<h3>${INVENTORY[kind]} <span class="muted">${grouped(lines.length)}</span></h3>
          ${bounded(lines, inventoryColumns(context, kind), INVENTORY[kind], true)}`,
    ),
  );
}

function inventoryColumns(context: Base, kind: InventoryLine['kind']): readonly Column<InventoryLine>[] {
  const shows = (title: string, cell: (line: InventoryLine) => Content): Column<InventoryLine> => ({
    title,
    cell,
  });
  return [
    { title: 'Name', kind: 'row', cell: ({ name }) => foreign(name, 200) },
    ...(kind === 'component' ? [shows('Type', ({ type }) => said(type, 60))] : []),
    ...(kind === 'data-flow' ? [shows('Protocol', ({ type }) => said(type, 60))] : []),
    { title: 'About', kind: 'wide', cell: ({ description }) => said(description) },
    ...(kind === 'data-asset'
      ? []
      : [shows(kind === 'data-flow' ? 'Crosses' : 'Within', ({ boundaries }) => namesOr(boundaries))]),
    ...(kind === 'component'
      ? [
          shows('In code', ({ resources }) =>
            resources.length === 0
              ? undefined
              : joined(
                  resources.slice(0, 10).map((each) => code(each, 100)),
                  ', ',
                ),
          ),
        ]
      : []),
    ...(kind === 'data-asset' ? [shows('Tags', ({ tags }) => namesOr(tags))] : []),
    shows('Owner', ({ owner }) => ownerOf(owner)),
    fromColumn(context),
  ];
}

function fromColumn<T extends From>({ base }: Base): Column<T> {
  return {
    title: 'From',
    cell: ({ repository, record, file, model }) =>
      html`${link(pathsFrom(base).record(repository.name, record), foreign(repository.name, 100))}
        <span class="role" title="${model.slice(0, 200)}">${code(file, 100)}</span>`,
  };
}

function listed<T>(
  id: string,
  title: string,
  rows: readonly T[],
  columns: readonly Column<T>[],
  caption: string,
): SafeHtml {
  if (rows.length === 0) return section(id, title, empty(`The models have no ${title.toLowerCase()}.`));
  return section(
    id,
    html`${title} <span class="muted">${grouped(rows.length)}</span>`,
    bounded(rows, columns, caption),
  );
}

function bounded<T>(
  rows: readonly T[],
  columns: readonly Column<T>[],
  caption: string,
  hideCaption = false,
): SafeHtml {
  const left = rows.length - MOST;
  return html`${dataTable({ caption, hideCaption, columns, rows: rows.slice(0, MOST) })}${left > 0 ? html`<p class="muted">${many(left, 'more row')}: choose one repository, or make a package, which has all of them.</p>` : undefined}`;
}

const said = (value: string | undefined, most = 400): Content =>
  value === undefined ? undefined : foreign(value, most);

const ownerOf = (owner: string | undefined): SafeHtml =>
  owner === undefined ? html`<span class="muted">nobody named</span>` : foreign(owner, 100);

const names = (all: readonly string[]): SafeHtml =>
  joined(
    all.slice(0, 8).map((each) => foreign(each, 80)),
    ', ',
  );

function namesOr(all: readonly string[], none?: string): Content {
  if (all.length > 0) return names(all);
  return none === undefined ? undefined : html`<span class="muted">${none}</span>`;
}

const listOf = (all: readonly string[], none: string): Content =>
  all.length <= 1 ? namesOr(all, none) : bullets(all.slice(0, 10).map((each) => foreign(each, 120)));
