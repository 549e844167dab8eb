import type { Analysis } from '../../core/assess.ts';
import type { AuditRecord } from '../../core/model/record.ts';
import { NotThere } from '../hosting-errors.ts';
import type { Remark } from '../hosting.ts';
import type { CheckRow, CommentRow } from '../store.ts';
import { analysisOf } from './analysis.ts';
import { adopt } from './adopt.ts';
import { answer } from './answers.ts';
import { claimsOf, type Claim } from './claims.ts';
import { rowOf, type Look } from './context.ts';
import { decide } from './decisions.ts';
import { dependentsOf } from './dependents.ts';
import { endingsOf } from './endings.ts';
import type { Linked } from './linked.ts';
import type { Memory } from './memory.ts';
import { subjectOf } from './subject.ts';
import { sessionOf } from './session.ts';

/** What was found out about the change. */
export interface Findings {
  readonly base: string;
  readonly analysis: Analysis;
  /** Undefined when that could not be found out. */
  readonly linked?: Linked;
  /** Why there is nothing better to show; thrown once it is shown, so that it is tried again. */
  readonly error?: Error;
}

export interface Heard {
  /** Everything on record about what people said, with what came now. */
  readonly records: readonly AuditRecord[];
  /** What came now. */
  readonly fresh: readonly AuditRecord[];
  /** Remarks that asked for a look or for help, and get one. */
  readonly obeyed: readonly Remark[];
  readonly memory: Memory;
}

/** Makes records of what people said since the last look, in one transaction with the signals it came from. */
export async function hear(look: Look, { analysis, linked, error }: Findings): Promise<Heard> {
  const { state, deps, lease, signals } = look;
  const { store } = deps;
  const past = await store.records({ repository: state.repository.id, pullRequest: state.number });
  const now = deps.now();
  const session = await sessionOf(look, analysis, past, (commit) => analysisAt(commit, look, linked));
  const claims = claimsOf(state, signals).filter((c) => error === undefined || isUrgent(c));
  const rows = await store.comments(state.repository.id, state.number);
  const comments = adopt(rows, state.ownComments, signals);
  const answers = error === undefined ? await answersIn(look, analysis, comments, past, now) : [];
  const drafts = [...answers, ...(await decide(claims, past, session))];
  const endings = error === undefined ? await endingsOf(past, drafts, session) : [];
  const obeyed = obey(claims, session.memory(), state.head);
  const fresh = await store.apply(
    lease,
    {
      records: [...drafts, ...endings],
      // What was not heard now waits until there is something to judge it by.
      handled: error === undefined ? signals.map((s) => s.id) : [],
      pullRequest: rowOf(look, obeyed.memory, linked),
      checks: await wantedAgain(look),
      comments: comments.filter((row, i) => row.comment !== rows[i]?.comment),
      want: await dependentsOf(look),
    },
    now,
  );
  return { records: [...past, ...fresh], fresh, obeyed: obeyed.remarks, memory: obeyed.memory };
}

/** While the change cannot be read nobody can approve it, but an emergency does not wait for GitHub. */
const isUrgent = ({ command }: Claim): boolean => command.kind === 'emergency' || command.kind === 'revoke';

function answersIn(
  { state, hosting, signals }: Look,
  analysis: Analysis,
  comments: readonly CommentRow[],
  past: readonly AuditRecord[],
  now: string,
): ReturnType<typeof answer> {
  const { questions } = analysis.found.requirement;
  return answer(signals, past, { state, questions, comments, hosting, now });
}

/**
 * GitHub takes a suite that somebody had run again for unfinished until its run is written anew, so what was written is
 * forgotten, in the transaction that forgets who asked.
 */
async function wantedAgain({ state, deps, signals }: Look): Promise<readonly CheckRow[]> {
  const isWanted = signals.some(({ signal }) => signal.kind === 'rerequested' && signal.head === state.head);
  if (!isWanted) return [];
  const rows = await deps.store.checks(state.repository.id, state.head);
  return rows
    .filter((row) => row.subject === subjectOf(state.number) && row.run !== undefined)
    .map((row) => ({ ...row, written: '' }));
}

/** `recheck` and `help` leave no record: they are obeyed once and then remembered. */
function obey(
  claims: readonly Claim[],
  memory: Memory,
  head: string,
): { readonly remarks: readonly Remark[]; readonly memory: Memory } {
  const fresh = claims.filter(
    (c) => (c.command.kind === 'recheck' || c.command.kind === 'help') && !memory.heard.includes(c.source),
  );
  const help = fresh.findLast((c) => c.command.kind === 'help');
  return {
    remarks: fresh.flatMap((c) => c.remark ?? []),
    memory: {
      ...memory,
      heard: [...memory.heard, ...fresh.map((c) => c.source)],
      ...(help ? { help: { account: help.by, head } } : {}),
    },
  };
}

/** A commit that was reviewed but never evaluated, by today's rules. */
async function analysisAt(
  commit: string,
  look: Look,
  linked: Linked | undefined,
): Promise<Analysis | undefined> {
  const { state, reading, hosting, deps } = look;
  if (!linked) return undefined;
  try {
    const base = await hosting.repository(state.repository).mergeBase(state.base, commit);
    return await analysisOf(state, { base, head: commit, reading, linked }, hosting, deps);
  } catch (error) {
    if (error instanceof NotThere) return undefined;
    throw error;
  }
}
