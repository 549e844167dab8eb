import { records } from './output.ts';

export type ChangeStatus = 'added' | 'removed' | 'modified' | 'renamed' | 'copied' | 'changed';

export interface FileChange {
  readonly path: string;
  readonly previous: string | undefined;
  readonly status: ChangeStatus;
  /** The blob at head, or at base when the file was removed. */
  readonly oid: string;
  readonly additions: number;
  readonly deletions: number;
  readonly binary: boolean;
  /** Hunks as GitHub shows them: without file headers and the final newline. */
  readonly patch: string | undefined;
}

const STATUS: Readonly<Record<string, ChangeStatus>> = {
  A: 'added',
  D: 'removed',
  M: 'modified',
  R: 'renamed',
  C: 'copied',
  T: 'changed',
};

/** Joins git's three views of one diff: which files, how many lines, and the patches in the same order. */
export function parseChanges(raw: Buffer, numstat: Buffer, patch: Buffer): readonly FileChange[] {
  const files = parseRaw(raw);
  const counts = parseCounts(numstat);
  const sections = patch
    .toString('utf8')
    .split(/^(?=diff --git )/m)
    .filter((section) => section !== '');
  let at = 0;
  return files.map((file, index) => {
    const count = counts[index] ?? { additions: 0, deletions: 0, binary: false };
    // A change of type is written as a removal and an addition.
    const taken = file.status === 'changed' ? 2 : 1;
    const section = sections.slice(at, at + taken).at(-1) ?? '';
    at += taken;
    return { ...file, ...count, patch: count.binary ? undefined : hunkText(section) };
  });
}

function hunkText(section: string): string | undefined {
  const start = /^@@ /m.exec(section);
  return start ? section.slice(start.index).replace(/\n$/, '') : undefined;
}

function parseRaw(raw: Buffer): Pick<FileChange, 'path' | 'previous' | 'status' | 'oid'>[] {
  const parts = records(raw).map((record) => record.toString('utf8'));
  const files: Pick<FileChange, 'path' | 'previous' | 'status' | 'oid'>[] = [];
  for (let at = 0; at < parts.length;) {
    const [, , before = '', after = '', letter = 'M'] = (parts[at] ?? '').split(' ');
    const status = STATUS[letter.slice(0, 1)] ?? 'modified';
    const moved = status === 'renamed' || status === 'copied';
    files.push({
      status,
      path: parts[at + (moved ? 2 : 1)] ?? '',
      previous: moved ? parts[at + 1] : undefined,
      oid: status === 'removed' ? before : after,
    });
    at += moved ? 3 : 2;
  }
  return files;
}

function parseCounts(numstat: Buffer): Pick<FileChange, 'additions' | 'deletions' | 'binary'>[] {
  const parts = records(numstat).map((record) => record.toString('utf8'));
  const counts: Pick<FileChange, 'additions' | 'deletions' | 'binary'>[] = [];
  for (let at = 0; at < parts.length;) {
    const [additions = '0', deletions = '0', path = ''] = (parts[at] ?? '').split('\t');
    counts.push({
      additions: Number(additions) || 0,
      deletions: Number(deletions) || 0,
      binary: additions === '-',
    });
    // A rename has an empty path here and its two names after it.
    at += path === '' ? 3 : 1;
  }
  return counts;
}

export interface HunkLine {
  readonly text: string;
  readonly old: number | undefined;
  readonly new: number | undefined;
  /** Lines after the first hunk header, as the deprecated `position` counts. */
  readonly position: number;
}

export interface Hunk {
  readonly header: string;
  readonly lines: readonly HunkLine[];
}

const HEADER = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/;

export function hunksOf(patch: string): readonly Hunk[] {
  const hunks: { header: string; lines: HunkLine[] }[] = [];
  let [old, fresh] = [0, 0];
  for (const [position, text] of patch.split('\n').entries()) {
    const header = HEADER.exec(text);
    if (header) {
      [old, fresh] = [Number(header[1]), Number(header[2])];
      hunks.push({ header: text, lines: [] });
      continue;
    }
    const sign = text.slice(0, 1);
    if (sign === '\\') continue;
    hunks.at(-1)?.lines.push({
      text,
      old: sign === '+' ? undefined : old,
      new: sign === '-' ? undefined : fresh,
      position,
    });
    if (sign !== '+') old++;
    if (sign !== '-') fresh++;
  }
  return hunks;
}

/** Where a line of the old side is on the new side; nothing when it was changed or removed. */
export function movedLine(patch: string, line: number): number | undefined {
  let offset = 0;
  for (const hunk of hunksOf(patch)) {
    const first = hunk.lines.find((each) => each.old !== undefined)?.old;
    if (first !== undefined && first > line) break;
    const found = hunk.lines.find((each) => each.old === line);
    if (found) return found.new;
    offset += hunk.lines.filter((each) => each.old === undefined).length;
    offset -= hunk.lines.filter((each) => each.new === undefined).length;
  }
  return line + offset;
}
