import { WAY_MEANINGS } from '../../core/audit/way-meanings.ts';
import { gridOf } from '../csv.ts';
import { PARTS, WORKBOOK } from '../parts.ts';
import { titleOf, type Contents, type Rendering } from '../rendering.ts';
import { zipped, type Entry } from './archive.ts';
import { frameOf, partsOf, type Leaf } from './workbook.ts';
import { worksheetOf } from './worksheet.ts';

/** Every table of the package on a sheet of its own. */
export const xlsxRendering = (contents: Contents): Rendering => ({
  name: WORKBOOK,
  pieces: () => zipped(entriesOf(contents)),
});

function entriesOf(contents: Contents): readonly Entry[] {
  const { tool, generatedAt } = contents.stated;
  const parts = partsOf(leavesOf(contents));
  const about = {
    title: titleOf(contents),
    creator: `threatgate ${tool.version}`,
    created: generatedAt,
  };
  return [
    ...[...frameOf(parts, about)].map(([path, text]) => ({ path, pieces: () => [text] })),
    ...parts.map((part) => ({ path: part.path, pieces: () => worksheetOf(part) })),
  ];
}

function leavesOf(contents: Contents): readonly Leaf[] {
  const tables = PARTS.flatMap(({ name }) =>
    contents.sheets.flatMap((sheet): readonly Leaf[] =>
      sheet.name === name && sheet.grid
        ? [{ name: name.replace(/\.[a-z]+$/, ''), grid: sheet.grid, source: name }]
        : [],
    ),
  );
  const ways = { name: 'ways', grid: waysOf(contents), source: 'population.csv' };
  return [
    { name: 'contents', grid: contentsOf([...tables, ways]), source: 'manifest.json' },
    ...tables,
    ways,
  ];
}

interface ContentRow {
  readonly sheet: string;
  readonly rows?: number;
  readonly about: string;
}

const NOTES: readonly string[] = [
  'Every cell is a text or a number; none is a formula. A text that a spreadsheet would run as one begins with an apostrophe, as in the CSV files.',
  'Times are texts in UTC, as they stand in the records. Numbers of rows leave out the header.',
  'This workbook says again what stands in the CSV files beside it; `threatgate verify` makes it anew and compares.',
];

function contentsOf(leaves: readonly Leaf[]): Leaf['grid'] {
  const rows: readonly ContentRow[] = [
    ...leaves.map(({ name, grid, source }) => ({
      sheet: name,
      rows: grid.count,
      about:
        name === 'ways' ? 'How many changes came in which way, and what each way means.' : aboutOf(source),
    })),
    ...NOTES.map((about) => ({ sheet: '', about })),
  ];
  return gridOf<ContentRow>(
    {
      columns: [
        ['sheet', (row) => row.sheet],
        ['rows', (row) => row.rows],
        ['what it holds', (row) => row.about],
      ],
      essence: [],
    },
    rows,
  );
}

const aboutOf = (source: string): string => PARTS.find(({ name }) => name === source)?.about ?? '';

function waysOf({ stated: { counts } }: Contents): Leaf['grid'] {
  const rows = [
    ...WAY_MEANINGS.map(([way, meaning]) => ({ way, changes: counts[way], meaning })),
    { way: 'all', changes: Object.values(counts).reduce((a, b) => a + b), meaning: '' },
  ];
  return gridOf<(typeof rows)[number]>(
    {
      columns: [
        ['way', (row) => row.way],
        ['changes', (row) => row.changes],
        ['what it means', (row) => row.meaning],
      ],
      essence: [],
    },
    rows,
  );
}
