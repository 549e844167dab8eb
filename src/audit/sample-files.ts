import { compare } from '../core/audit/order.ts';
import type { Packet } from '../core/audit/packet.ts';
import type { ChangeEntry } from '../core/model/audit.ts';
import type { Table } from './csv.ts';
import type { Derived, Terms } from './derive.ts';
import { SAMPLE, SAMPLE_PACKETS } from './parts.ts';
import { jsonSheet, tableSheet, type Sheet } from './sheet.ts';

interface SampleRow {
  /** Which draw it was, counted from 1: a smaller sample with the same seed is the first ones of these. */
  readonly draw: number;
  readonly change: ChangeEntry;
  readonly packet: Packet;
}

const SAMPLE_TABLE: Table<SampleRow> = {
  columns: [
    ['draw', (s) => s.draw],
    ['rank', (s) => s.packet.rank],
    ['change', (s) => s.change.id],
    ['repository_id', (s) => s.change.repository.id],
    ['repository', (s) => s.change.repository.name],
    ['pull_request', (s) => s.change.pullRequest],
    ['commit', (s) => s.change.commit],
    ['branch', (s) => s.change.branch],
    ['at', (s) => s.change.at],
    ['author', (s) => s.change.author?.login],
    ['by', (s) => s.change.by?.login],
    ['way', (s) => s.change.way],
    ['verdict_document', (s) => s.packet.document ?? undefined],
    ['decisions', (s) => s.packet.decisions.length],
    ['records', (s) => s.packet.records.length],
  ],
  essence: ['draw', 'rank', 'change', 'way'],
};

/** The drawn changes as a table, and a packet for each; none when nothing was asked for. */
export function sampleSheets({ packets, population }: Derived, sample: Terms['sample']): readonly Sheet[] {
  if (sample === null) return [];
  const ranks = [...packets.values()].map((packet) => packet.rank).sort(compare);
  const draws = new Map(ranks.map((rank, n) => [rank, n + 1]));
  const rows = [...packets].map(([change, packet]) => ({
    draw: draws.get(packet.rank) ?? 0,
    change,
    packet,
  }));
  const value = {
    ...sample,
    population: population.changes.length,
    drawn: packets.size,
    packets: [...packets.values()],
  };
  return [
    tableSheet(SAMPLE, SAMPLE_TABLE, rows),
    jsonSheet(SAMPLE_PACKETS, {
      value,
      rows: packets.size,
      essence: (said) =>
        said.packets.map(({ rank, change, records }) => [
          rank,
          change.id,
          change.way,
          records.map((r) => r.hash),
        ]),
    }),
  ];
}
