import type {
  ListedCommit,
  Missing,
  Reconciliation,
  RecordedChange,
  Unrecorded,
} from '../core/audit/reconciliation.ts';
import type { Account } from '../core/model/account.ts';
import { toJson } from '../core/report/json.ts';
import { count } from '../core/report/outline.ts';
import { paint, prose, title, wrap, type Style, type Terminal } from '../core/report/text.ts';
import { VERSION } from '../core/version.generated.ts';
import { MARGIN_MS, type Answer } from './reconcile.ts';
import { MOST_COMMITS } from './walk.ts';

const WHY_UNRECORDED: Readonly<Record<Unrecorded['likely'], string>> = {
  'before-installed': 'Probably from before the repository came under the gate.',
  'while-away': 'Probably merged or pushed while the gate was away or did not answer.',
  'not-one-by-one':
    'Probably came with the history that was rewritten or pushed at once above it, which is on record as a whole.',
  'merge-not-seen': 'A pull request brought it here, and its merge is not on record.',
  'push-not-seen': 'No pull request brought it here: probably a direct push that was not seen.',
};

const WHY_MISSING: Readonly<Record<Missing['likely'], string>> = {
  'branch-gone': 'The branch is not there any more.',
  'no-commit': 'The record names no commit, and GitHub knows of none on this branch for it.',
  'another-line':
    'The branch has its commit, but not by first parents: the branch itself was merged into something that took its place.',
  rewritten: 'Probably taken away when the history of the branch was rewritten, which is on record.',
  'not-found': 'Probably the history was rewritten while nobody listened, or the branch was replaced.',
};

const grouped = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ',');
const unrecordedOutside = ({ outside }: Reconciliation): number =>
  outside.commits.filter((c) => c.why !== 'on-record').length;

/** For people. Everything foreign in it is escaped. */
export function renderTerminal(answer: Answer, t: Terminal): string {
  const { found, repository, branch, period } = answer;
  const { matched, unrecorded, missing, unreached } = found;
  const commits = new Set(matched.flatMap((m) => m.commits)).size;
  const lines = [
    title(prose(`\`${shortened(repository.name)}\`, branch \`${shortened(branch)}\``, t), t),
    `  ${period.from} to ${period.to}`,
    ...about(answer).flatMap((text) => wrap(t, prose(text, t), '  ')),
    '',
    `${paint(t, 'green', '✓')} ${count(matched.length, 'change')} on record ${matched.length === 1 ? 'is' : 'are'} on the branch (${count(commits, 'commit')})`,
    ...section(t, unrecorded, 'on GitHub, not on record', ({ commit, likely }) => [
      commitLine(commit, branch),
      WHY_UNRECORDED[likely],
    ]),
    ...section(t, missing, 'on record, not on GitHub', ({ change, likely }) => [
      changeLine(change),
      WHY_MISSING[likely],
    ]),
    ...section(t, unreached, 'on record, not compared', (change) => [
      changeLine(change),
      'The walk ended before it was met.',
    ]),
    '',
    verdict(found, t),
  ];
  return `${lines.join('\n')}\n`;
}

const shortened = (name: string): string => name.replaceAll('`', '´').slice(0, 200);

/** How both sides were read. */
function about({ at, period, walk, walked, head, found }: Answer): readonly string[] {
  const ends = {
    record: 'down to one that was on record before the period',
    root: 'down to the first one of all',
    bound: `down to one of ${walk.oldest ?? 'no date'}, where the walk had to end`,
  }[walk.end];
  const rest = unrecordedOutside(found);
  return [
    walk.tip === undefined
      ? `On GitHub: there is no such branch. Asked at ${at}.`
      : `On GitHub: ${count(walked, 'commit')} by first parents from \`${walk.tip.slice(0, 12)}\` ${ends}. Asked at ${at}.`,
    ...(rest > 0
      ? [
          `${count(rest, 'commit')} of these ${rest === 1 ? 'is' : 'are'} neither on record nor of the period, by date or by place; --json lists them.`,
        ]
      : []),
    `On record: ${grouped(head.sequence)} records without a gap, hashes verified, the last is \`${head.hash}\`.`,
    ...(period.to > at
      ? [
          'The period is not over: what happens later is not in it, and the last minutes may not be on record yet.',
        ]
      : []),
  ];
}

const MARK: Style = 'red';

function section<T>(
  t: Terminal,
  entries: readonly T[],
  what: string,
  linesOf: (entry: T) => readonly [head: string, why: string],
): readonly string[] {
  if (entries.length === 0) return [];
  return [
    '',
    `${paint(t, MARK, '✗')} ${grouped(entries.length)} ${what}`,
    ...entries.flatMap((entry) => {
      const [head, why] = linesOf(entry);
      return [...wrap(t, prose(head, t), '  '), ...wrap(t, prose(why, t), '    ')];
    }),
  ];
}

const who = (by: Account | undefined): string =>
  by === undefined ? 'by nobody known' : `by \`@${shortened(by.login)}\``;

function commitLine({ id, at, by, pullRequests }: ListedCommit, branch: string): string {
  const numbers = pullRequests.filter((p) => p.merged && p.base === branch).map((p) => `#${p.number}`);
  return `\`${id.slice(0, 12)}\` ${at} ${who(by)}${numbers.length > 0 ? ` ${numbers.join(', ')}` : ''}`;
}

const changeLine = ({ id, at, by, commit, record }: RecordedChange): string =>
  `\`${shortened(id)}\` ${at} ${who(by)}${commit === undefined ? '' : ` \`${commit.slice(0, 12)}\``} record ${record}`;

function verdict({ whole, unrecorded, missing, unreached }: Reconciliation, t: Terminal): string {
  if (whole) return paint(t, 'green', '✓ Both sides have the same changes');
  const left = unrecorded.length + missing.length;
  const parts = [
    ...(left > 0 ? [`${grouped(left)} left over`] : []),
    ...(unreached.length > 0 ? [`${grouped(unreached.length)} not compared`] : []),
  ];
  const said = parts.length > 0 ? parts.join(', ') : 'What could be compared is the same';
  const bound = unreached.length > 0 || left === 0;
  return paint(
    t,
    'red',
    `✗ ${said}${bound ? '; the walk ended before the beginning of the period was reached for certain' : ''}`,
  );
}

/** For machines: keys sorted, safe to print. */
export const renderJson = (answer: Answer): string => `${toJson(documentOf(answer))}\n`;

/** How many on each side, and what became of them. */
export function countsOf({ found, walked }: Answer) {
  const { matched, unrecorded, missing, unreached, outside } = found;
  return {
    github: {
      commits: walked,
      matched: new Set(matched.flatMap((m) => m.commits)).size,
      unrecorded: unrecorded.length,
      outside: outside.commits.length,
    },
    record: {
      changes: matched.length + missing.length + unreached.length,
      matched: matched.length,
      missing: missing.length,
      unreached: unreached.length,
      outside: outside.changes.length,
    },
  };
}

/** Everything that was compared. */
export function documentOf(answer: Answer) {
  const { found, head, walk, repository, branch, period, at } = answer;
  const { matched, unrecorded, missing, unreached, outside, whole } = found;
  return {
    version: 1,
    tool: { name: 'threatgate', version: VERSION },
    at,
    query: { repository, branch, ...period, timeZone: 'UTC' },
    bounds: { commits: MOST_COMMITS, marginHours: MARGIN_MS / 3_600_000 },
    whole,
    walk: { ...walk, complete: walk.end !== 'bound' },
    records: { gapless: true, verified: true, ...head },
    counts: countsOf(answer),
    matched: matched.map((m) => ({ ...asEntry(m.change), commits: m.commits })),
    unrecorded: unrecorded.map(({ commit, likely }) => ({ ...commit, likely, why: WHY_UNRECORDED[likely] })),
    missing: missing.map((m) => ({ ...asEntry(m.change), likely: m.likely, why: WHY_MISSING[m.likely] })),
    unreached: unreached.map(asEntry),
    outside: { commits: outside.commits, changes: outside.changes.map(asEntry) },
  };
}

const asEntry = ({ id, record, at, pullRequest, commit, by }: RecordedChange) => ({
  id,
  record,
  at,
  pullRequest,
  commit,
  by: by && { id: by.id, login: by.login, kind: by.kind },
});
