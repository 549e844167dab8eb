import { WAYS } from '../core/model/audit.ts';
import type { Table } from './csv.ts';
import { termsOf, type Derived, type Mark } from './derive.ts';
import type { Manifest } from './package.ts';
import * as files from './parts.ts';
import { tableSheet, type Sheet } from './sheet.ts';

/** A statement about the package; `note` says in words what the value means. */
type Line = readonly [item: string, name: string, value: string | number, note?: string];

const INFORMATION_TABLE: Table<Line> = {
  columns: [
    ['item', ([item]) => item],
    ['name', ([, name]) => name],
    ['value', ([, , value]) => value],
    ['note', ([, , , note]) => note],
  ],
  essence: ['item', 'name', 'value'],
};

/** The manifest as it is before this sheet is in it: a file cannot hold its own digest. */
type Statement = Omit<Manifest, 'digest'>;

/** How the package came about, for whoever has to judge whether it is whole: all of it from the manifest and the records. */
export function informationSheet(stated: Statement, derived: Derived, sheets: readonly Sheet[]): Sheet {
  const lines = [
    ...asked(stated),
    ...FILTERS,
    ...filledIn(stated),
    ...run(stated),
    ...counted(derived),
    ...held(stated, derived, sheets),
    ...chains(stated, derived),
  ];
  return tableSheet(files.INFORMATION, INFORMATION_TABLE, lines, { ofVersion: true });
}

function asked({ query, origin }: Statement): readonly Line[] {
  const { from, to, repositories, timeZone, sample } = query;
  return [
    ['query', 'from', from, 'First instant of the period.'],
    ['query', 'to', to, 'The period ends before this instant.'],
    ['query', 'repositories', repositories?.join(' ') ?? 'all', 'As they were asked for.'],
    ['query', 'time_zone', timeZone, 'Of every instant in these files, and of where days and months begin.'],
    ...(sample === null ? [] : sampled(sample)),
    [
      'query',
      'command',
      commandOf(query, origin),
      'Asks the same again; --output and --database are left out.',
    ],
  ];
}

const sampled = ({ size, seed }: NonNullable<Manifest['query']['sample']>): readonly Line[] => [
  ['query', 'sample_size', size, 'As it was asked for; count, drawn says how many there are.'],
  [
    'query',
    'sample_seed',
    seed,
    'Drawn are the smallest SHA-256 over the seed, a zero byte and the id of the change.',
  ],
];

function commandOf(
  { from, to, repositories, sample }: Manifest['query'],
  origin: Manifest['origin'],
): string {
  return [
    `threatgate evidence --from ${from} --to ${to}`,
    ...(origin === undefined ? [] : [`--from-github ${quoted(origin.of)}`]),
    ...(repositories === null ? [] : [`--repos ${quoted(repositories.join(','))}`]),
    ...(sample === null ? [] : [`--sample ${sample.size} --seed ${quoted(sample.seed)}`]),
  ].join(' ');
}

/** For a shell: between the quotes nothing has a meaning but the quote itself. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

const FILTERS: readonly Line[] = [
  [
    'filter',
    'changes',
    'merged direct-push',
    'Every record of these kinds whose change came in within the period; none is left out for how it came in.',
  ],
  [
    'filter',
    'records',
    'all',
    'Each chain from its first record up to the last one that speaks of a time before the end of the period.',
  ],
  ['filter', 'documents', 'named', 'Those that records of the period or of its changes name.'],
];

function run(stated: Statement): readonly Line[] {
  const { tool, generatedAt, signer } = stated;
  return [
    ['run', 'generated_at', generatedAt],
    ['run', 'as_of', termsOf(stated).at, 'Exceptions, register and overdue reviews are as of this instant.'],
    ['run', 'signer', signer ?? 'none', 'Id of the key.'],
    ['tool', 'name', tool.name],
    ['tool', 'version', tool.version],
    ['tool', 'rules', tool.rules],
    ['tool', 'catalogue', tool.catalogue],
  ];
}

/** No service kept the records: what that means stands where it is read first. */
function filledIn({ origin }: Statement): readonly Line[] {
  if (origin === undefined) return [];
  return [
    ['origin', 'github', origin.of, 'Records were made for this package, of what GitHub remembered.'],
    ['origin', 'gate', origin.gate, 'Whose words were believed.'],
    ...origin.missing.map((sentence): Line => ['origin', 'not_seen', sentence]),
  ];
}

function counted({ population, packets }: Derived): readonly Line[] {
  return [
    ['count', 'changes', population.changes.length, 'Of all ways together.'],
    ...WAYS.map((way): Line => ['count', way, population.counts[way]]),
    ['count', 'drawn', packets.size],
  ];
}

function held(
  { repositories, files: entries }: Statement,
  derived: Derived,
  sheets: readonly Sheet[],
): readonly Line[] {
  const rows = new Map(sheets.map((sheet) => [sheet.name, sheet.rows]));
  rows.set(
    files.RECORDS,
    repositories.reduce((sum, one) => sum + one.records, 0),
  );
  rows.set(files.DOCUMENTS, derived.documents.size);
  return entries
    .filter(({ name }) => name !== files.INFORMATION)
    .flatMap(({ name, bytes, sha256 }): readonly Line[] => [
      ['rows', name, rows.get(name) ?? 0],
      ['bytes', name, bytes],
      ['sha256', name, sha256],
    ]);
}

/** Two repositories may have had the same name: the number tells them apart. */
function chains({ repositories }: Statement, { ends }: Derived): readonly Line[] {
  return repositories.flatMap(({ id, name, records }): readonly Line[] => {
    const end = ends.get(id);
    const shown = `${id} ${name}`;
    return [
      ['records', shown, records],
      ...(end ? [markLine('first_record', shown, end.first), markLine('last_record', shown, end.last)] : []),
    ];
  });
}

const markLine = (item: string, name: string, { sequence, hash, at }: Mark): Line => [
  item,
  name,
  `${sequence} ${hash}`,
  `Recorded at ${at}.`,
];
