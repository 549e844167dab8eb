/** What follows from a pull request's commits: its files, its commits, and where a line of it is now. */
import { hunksOf, movedLine, type FileChange, type Hunk } from '../git/diff.ts';
import { mergedTree } from '../git/building.ts';
import type { Anchor, PullRequest, Repository, Side } from './nouns.ts';

export interface Compared {
  readonly mergeBase: string;
  readonly files: readonly FileChange[];
}

/** From the merge base to a commit of the pull request, as GitHub shows it. */
export function filesOf(pull: PullRequest, commit = pull.headSha): Compared {
  const { objects } = pull.repository;
  const mergeBase = objects.mergeBase(pull.baseSha, commit);
  // Without common history GitHub compares with the base itself.
  const from = mergeBase ?? pull.baseSha;
  return { mergeBase: from, files: objects.diff(from, commit) };
}

export function commitsOf(pull: PullRequest): readonly string[] {
  return pull.repository.objects.log(pull.baseSha, pull.headSha);
}

/** Whether a commit is one of the pull request's, now or before a force push. */
export function everHad(pull: PullRequest, commit: string): boolean {
  const heads = [pull, ...pull.history.map((past) => past.was)];
  return heads.some((then) => then.headSha === commit || commitsOf(then).includes(commit));
}

export function isMergeable(pull: PullRequest): boolean {
  const tip = tipOf(pull.repository, pull.baseRef);
  return tip !== undefined && mergedTree(pull.repository.objects, tip, pull.headSha) !== undefined;
}

export function tipOf(repository: Repository, branch: string): string | undefined {
  return repository.refs.get(`refs/heads/${branch}`);
}

interface WantedAnchor {
  readonly path: string;
  readonly line: number;
  readonly side: Side;
  readonly startLine?: number | undefined;
  readonly startSide?: Side | undefined;
}

const lineOn = (side: Side, line: Hunk['lines'][number]) => (side === 'LEFT' ? line.old : line.new);

/** The place in the diff that GitHub would hang a comment on; nothing when it would refuse. */
export function anchorAt(files: readonly FileChange[], wanted: WantedAnchor): Anchor | undefined {
  const patch = files.find((file) => file.path === wanted.path)?.patch;
  if (patch === undefined) return undefined;
  const { startLine, startSide = wanted.side } = wanted;
  for (const hunk of hunksOf(patch)) {
    const end = hunk.lines.findIndex((line) => lineOn(wanted.side, line) === wanted.line);
    if (end < 0) continue;
    const start = hunk.lines.findIndex((line) => lineOn(startSide, line) === startLine);
    if (startLine !== undefined && (start < 0 || start >= end)) return undefined;
    return {
      path: wanted.path,
      line: wanted.line,
      side: wanted.side,
      startLine,
      startSide: startLine === undefined ? undefined : startSide,
      position: hunk.lines[end]?.position,
      hunk: [hunk.header, ...hunk.lines.slice(0, end + 1).map((line) => line.text)].join('\n'),
    };
  }
  return undefined;
}

/** The deprecated way to name a line: lines after the first hunk header. */
export function lineAtPosition(
  files: readonly FileChange[],
  path: string,
  position: number,
): { line: number; side: Side } | undefined {
  const patch = files.find((file) => file.path === path)?.patch;
  const found = hunksOf(patch ?? '')
    .flatMap((hunk) => hunk.lines)
    .find((line) => line.position === position);
  if (found?.new !== undefined) return { line: found.new, side: 'RIGHT' };
  return found?.old === undefined ? undefined : { line: found.old, side: 'LEFT' };
}

/** Where a comment is in today's diff; nothing once it is outdated. */
export function anchorNow(pull: PullRequest, commit: string, anchor: Anchor): Anchor | undefined {
  const { files } = filesOf(pull);
  if (anchor.line === undefined) return files.some((file) => file.path === anchor.path) ? anchor : undefined;
  const moved = (line: number, side: Side) =>
    side === 'LEFT' ? line : lineNow(pull, commit, anchor.path, line);
  const line = moved(anchor.line, anchor.side);
  if (line === undefined) return undefined;
  const start =
    anchor.startLine === undefined ? undefined : moved(anchor.startLine, anchor.startSide ?? anchor.side);
  return anchorAt(files, {
    path: anchor.path,
    line,
    side: anchor.side,
    startLine: start,
    startSide: anchor.startSide,
  });
}

function lineNow(pull: PullRequest, commit: string, path: string, line: number): number | undefined {
  if (commit === pull.headSha) return line;
  const change = pull.repository.objects.diff(commit, pull.headSha).find((file) => file.path === path);
  if (!change) return pull.repository.objects.entry(pull.headSha, path) ? line : undefined;
  return change.patch === undefined ? undefined : movedLine(change.patch, line);
}
