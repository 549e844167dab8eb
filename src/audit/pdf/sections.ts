import { EVIDENCE } from '../../core/audit/evidence.ts';
import {
  CONTROLS,
  DECISIONS,
  EXCEPTIONS,
  INFORMATION,
  METRICS,
  NOTES,
  PARTS,
  POPULATION,
  REGISTER,
  SAMPLE,
} from '../parts.ts';
import type { Contents } from '../rendering.ts';
import type { Sheet } from '../sheet.ts';
import { drawFigures } from './figures.ts';
import { drawGrid, rowsOf, type View } from './grid-table.ts';
import type { Paper } from './paper.ts';
import { drawTable } from './paper-table.ts';

interface Section {
  readonly sheet: string;
  readonly title: string;
  readonly about: string;
  readonly view?: View;
}

/** Tables that are shown in a way of their own; every other one of the package has a section by its name. */
const SECTIONS: readonly Section[] = [
  {
    sheet: EXCEPTIONS,
    title: 'Exceptions',
    about:
      'What did not go the ordinary way, the most urgent first. “let through” says whether the merge rests on it.',
    view: {
      none: 'There is no exception in the period.',
      columns: [
        ['kind, state', ['kind', 'state']],
        'change',
        'repository',
        'record',
        'by',
        ['at, or from and until', ['at', 'from', 'until']],
        'reason',
        'let_through',
        ['incident, end', ['incident', 'expires']],
        ['review: due, by, at', ['review_due', 'review_by', 'review_at', 'review_statement']],
        ['cause, impact, response', ['cause', 'impact', 'response']],
      ],
    },
  },
  {
    sheet: REGISTER,
    title: 'Accepted risks',
    about: 'Risks that somebody accepted in an answer, with owner and end.',
    view: {
      where: (row) => row['kind'] === 'accepted',
      columns: [
        'validity',
        'repository',
        'pull_request',
        'pull_request_state',
        'record',
        'address',
        'question',
        'text',
        'owner',
        'expires',
        'by',
        'at',
      ],
      none: 'No risk was accepted.',
    },
  },
  {
    sheet: REGISTER,
    title: 'Register: tickets and controls',
    about: 'Answers that name a ticket or a control.',
    view: {
      where: (row) => row['kind'] !== 'accepted',
      columns: [
        'kind',
        'repository',
        'pull_request',
        'pull_request_state',
        'record',
        'address',
        'question',
        'text',
        'by',
        'at',
      ],
      none: 'No answer names a ticket or a control.',
    },
  },
  {
    sheet: NOTES,
    title: 'The gate itself',
    about: 'What happened to it in the period: it came, it left, its rules changed, it was out.',
    view: { none: 'Nothing happened to it in the period.' },
  },
];

/** Shown elsewhere: as the population in numbers, in the packets, or in sections of their own. */
const ELSEWHERE: readonly string[] = [INFORMATION, POPULATION, DECISIONS, SAMPLE, CONTROLS, METRICS];

export function drawSections(paper: Paper, { sheets }: Contents): void {
  for (const [n, { sheet, title, about, view }] of SECTIONS.entries())
    for (const found of sheets.filter(({ name }) => name === sheet)) {
      paper.section(title, { follows: n > 0 });
      paper.paragraph(about);
      drawGrid(paper, found, view);
    }
  const own = new Set([...ELSEWHERE, ...SECTIONS.map(({ sheet }) => sheet)]);
  for (const sheet of sheets.filter(({ name, grid }) => grid !== undefined && !own.has(name))) {
    paper.section(titleOf(sheet), { follows: true });
    paper.paragraph(PARTS.find(({ name }) => name === sheet.name)?.about.replaceAll('`', '') ?? '');
    drawGrid(paper, sheet);
  }
  for (const sheet of sheets.filter(({ name }) => name === METRICS)) {
    paper.section('Figures');
    drawFigures(paper, sheet);
  }
}

/** `accepted-risks.csv` → `Accepted risks`. */
function titleOf({ name }: Sheet): string {
  const words = name.replace(/\.[a-z]+$/, '').replaceAll('-', ' ');
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

export function drawInformation(paper: Paper, { sheets }: Contents): void {
  paper.section('Information sheet');
  paper.paragraph('How this package came about, for whoever has to judge whether it is whole.');
  for (const sheet of sheets.filter(({ name }) => name === INFORMATION)) drawGrid(paper, sheet);
}

/** One row for each control, with everything that is evidence for it. */
export function drawControls(paper: Paper, { sheets }: Contents): void {
  const rows = sheets.flatMap(({ name, grid }) => (name === CONTROLS && grid ? [...rowsOf(grid)] : []));
  const controls = Map.groupBy(rows, (row) =>
    JSON.stringify([row['framework'], row['version'], row['control']]),
  );
  paper.section('Criteria that this is evidence for');
  paper.paragraph(
    'Ids are those of the frameworks, titles are ours. “fit” says how well this kind of evidence speaks to the control; “checked” whether we have read the framework itself, saw it only where others write about it, or neither. What is evidence for a control does not settle it.',
  );
  drawTable(paper, {
    columns: COLUMNS.map(([title, weight]) => ({ title, weight })),
    rows: [...controls.values()].map((of) => [
      ...['framework', 'version', 'control', 'title', 'fit', 'checked'].map((name) =>
        String(of[0]?.[name] ?? ''),
      ),
      of.map((row) => String(row['evidence_for'])).join(' '),
      [...new Set(of.flatMap((row) => String(row['files']).split(' ')))].sort().join(' '),
    ]),
    size: 6.5,
  });
  drawItems(paper, new Set(rows.map((row) => String(row['evidence_for']))));
}

const COLUMNS = [
  ['framework', 16],
  ['version', 12],
  ['control', 10],
  ['title', 34],
  ['fit', 9],
  ['checked', 9],
  ['evidence for it', 22],
  ['files', 46],
] as const;

function drawItems(paper: Paper, items: ReadonlySet<string>): void {
  paper.heading('Kinds of evidence');
  drawTable(paper, {
    columns: [
      { title: 'id', weight: 5 },
      { title: 'what it is', weight: 50 },
      { title: 'in this package', weight: 15 },
    ],
    rows: EVIDENCE.map(({ id, title }) => [id, title, items.has(id) ? 'yes' : 'no']),
  });
}
