import type { Packet } from '../../core/audit/packet.ts';
import type { Account } from '../../core/model/account.ts';
import type { Actor } from '../../core/model/record.ts';
import { SAMPLE, SAMPLE_PACKETS } from '../parts.ts';
import type { Contents } from '../rendering.ts';
import { drawGrid, drawMore } from './grid-table.ts';
import { LEFT, WIDTH, type Paper } from './paper.ts';
import { drawTable } from './paper-table.ts';

/** More of them are in the file: nobody prints a book of a thousand pages. */
const MOST_PACKETS = 200;
const MOST_DECISIONS = 8;
/** Two tables beside each other, of which the right one has the longer digests. */
const NARROW = 360;
const GAP = 12;
/** Below a table, for what is not in it. */
const LAST_LINE = 22;

const TITLE = 'Sample';

/** The draw, and a page for each change that was drawn. */
export function drawPackets(paper: Paper, { derived, stated, sheets }: Contents): void {
  const { sample } = stated.query;
  if (sample === null) return;
  paper.section(TITLE);
  paper.paragraph(
    `${derived.packets.size} of ${derived.population.changes.length} changes, drawn with the seed ${JSON.stringify(sample.seed)}: those whose SHA-256 over the seed, a zero byte and their id is the smallest. A page for each of them follows.`,
  );
  for (const sheet of sheets.filter(({ name }) => name === SAMPLE))
    drawGrid(paper, sheet, { without: ['repository', 'pull_request', 'commit', 'verdict_document'] });
  const packets = [...derived.packets.values()];
  for (const packet of packets.slice(0, MOST_PACKETS)) drawPacket(paper, packet);
  drawMore(paper, packets.length - MOST_PACKETS, 'packet', SAMPLE_PACKETS);
}

function drawPacket(paper: Paper, packet: Packet): void {
  const { change, records, decisions } = packet;
  paper.section(`${change.id}: ${change.way}`, { below: TITLE });
  paper.paragraph(change.why, undefined, 3);
  const top = paper.y;
  pairs(paper, 'The change', aboutChange(packet), LEFT, NARROW);
  const below = paper.y;
  paper.y = top;
  pairs(paper, 'The verdict it rests on', aboutVerdict(packet), LEFT + NARROW + GAP, WIDTH - NARROW - GAP);
  paper.y = Math.max(paper.y, below);
  drawDecisions(paper, decisions.slice(0, MOST_DECISIONS));
  drawMore(paper, decisions.length - MOST_DECISIONS, 'decision', SAMPLE_PACKETS);
  drawTimeline(paper, records);
}

type Pairs = readonly (readonly [string, string])[];

function pairs(paper: Paper, title: string, rows: Pairs, x: number, width: number): void {
  drawTable(paper, {
    columns: [
      { title, weight: 20 },
      { title: '', weight: 80 },
    ],
    rows,
    x,
    width,
    lines: 2,
    onePage: true,
  });
}

const shown = (who: Actor | Account | undefined): string =>
  who === undefined
    ? 'not on record'
    : `${who.login} (${who.id}, ${who.kind})${'role' in who ? `, ${who.role}` : ''}`;

function aboutChange({ change, rank }: Packet): Pairs {
  const { repository, branch, commit, at, author, by } = change;
  return [
    ['repository', `${repository.name} (${repository.id})`],
    ['branch', branch],
    ['commit', commit ?? 'not on record'],
    ['at', at],
    ['author', shown(author)],
    ['brought in by', shown(by)],
    ['rank', rank],
  ];
}

function aboutVerdict({ change: { verdict } }: Packet): Pairs {
  if (verdict === undefined) return [['none', 'No verdict on this content is on record.']];
  const { record, conclusion, title, mode, facts, categories, policy, rules, catalogue, document } = verdict;
  return [
    ['record', String(record)],
    ['conclusion, mode', `${conclusion}, ${mode}`],
    ['in one line', title],
    ['facts', `${facts ?? 'not on record'}${categories.length > 0 ? `: ${categories.join(', ')}` : ''}`],
    ['policy', policy ?? 'not on record'],
    ['rules, catalogue', `${rules ?? 'not on record'}, ${catalogue ?? 'not on record'}`],
    ['document', document ?? 'not on record'],
  ];
}

function drawDecisions(paper: Paper, decisions: Packet['decisions']): void {
  if (decisions.length === 0) {
    paper.paragraph('No decision on it is on record.');
    return;
  }
  drawTable(paper, {
    columns: [
      { title: 'record', weight: 6 },
      { title: 'decision', weight: 12 },
      { title: 'who', weight: 26 },
      { title: 'at', weight: 16 },
      { title: 'reason, incident, end', weight: 40 },
    ],
    rows: decisions.map(({ record, kind, actor, at, reason, incident, expires }) => [
      String(record),
      kind,
      shown(actor),
      at,
      [reason, incident, expires].filter((one) => one !== undefined).join('; '),
    ]),
    lines: 2,
    onePage: true,
  });
}

/** Every record about it in order, as long as there is room on its page. */
function drawTimeline(paper: Paper, records: Packet['records']): void {
  const drawn = drawTable(paper, {
    columns: [
      { title: 'record', weight: 6 },
      { title: 'what happened', weight: 14 },
      { title: 'recorded at', weight: 16 },
      { title: 'who', weight: 24 },
      { title: 'hash of the record', weight: 44 },
    ],
    rows: records.map(({ sequence, kind, at, actor, hash }) => [
      String(sequence),
      kind,
      at,
      actor === undefined ? '' : shown(actor),
      hash,
    ]),
    lines: 2,
    onePage: true,
    below: LAST_LINE,
  });
  drawMore(paper, records.length - drawn, 'record', SAMPLE_PACKETS);
}
