import type { Inline } from '../../syntax/markdown-blocks.ts';
import { isSaid, readDate, readTickets } from '../conventions.ts';
import { levelOf, stateOf } from '../reading/ratings.ts';
import { isStrideOnly, STRIDE_NAMES, strideLetters } from '../reading/stride.ts';
import { given, oneLine } from '../reading/text.ts';
import { cellsOf, type Columns, type Role } from './columns.ts';
import type { ElementDraft, ThreatDraft } from './drafts.ts';
import { columnLetter, strideStart, type TypedTable } from './tables.ts';
import { isPlaceholder, splitId } from './vocabulary.ts';

const TITLE_CHARS = 300;

/** Where a table or list of threats stands. */
export interface Surroundings {
  readonly heading?: string;
  readonly stride?: ThreatDraft['stride'][number];
}

/** Rows of a threat table; rows that are empty or hold a template's placeholders are left out. */
export function readThreatRows(table: TypedTable, around: Surroundings): readonly ThreatDraft[] {
  const columns = settleRisk(table);
  const scale = scaleOf(table.rows, columns);
  return table.rows.flatMap((row) => readRow(row, columns, around, scale) ?? []);
}

function readRow(
  row: readonly Inline[],
  columns: Columns,
  around: Surroundings,
  scale: number | undefined,
): ThreatDraft | undefined {
  const first = (...roles: readonly Role[]): Inline | undefined =>
    cellsOf(row, columns, ...roles).find((cell) => isSaid(cell.text));
  const said = (...roles: readonly Role[]): string | undefined => first(...roles)?.text;
  const told = tell(row, columns, around);
  if (!told || row.every((cell) => cell.text === '' || isPlaceholder(cell.text))) return undefined;
  const split = splitId(oneLine(told.title));
  return {
    title: (split.rest || told.title).slice(0, TITLE_CHARS),
    about: told.about,
    stride: told.stride,
    categories: [said('stride'), said('category')].filter((text) => text !== undefined),
    mitigations: readMitigations(row, columns),
    tickets: cellsOf(row, columns, 'ticket').flatMap((cell) => readTickets(cell.text)),
    tags: [],
    raw: row.map((cell) => cell.raw).join('\n'),
    line: row[0]?.line ?? 1,
    ...given({
      id: said('id') ?? split.id,
      description: told.description === '' ? undefined : told.description,
      heading: around.heading,
      severity: said('severity'),
      scale,
      likelihood: said('likelihood'),
      impact: said('impact'),
      status: statusOf(row, columns) ?? said('residual'),
      owner: said('owner'),
      resource: first('resource')?.raw,
      due: readDate(said('due') ?? ''),
      expires: readDate(said('expires') ?? ''),
      justification: said('justification'),
    }),
  };
}

/** Whether the title is a template's: `[Threat here]`, or `<threat>`, which Markdown takes for an HTML tag. */
function isUnfilled(row: readonly Inline[], columns: Columns): boolean {
  return row.some((cell, index) => {
    const titled = (columns.roles[index] ?? []).includes('title');
    return titled && cell.raw !== '' && (cell.text === '' || isPlaceholder(cell.text));
  });
}

/** Unlike elsewhere `N/A` says something here. */
function statusOf(row: readonly Inline[], columns: Columns): string | undefined {
  return cellsOf(row, columns, 'status')
    .map((cell) => cell.text)
    .find((text) => isSaid(text) || stateOf(text) !== 'unset');
}

/** What a row says a threat is: its title, category, and what it is about. */
function tell(row: readonly Inline[], columns: Columns, around: Surroundings) {
  const titles = (['title', 'name', 'description'] as const).flatMap((role) => cellsOf(row, columns, role));
  const named = titles.filter((cell) => isSaid(cell.text) && !isStrideOnly(cell.text));
  const category = cellsOf(row, columns, 'stride').find((cell) => isSaid(cell.text))?.text ?? '';
  const bare = titles.filter((cell) => isStrideOnly(cell.text)).map((cell) => cell.text);
  const letters = [category, ...bare].map(strideLetters).find((found) => found.length > 0);
  const stride = letters ?? (around.stride ? [around.stride] : []);
  const about = cellsOf(row, columns, 'component', 'asset', 'boundary', 'flow')
    .map((cell) => cell.text)
    .filter(isSaid);
  const title = named[0]?.text ?? (stride[0] ? [STRIDE_NAMES[stride[0]], ...about].join(' – ') : undefined);
  if (title === undefined || isPlaceholder(title) || (named.length === 0 && isUnfilled(row, columns)))
    return undefined;
  const description = named.slice(1).map((cell) => cell.text);
  return { title, stride, about, description: description.join('\n') };
}

/** Each point of a cell with several is a mitigation of its own. */
function readMitigations(row: readonly Inline[], columns: Columns): ThreatDraft['mitigations'] {
  const read = (role: Role, planned: boolean): ThreatDraft['mitigations'] =>
    cellsOf(row, columns, role).flatMap((cell) => splitPoints(cell.text).map((text) => ({ text, planned })));
  return [...read('mitigation', false), ...read('recommendation', true)];
}

/** Points of a text: lines, with their bullets removed. */
export function splitPoints(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/^\s*(?:[-*•–]|\d+[.)])\s+/, '').trim())
    .filter((line) => isSaid(line) && !isPlaceholder(line));
}

/** A column `Risk` is a rating where its cells are ratings, else it tells the threat. */
function settleRisk(table: TypedTable): Columns {
  const { columns, rows } = table;
  const titled = columns.roles.some((roles) => roles.includes('title'));
  const roles = columns.roles.map((own, index): readonly Role[] => {
    if (!own.includes('risk')) return own;
    const cells = rows.map((row) => row[index]?.text ?? '').filter((text) => isSaid(text));
    const rated = cells.filter((text) => text.length < 30 && levelOf(text) !== 'unrated').length;
    if (cells.length > 0 && rated * 2 > cells.length) return ['severity'];
    return titled ? ['description'] : ['title'];
  });
  return { headers: columns.headers, roles };
}

/** Top of the numeric scale of a severity column: the largest number decides which scale it is. */
function scaleOf(rows: TypedTable['rows'], columns: Columns): number | undefined {
  const numbers = rows.flatMap((row) =>
    cellsOf(row, columns, 'severity').map((cell) => Number(cell.text.replace(/[*_`\s]/g, '') || NaN)),
  );
  const known = numbers.filter((number) => Number.isFinite(number) && number >= 0);
  if (known.length === 0) return undefined;
  const top = known.reduce((most, number) => Math.max(most, number), 0);
  const whole = known.every((number) => Number.isInteger(number));
  return [...(whole ? [5] : []), 10, 25, 100].find((scale) => top <= scale);
}

const NO = /^(?:|[-–—✗✘❌.\s]+|no|none|nein|non|n\/?a|not applicable|0)$/iu;
const MARK = /^(?:[x✓✔✅☑●•⚠️!?\s]+|yes|ja|oui|applicable|y|1)$/iu;

/** Cells of a STRIDE matrix; `-`, `no` and the like mean that there is no such threat. */
export function readMatrix(table: TypedTable): readonly ThreatDraft[] {
  const letters = table.columns.headers.map(columnLetter);
  return table.rows.flatMap((row) => {
    const index = table.columns.headers.findIndex(
      (_, at) => letters[at] === undefined && isSaid(row[at]?.text ?? ''),
    );
    const subject = row[index]?.text ?? '';
    if (index < 0 || isPlaceholder(subject)) return [];
    return row.flatMap((cell, at) => matrixCell(cell, letters[at], subject) ?? []);
  });
}

/** The same table turned: categories down, components across. */
export function readTransposed(table: TypedTable): readonly ThreatDraft[] {
  return table.rows.flatMap((row) => {
    const letter = columnLetter(row[0]?.text ?? '') ?? strideStart(row[0]?.text ?? '');
    return row
      .slice(1)
      .flatMap((cell, at) => matrixCell(cell, letter, table.columns.headers[at + 1] ?? '') ?? []);
  });
}

function matrixCell(
  cell: Inline,
  letter: ThreatDraft['stride'][number] | undefined,
  subject: string,
): ThreatDraft | undefined {
  if (!letter || NO.test(cell.text.trim()) || isPlaceholder(cell.text)) return undefined;
  const title = `${STRIDE_NAMES[letter]} – ${oneLine(subject)}`;
  return {
    title,
    about: [subject],
    stride: [letter],
    categories: [STRIDE_NAMES[letter]],
    mitigations: [],
    tickets: [],
    tags: [],
    raw: cell.raw,
    line: cell.line,
    ...(MARK.test(cell.text) ? {} : { description: cell.text }),
  };
}

/** Rows of a matrix declare the components they are about. */
export function matrixComponents(table: TypedTable): readonly ElementDraft[] {
  const letters = table.columns.headers.map(columnLetter);
  return table.rows.flatMap((row) => {
    const subject = row.find((cell, at) => letters[at] === undefined && isSaid(cell.text));
    if (!subject || isPlaceholder(subject.text)) return [];
    return [
      {
        element: 'component',
        name: oneLine(subject.text),
        tags: [],
        raw: subject.raw,
        line: subject.line,
        drawn: true,
      },
    ];
  });
}
