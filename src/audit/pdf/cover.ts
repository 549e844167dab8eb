import { WAYS } from '../../core/model/audit.ts';
import { WAY_MEANINGS } from '../../core/audit/way-meanings.ts';
import { termsOf } from '../derive.ts';
import { DOCUMENTS, INFORMATION, POPULATION, RECORDS } from '../parts.ts';
import { titleOf, type Contents } from '../rendering.ts';
import { drawMore } from './grid-table.ts';
import { BODY, LEFT, WIDTH, type Paper } from './paper.ts';
import { drawTable } from './paper-table.ts';

const MOST_REPOSITORIES = 20;

/** What tells this package from every other one, on each page. */
export function headOf({ stated }: Contents): string {
  const { query, repositories, files } = stated;
  const records = files.find(({ name }) => name === RECORDS)?.sha256 ?? '';
  const [first, ...more] = repositories.map(({ name }) => name);
  return [
    `${query.from} to ${query.to}`,
    `${first ?? 'no repository'}${more.length > 0 ? ` and ${more.length} more` : ''}`,
    `records.jsonl sha256:${records.slice(0, 16)}…`,
  ].join('  ·  ');
}

/** What was asked, how it came about, and what came of it. */
export function drawCover(paper: Paper, contents: Contents): void {
  paper.section(titleOf(contents));
  paper.paragraph(
    'How changes came into these repositories, and why each of them was let in: made from a chain of records that anybody can check. It is evidence for how changes were handled. Whether a control holds is for whoever tests it to say.',
  );
  const top = paper.y;
  pairs(paper, 'About this package', aboutPackage(contents), { x: LEFT, width: WIDE });
  const below = paper.y;
  paper.y = top;
  pairs(paper, 'Changes by their way', countsOf(contents), {
    x: LEFT + WIDE + GAP,
    width: WIDTH - WIDE - GAP,
  });
  paper.y = Math.max(paper.y, below);
  drawFiles(paper, contents);
}

type Pairs = readonly (readonly [string, string])[];

/** Two tables beside each other. */
const WIDE = 530;
const GAP = 16;

function aboutPackage({ stated, derived }: Contents): Pairs {
  const { query, repositories, tool, signer, generatedAt } = stated;
  const names = repositories.slice(0, MOST_REPOSITORIES).map(({ name, records }) => `${name} (${records})`);
  const left = repositories.length - names.length;
  return [
    ['Repositories, with records', [...names, ...(left > 0 ? [`and ${left} more`] : [])].join(', ')],
    ['Asked for', query.repositories?.join(', ') ?? 'all repositories'],
    ['Period', `from ${query.from} to before ${query.to}`],
    ['As of', `${termsOf(stated).at} (exceptions, register, reviews)`],
    ['Made at', `${generatedAt} by threatgate ${tool.version}`],
    ['Rules and catalogue', `${tool.rules}; ${tool.catalogue}`],
    ['Times', 'UTC; days and months begin in UTC'],
    ['Sample', query.sample === null ? 'none was asked for' : sampleOf(query.sample, derived.packets.size)],
    ['Signed by', signer === null ? 'nobody' : `key ${signer}`],
  ];
}

const countsOf = ({ stated: { counts }, derived: { population } }: Contents): Pairs => [
  ...WAYS.map((way) => [way, String(counts[way])] as const),
  ['all', String(population.changes.length)],
];

const sampleOf = ({ size, seed }: { readonly size: number; readonly seed: string }, drawn: number): string =>
  `${drawn} drawn, ${size} asked for, with the seed ${JSON.stringify(seed)}`;

function pairs(
  paper: Paper,
  title: string,
  rows: Pairs,
  place: { readonly x: number; readonly width: number },
): void {
  drawTable(paper, {
    columns: [
      { title, weight: 150 },
      { title: '', weight: place.width - 150 },
    ],
    rows,
    size: 8,
    onePage: true,
    ...place,
  });
}

function drawFiles(paper: Paper, { stated: { files } }: Contents): void {
  paper.heading('What it is made of');
  paper.paragraph(
    'This document says again what stands in the files beside it; the information sheet names all of them. threatgate verify makes it anew from them and compares. The name of the package is the digest of its manifest, which names this document as well and so cannot stand in it.',
    BODY,
  );
  drawTable(paper, {
    columns: [
      { title: 'File', weight: 16 },
      { title: 'Bytes', weight: 8, right: true },
      { title: 'SHA-256', weight: 50 },
    ],
    rows: files
      .filter(({ name }) => [RECORDS, DOCUMENTS, INFORMATION, POPULATION].includes(name))
      .map(({ name, bytes, sha256 }) => [name, String(bytes), sha256]),
  });
}

/** The whole population in numbers: nothing in it is on no row. */
export function drawPopulation(paper: Paper, { stated, derived, sheets }: Contents): void {
  paper.section('Population');
  paper.paragraph(
    `Every merge and every push of the period is one of ${derived.population.changes.length} changes, each with a row of its own in population.csv. How a change came in is decided by the first of these that fits.`,
  );
  drawTable(paper, {
    columns: [
      { title: 'Way', weight: 12 },
      { title: 'Changes', weight: 8, right: true },
      { title: 'What it means', weight: 80 },
    ],
    rows: WAY_MEANINGS.map(([way, meaning]) => [way, String(stated.counts[way]), meaning]),
  });
  const metrics = sheets.find(({ name }) => name === 'metrics.json');
  const months = [...(metrics?.grid?.rows() ?? [])];
  const columns = metrics?.grid?.columns ?? [];
  const shown = ['month', 'changes', ...WAYS];
  paper.heading('By month');
  drawTable(paper, {
    columns: shown.map((name) => ({ title: name, weight: 10, right: name !== 'month' })),
    rows: months
      .slice(-MOST_MONTHS)
      .map((row) => shown.map((name) => String(row[columns.indexOf(name)] ?? ''))),
  });
  drawMore(paper, months.length - MOST_MONTHS, 'month', 'metrics.json');
}

const MOST_MONTHS = 61;
