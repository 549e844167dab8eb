import type { StrideLetter } from '../../model/threat-model.ts';
import type { Inline, MarkdownTable } from '../../syntax/markdown-blocks.ts';
import { isStrideOnly, strideOf } from '../reading/stride.ts';
import { hasRole, readColumns, subjectOf, type Columns, type Role } from './columns.ts';
import { isKeyValue } from './fields.ts';
import type { Topic } from './vocabulary.ts';

export type TableKind =
  | 'threats'
  /** One row per component, one column per STRIDE category. */
  | 'matrix'
  /** One row per STRIDE category, one column per component. */
  | 'transposed'
  | 'components'
  | 'flows'
  | 'boundaries'
  | 'vendors'
  | 'assets'
  | 'assumptions'
  | 'mitigations'
  | 'other';

export interface TypedTable {
  readonly kind: TableKind;
  readonly columns: Columns;
  readonly rows: readonly (readonly Inline[])[];
}

const JUDGING: readonly Role[] = [
  'severity',
  'likelihood',
  'impact',
  'mitigation',
  'recommendation',
  'status',
  'residual',
];

/** What a table lists, from its headers, its first column and the heading above it. */
export function typeTable(table: MarkdownTable, topic: Topic): TypedTable {
  const columns = promote(readColumns(table), table);
  return { kind: isKeyValue(table) ? 'other' : kindOf(table, columns, topic), columns, rows: table.rows };
}

/** The STRIDE letter of a matrix column: `S`, `Spoofing`, `S (Spoofing)`. */
export function columnLetter(header: string): StrideLetter | undefined {
  const letter = /^[STRIDE]$/.exec(header.trim())?.[0] ?? /^([STRIDE])\s*[(:–-]/.exec(header.trim())?.[1];
  return strideOf(header) ?? (letter as StrideLetter | undefined);
}

function kindOf(table: MarkdownTable, columns: Columns, topic: Topic): TableKind {
  const letters = new Set(columns.headers.map(columnLetter).filter((letter) => letter !== undefined));
  if (letters.size >= 4) return 'matrix';
  if (isTransposed(table, columns)) return 'transposed';
  const subject = subjectOf(columns);
  if (subject.includes('assumption') || (topic === 'assumptions' && subject.length > 0)) return 'assumptions';
  if (
    hasRole(columns, 'source') &&
    hasRole(columns, 'target') &&
    !hasRole(columns, 'title', 'stride', 'mitigation')
  )
    return isBoundaryTable(columns, subject, topic) ? 'boundaries' : 'flows';
  if (subject.includes('mitigation') && !subject.includes('title')) return 'mitigations';
  if (isThreatTable(columns, subject, topic)) return 'threats';
  return elementKind(columns, subject, topic);
}

function isBoundaryTable(columns: Columns, subject: readonly Role[], topic: Topic): boolean {
  if (topic === 'boundaries' || subject.includes('boundary')) return !subject.includes('flow');
  return /boundary|grenz|fronti|límite|حد/iu.test(columns.headers[0] ?? '');
}

function isThreatTable(columns: Columns, subject: readonly Role[], topic: Topic): boolean {
  if (hasRole(columns, 'definition') && !hasRole(columns, 'severity', 'status')) return false;
  if (subject.includes('actor') && !subject.includes('component') && !hasRole(columns, 'stride'))
    return false;
  const judged = JUDGING.filter((role) => hasRole(columns, role)).length;
  const stride = hasRole(columns, 'stride');
  if (hasRole(columns, 'title')) return judged > 0 || stride;
  if (stride) return judged > 0 || (topic === 'threats' && hasRole(columns, 'description'));
  if (hasRole(columns, 'risk'))
    return hasRole(columns, 'likelihood', 'impact', 'mitigation', 'severity', 'recommendation');
  return topic === 'threats' && hasRole(columns, 'name', 'description', 'category') && judged > 0;
}

const KIND_OF_TOPIC: Partial<Readonly<Record<Topic, TableKind>>> = {
  components: 'components',
  externals: 'components',
  flows: 'flows',
  boundaries: 'boundaries',
  vendors: 'vendors',
  assets: 'assets',
};

function elementKind(columns: Columns, subject: readonly Role[], topic: Topic): TableKind {
  const byTopic = KIND_OF_TOPIC[topic];
  if (byTopic === 'boundaries' && subject.includes('component') && !subject.includes('boundary'))
    return 'components';
  if (byTopic && subject.length > 0) return byTopic;
  if (hasRole(columns, 'definition') || columns.headers.length < 2) return 'other';
  if (subject.includes('boundary')) return 'boundaries';
  if (subject.includes('flow')) return 'flows';
  if (subject.includes('component'))
    return describes(columns) && !hasRole(columns, 'title') ? 'components' : 'other';
  if (subject.includes('vendor')) return 'vendors';
  return subject.includes('asset') ? 'assets' : 'other';
}

/** Outside a chapter on components a table must look like a description of them: what they are, not what to do with them. */
function describes(columns: Columns): boolean {
  return hasRole(columns, 'type', 'description', 'boundary', 'owner', 'resource', 'scope', 'tags', 'data');
}

function isTransposed(table: MarkdownTable, columns: Columns): boolean {
  if (table.rows.length < 4 || table.header.length < 3) return false;
  if (columns.roles.slice(1).some((roles) => roles.some((role) => role !== 'component' && role !== 'data')))
    return false;
  const named = table.rows.filter(
    (row) => columnLetter(row[0]?.text ?? '') !== undefined || strideStart(row[0]?.text ?? ''),
  );
  return named.length >= 4;
}

/** `Spoofing Identity`, `Tampering with configuration`: the category is the first word or two. */
export function strideStart(text: string): StrideLetter | undefined {
  const words = text.split(/\s+/);
  return (
    strideOf(text) ??
    strideOf(words.slice(0, 3).join(' ')) ??
    strideOf(words.slice(0, 2).join(' ')) ??
    strideOf(words[0] ?? '')
  );
}

/** A column called `Type` or `Category` whose cells are STRIDE names is one of STRIDE. */
function promote(columns: Columns, table: MarkdownTable): Columns {
  const roles = columns.roles.map((own, index): readonly Role[] => {
    if (own.includes('stride') || !own.some((role) => PROMOTED.has(role))) return own;
    const cells = table.rows.map((row) => row[index]?.text ?? '').filter((text) => text !== '');
    const stride = cells.filter(isStrideOnly).length;
    return cells.length > 0 && stride * 2 > cells.length
      ? ['stride', ...own.filter((role) => role !== 'title')]
      : own;
  });
  return { headers: columns.headers, roles };
}

const PROMOTED = new Set<Role>(['type', 'category', 'title', 'risk']);
