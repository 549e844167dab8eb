import type { Block, Inline, MarkdownTable } from '../../syntax/markdown-blocks.ts';
import { normaliseName } from '../reading/text.ts';
import { rolesOf, type Role } from './columns.ts';
import type { Section } from './outline.ts';

/** `**Mitigation:** text`, `- Owner: x`, a bold line with a list below it, a row of a two-column table. */
export interface Field {
  readonly label: string;
  readonly roles: readonly Role[];
  readonly text: string;
  readonly raw: string;
  /** Points of a list that belongs to the field. */
  readonly items: readonly string[];
  readonly line: number;
}

export interface Fields {
  readonly fields: readonly Field[];
  /** Paragraphs and list points that carry no label. */
  readonly prose: readonly Inline[];
}

/** Markdown source → what it says, for pieces of a paragraph that were cut by line. */
export function plainText(raw: string): string {
  return raw
    .replace(/!?\[([^\]]{0,500})\]\([^()\s]{0,1000}\)/g, '$1')
    .replace(/<br\s{0,4}\/?>/gi, '\n')
    .replace(/<\/?[a-z][^<>]{0,200}>/gi, '')
    .replace(/\*\*|__|`/g, '')
    .replace(/\\([\\`*_{}[\]()#+.!|~-])/g, '$1')
    .trim();
}

const LABELLED =
  /^\s*(?:>\s*)?(?:[-*+]\s+)?(?:(?:\*\*|__)([^*_:\n]{1,60})(?::\s*(?:\*\*|__)|(?:\*\*|__)\s*:)|([\p{L}][\p{L}\p{M} /()-]{0,40}):(?=\s|$))\s*(.*)$/u;

/** Splits `Label: value`; plain labels (not bold) only when we know the word. */
export function splitLabel(
  line: string,
): { readonly label: string; readonly bold: boolean; readonly value: string } | undefined {
  const match = LABELLED.exec(line.slice(0, 4_000));
  if (!match) return undefined;
  const bold = match[1] !== undefined;
  const label = (match[1] ?? match[2] ?? '').trim();
  return bold || rolesOf(label).length > 0 ? { label, bold, value: (match[3] ?? '').trim() } : undefined;
}

/** Labelled values among blocks and bold-headed parts. */
export function readFields(blocks: readonly Block[], parts: readonly Section[] = []): Fields {
  const fields: Field[] = [];
  const prose: Inline[] = [];
  for (const block of blocks) {
    if (block.kind === 'paragraph') readParagraph(block.inline, fields, prose);
    else if (block.kind === 'list') readList(block, fields, prose);
    else if (block.kind === 'table' && isKeyValue(block)) fields.push(...readKeyValue(block));
  }
  for (const part of parts) fields.push(...readPart(part));
  return { fields, prose };
}

/** A bold line heads what follows up to the next label: `**Mitigation:**`, a list, then `**Impact:** high`. */
function readPart(part: Section): readonly Field[] {
  const next = part.blocks.findIndex(
    (block) => block.kind === 'paragraph' && splitLabel(block.inline.raw) !== undefined,
  );
  const own = next < 0 ? part.blocks : part.blocks.slice(0, next);
  const items = own.flatMap((block) =>
    block.kind === 'list'
      ? block.items.map((item) => texts(item).join('\n'))
      : block.kind === 'paragraph'
        ? [block.inline.raw]
        : [],
  );
  const rest = next < 0 ? [] : readFields(part.blocks.slice(next)).fields;
  return [makeField(part.title, '', items, part.line), ...rest];
}

function makeField(label: string, value: string, items: readonly string[], line: number): Field {
  return {
    label,
    roles: rolesOf(label),
    text: plainText(value),
    raw: value,
    items: items.map(plainText),
    line,
  };
}

function readParagraph(inline: Inline, fields: Field[], prose: Inline[]): void {
  const lines = inline.raw.split(/\r?\n/);
  const first = splitLabel(lines[0] ?? '');
  if (!first) {
    prose.push(inline);
    return;
  }
  let current: { label: string; value: string; line: number } | undefined;
  const flush = (): void => {
    if (current) fields.push(makeField(current.label, current.value, [], current.line));
  };
  lines.forEach((line, index) => {
    const split = splitLabel(line);
    if (split) {
      flush();
      current = { label: split.label, value: split.value, line: inline.line + index };
    } else if (current) current.value += ` ${line.trim()}`;
  });
  flush();
}

/** Points of a list: labelled ones are fields with their own points below; a list under an empty field belongs to it. */
function readList(list: Extract<Block, { kind: 'list' }>, fields: Field[], prose: Inline[]): void {
  const points = list.items.map((item) => readPoint(item));
  const open = fields.at(-1);
  const last =
    open && open.text === '' && open.items.length === 0 && !points.some((point) => point.label !== undefined);
  if (open && last) {
    fields[fields.length - 1] = { ...open, items: points.map((point) => plainText(point.all)) };
    return;
  }
  for (const point of points) {
    if (point.label !== undefined) fields.push(makeField(point.label, point.value, point.below, point.line));
    else if (point.inline) prose.push(point.inline);
  }
}

interface Point {
  readonly label?: string;
  readonly value: string;
  readonly below: readonly string[];
  readonly all: string;
  readonly inline?: Inline;
  readonly line: number;
}

function readPoint(item: readonly Block[]): Point {
  const first = item.find((block) => block.kind === 'paragraph');
  const inline = first?.kind === 'paragraph' ? first.inline : undefined;
  const below = item.flatMap((block) => (block.kind === 'list' ? block.items.flatMap(texts) : []));
  const split = inline ? splitLabel(inline.raw.replace(/\r?\n/g, ' ')) : undefined;
  return {
    ...(split ? { label: split.label } : {}),
    value: split?.value ?? '',
    below,
    all: [inline?.raw ?? '', ...below].join('\n'),
    ...(inline ? { inline } : {}),
    line: inline?.line ?? item[0]?.line ?? 1,
  };
}

/** Source of every paragraph in a list point, nested ones too. */
export function texts(item: readonly Block[]): readonly string[] {
  return item.flatMap((block) =>
    block.kind === 'paragraph' ? [block.inline.raw] : block.kind === 'list' ? block.items.flatMap(texts) : [],
  );
}

const KEY_HEADERS = new Set(['', 'field', 'key', 'property', 'attribute', 'item', 'aspect', 'name']);
const VALUE_HEADERS = new Set(['', 'value', 'details', 'detail', 'description']);

/** A table of two columns that describes one thing: empty headers, or `Field | Value`. */
export function isKeyValue(table: MarkdownTable): boolean {
  if (table.header.length !== 2) return false;
  const [key, value] = table.header.map((cell) => normaliseName(cell.text));
  if (key === '' && value === '') return true;
  const known = table.rows.filter((row) => rolesOf(row[0]?.text ?? '').length > 0).length;
  return KEY_HEADERS.has(key ?? '') && VALUE_HEADERS.has(value ?? '') && known * 2 >= table.rows.length;
}

function readKeyValue(table: MarkdownTable): readonly Field[] {
  return table.rows.flatMap((row) => {
    const [key, value] = row;
    return key && value ? [makeField(key.text.replace(/\s*:$/, ''), value.raw, [], key.line)] : [];
  });
}

/** The first field with one of the roles. */
export function fieldOf(fields: readonly Field[], ...roles: readonly Role[]): Field | undefined {
  return fields.find((field) => field.roles.some((role) => roles.includes(role)));
}

export function fieldsOf(fields: readonly Field[], ...roles: readonly Role[]): readonly Field[] {
  return fields.filter((field) => field.roles.some((role) => roles.includes(role)));
}

/** Everything a field says, its points as lines. */
export function fieldText(field: Field): string {
  return [field.text, ...field.items].filter((text) => text !== '').join('\n');
}

/** Source of all text in a section's own blocks and below its bold lines. */
export function sectionText(section: Section): string {
  const parts = section.children.filter((child) => child.depth > 6);
  return [...section.blocks, ...parts.flatMap((part) => part.blocks)]
    .flatMap((block) => {
      if (block.kind === 'paragraph') return [block.inline.raw];
      if (block.kind === 'table') return block.rows.flatMap((row) => row.map((cell) => cell.raw));
      return block.kind === 'list' ? block.items.flatMap(texts) : [];
    })
    .join('\n');
}
