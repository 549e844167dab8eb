import { MOST_ROWS, xml, type Part } from './worksheet.ts';

/** A table that becomes a sheet, or several where it has too many rows for one. */
export interface Leaf extends Pick<Part, 'grid' | 'source'> {
  readonly name: string;
}

export interface NamedPart extends Part {
  readonly name: string;
  /** Where it is in the archive. */
  readonly path: string;
}

const MOST_NAME = 31;

/** Every sheet of the workbook; no two have the same name, whatever their letters' case. */
export function partsOf(leaves: readonly Leaf[]): readonly NamedPart[] {
  const parts: NamedPart[] = [];
  for (const { name, grid, source } of leaves) {
    const room = MOST_ROWS - 1;
    const count = Math.max(1, Math.ceil(grid.count / room));
    for (let n = 0; n < count; n++)
      parts.push({
        name: nameOf(name, n),
        path: `xl/worksheets/sheet${String(parts.length + 1).padStart(3, '0')}.xml`,
        grid,
        source,
        from: n * room,
        to: Math.min(grid.count, (n + 1) * room),
        selected: parts.length === 0,
      });
  }
  return parts;
}

function nameOf(name: string, n: number): string {
  const end = n === 0 ? '' : ` ${n + 1}`;
  return name.replace(/[[\]:*?/\\]/g, ' ').slice(0, MOST_NAME - end.length) + end;
}

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const SHEET_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

export interface About {
  readonly title: string;
  readonly creator: string;
  readonly created: string;
}

/** What is in the archive besides the sheets. */
export function frameOf(parts: readonly NamedPart[], about: About): ReadonlyMap<string, string> {
  return new Map([
    ['[Content_Types].xml', contentTypes(parts)],
    [
      '_rels/.rels',
      relationships([
        ['rId1', `${OFFICE}/relationships/officeDocument`, 'xl/workbook.xml'],
        ['rId2', `${PACKAGE}/relationships/metadata/core-properties`, 'docProps/core.xml'],
      ]),
    ],
    ['docProps/core.xml', properties(about)],
    [
      'xl/_rels/workbook.xml.rels',
      relationships([
        ...parts.map(
          ({ path }, n) => [`rId${n + 1}`, `${OFFICE}/relationships/worksheet`, path.slice(3)] as const,
        ),
        [`rId${parts.length + 1}`, `${OFFICE}/relationships/styles`, 'styles.xml'],
      ]),
    ],
    ['xl/styles.xml', STYLESHEET],
    ['xl/workbook.xml', workbook(parts)],
  ]);
}

function contentTypes(parts: readonly NamedPart[]): string {
  const overrides = [
    ['/xl/workbook.xml', `${SHEET_TYPE}.sheet.main+xml`],
    ...parts.map(({ path }) => [`/${path}`, `${SHEET_TYPE}.worksheet+xml`]),
    ['/xl/styles.xml', `${SHEET_TYPE}.styles+xml`],
    ['/docProps/core.xml', 'application/vnd.openxmlformats-package.core-properties+xml'],
  ];
  return [
    `${HEAD}<Types xmlns="${PACKAGE}/content-types">`,
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>',
    '<Default Extension="xml" ContentType="application/xml"/>',
    ...overrides.map(([path, type]) => `<Override PartName="${path ?? ''}" ContentType="${type ?? ''}"/>`),
    '</Types>',
  ].join('');
}

const relationships = (rows: readonly (readonly [id: string, type: string, target: string])[]): string =>
  [
    `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">`,
    ...rows.map(([id, type, target]) => `<Relationship Id="${id}" Type="${type}" Target="${target}"/>`),
    '</Relationships>',
  ].join('');

function properties({ title, creator, created }: About): string {
  return [
    `${HEAD}<cp:coreProperties xmlns:cp="${PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"`,
    ' xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">',
    `<dc:title>${xml(title)}</dc:title><dc:creator>${xml(creator)}</dc:creator>`,
    `<dcterms:created xsi:type="dcterms:W3CDTF">${xml(created)}</dcterms:created></cp:coreProperties>`,
  ].join('');
}

function workbook(parts: readonly NamedPart[]): string {
  const sheets = parts.map(
    ({ name }, n) => `<sheet name="${xml(name)}" sheetId="${n + 1}" r:id="rId${n + 1}"/>`,
  );
  return `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}/relationships"><sheets>${sheets.join('')}</sheets></workbook>`;
}

/** Three looks: a number, a text (which stays one when it is edited), and the head of a column. */
const STYLESHEET = [
  `${HEAD}<styleSheet xmlns="${MAIN}">`,
  '<fonts count="2"><font><sz val="10"/><name val="Arial"/></font><font><b/><sz val="10"/><name val="Arial"/></font></fonts>',
  '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>',
  '<fill><patternFill patternType="solid"><fgColor rgb="FFE6E6E6"/><bgColor indexed="64"/></patternFill></fill></fills>',
  '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>',
  '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>',
  '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>',
  '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>',
  '<xf numFmtId="49" fontId="1" fillId="2" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1"/></cellXfs>',
  '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
].join('');
