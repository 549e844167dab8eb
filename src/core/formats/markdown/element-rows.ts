import type { Inline } from '../../syntax/markdown-blocks.ts';
import { isSaid } from '../conventions.ts';
import { given, oneLine } from '../reading/text.ts';
import { cellsOf, type Columns, type Role } from './columns.ts';
import type { ElementDraft } from './drafts.ts';
import type { TableKind, TypedTable } from './tables.ts';
import { plainText, sectionText, texts } from './fields.ts';
import type { Section } from './outline.ts';
import { isBareId, isPlaceholder, splitId } from './vocabulary.ts';

/** The kinds of tables that list elements, and the columns that name their rows, best first. */
const NAMED_BY: Partial<
  Readonly<Record<TableKind, { readonly element: ElementDraft['element']; readonly roles: readonly Role[] }>>
> = {
  components: { element: 'component', roles: ['name', 'component', 'asset', 'vendor', 'actor', 'title'] },
  flows: { element: 'flow', roles: ['flow', 'name', 'title', 'description'] },
  boundaries: { element: 'boundary', roles: ['name', 'boundary', 'title', 'description'] },
  vendors: { element: 'vendor', roles: ['name', 'vendor', 'component'] },
  assets: { element: 'data-asset', roles: ['name', 'asset', 'data', 'component'] },
};

const NAME_CHARS = 200;

/** Rows of a table of components, flows, boundaries, vendors or assets. */
export function readElementRows(table: TypedTable): readonly ElementDraft[] {
  const naming = NAMED_BY[table.kind];
  if (!naming) return [];
  return table.rows.flatMap((row) => readRow(row, table.columns, naming.element, naming.roles) ?? []);
}

function readRow(
  row: readonly Inline[],
  columns: Columns,
  element: ElementDraft['element'],
  naming: readonly Role[],
) {
  const said = (...roles: readonly Role[]): string | undefined =>
    cellsOf(row, columns, ...roles).find((cell) => isSaid(cell.text))?.text;
  const ends =
    element === 'flow' || element === 'boundary'
      ? given({ source: said('source'), target: said('target') })
      : {};
  const named = naming.flatMap((role) => cellsOf(row, columns, role)).filter((cell) => isSaid(cell.text));
  const between = ends.source && ends.target ? `${ends.source} → ${ends.target}` : undefined;
  const proper = named.find((cell) => !isBareId(cell.text)) ?? firstPlain(row, columns, naming);
  const name = proper?.text ?? between ?? named[0]?.text;
  if (name === undefined || isPlaceholder(name)) return undefined;
  const split = splitId(oneLine(name));
  const id = said('id') ?? named.find((cell) => isBareId(cell.text))?.text ?? split.id;
  const description = cellsOf(row, columns, 'description').find(
    (cell) => cell !== proper && isSaid(cell.text),
  )?.text;
  const scope = said('scope');
  const draft: ElementDraft = {
    element,
    name: split.rest.slice(0, NAME_CHARS),
    tags: tagsOf(row, columns),
    raw: row.map((cell) => cell.raw).join('\n'),
    line: row[0]?.line ?? 1,
    ...ends,
    ...given({
      id,
      description,
      type: said('type'),
      protocol: element === 'flow' ? said('protocol') : undefined,
      encrypted: readTruth(said('encrypted')),
      boundary: element === 'boundary' ? undefined : said('boundary'),
      members: element === 'boundary' ? said('members')?.split(/[,;\n]/) : undefined,
      owner: said('owner'),
      outOfScope:
        scope !== undefined && /\bout\b|^no\b|excluded/i.test(scope) ? { reason: scope } : undefined,
      resource: cellsOf(row, columns, 'resource').find((cell) => isSaid(cell.text))?.raw,
    }),
  };
  return draft;
}

/** The first cell that is no id, for tables whose naming column has a header we do not know. */
function firstPlain(row: readonly Inline[], columns: Columns, naming: readonly Role[]): Inline | undefined {
  if (columns.roles.some((own) => own.some((role) => naming.includes(role)))) return undefined;
  return row.find(
    (cell, index) =>
      isSaid(cell.text) && !isBareId(cell.text) && !(columns.roles[index] ?? []).includes('id'),
  );
}

/** Properties that the neutral model has no slot for: `technology=AWS`, `data=JWT`. */
function tagsOf(row: readonly Inline[], columns: Columns): readonly string[] {
  const named = (role: Role, label: string): readonly string[] =>
    cellsOf(row, columns, role)
      .filter((cell) => isSaid(cell.text))
      .map((cell) => `${label}=${oneLine(cell.text)}`);
  return [...named('tags', 'technology'), ...named('data', 'data')];
}

/** `Yes`, `TLS 1.3`, `✅` → true; `No`, `none`, `plaintext`, `❌` → false. */
export function readTruth(text: string | undefined): boolean | undefined {
  if (text === undefined) return undefined;
  if (/^(?:no\b|none|false|plain|unencrypted|not |❌|✗|✘)/iu.test(text.trim())) return false;
  return /^(?:yes|true|y$|✅|✓|✔|tls|mtls|https|ssl|aes|ipsec|ssh|wireguard|encrypted|in transit|at rest)/iu.test(
    text.trim(),
  )
    ? true
    : undefined;
}

/** Texts of a table of assumptions. */
export function readAssumptionRows(table: TypedTable): readonly string[] {
  return table.rows.flatMap((row) => {
    const cell = [
      ...cellsOf(row, table.columns, 'assumption'),
      ...cellsOf(row, table.columns, 'description'),
    ].find((one) => isSaid(one.text) && !isBareId(one.text));
    const text = cell ?? row.find((one) => isSaid(one.text) && !isBareId(one.text));
    return text && !isPlaceholder(text.text) ? [oneLine(text.text)] : [];
  });
}

/** Ids that a text mentions: `T1`, `T-0012`, `ENF-1`. */
function idsIn(text: string): readonly string[] {
  return [...text.slice(0, 4_000).matchAll(/\b\p{L}{1,8}[-_.]?\p{L}{0,3}[-_.]?\d{1,5}\b/gu)].map(
    (match) => match[0],
  );
}

/** A heading or list point below “Mitigations” that names the threats it answers. */
export function readMitigationParts(
  section: Section,
): readonly { readonly text: string; readonly threats: readonly string[] }[] {
  const split = splitId(section.title);
  const own =
    section.topic === 'context' && split.id !== undefined
      ? [{ text: oneLine(split.rest), threats: idsIn(sectionText(section)) }]
      : [];
  const points = section.blocks
    .flatMap((block) => (block.kind === 'list' ? block.items : []))
    .map((item) => texts(item).join('\n'));
  return [...own, ...points.map((text) => ({ text: oneLine(plainText(text)), threats: idsIn(text) }))].filter(
    (one) => one.threats.length > 0,
  );
}

/** Rows of a table of mitigations, with every id they mention, so that threats can find their answers. */
export function readMitigationRows(
  table: TypedTable,
): readonly { readonly text: string; readonly threats: readonly string[]; readonly status?: string }[] {
  return table.rows.flatMap((row) => {
    const cell = cellsOf(row, table.columns, 'mitigation', 'recommendation').find(
      (one) => isSaid(one.text) && !isBareId(one.text),
    );
    if (!cell || isPlaceholder(cell.text)) return [];
    const others = row
      .filter((one) => one !== cell)
      .map((one) => one.text.slice(0, 2_000))
      .join(' ');
    const threats = idsIn(others);
    const status = cellsOf(row, table.columns, 'status').find((one) => isSaid(one.text))?.text;
    return [{ text: oneLine(cell.text), threats, ...given({ status }) }];
  });
}
