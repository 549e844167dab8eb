import { groundsOf } from '../../core/approval/grounds.ts';
import type { Analysis } from '../../core/assess.ts';
import { unreadableDigest } from './analysis.ts';
import { shownBefore, shownFor, type Claim } from './claims.ts';
import type { Session } from './decisions.ts';

/** What a decision is bound to, or why it is bound to nothing. */
export type Bound =
  | {
      readonly digest: string;
      /** What there was to decide about, where it is still known: with it can be said later what changed since. */
      readonly facts?: readonly string[];
    }
  | { readonly digest?: never; readonly why: string; readonly remedy: string };

const SAY_AGAIN = 'Look at the check as it is now, and say it again.';

const unbound = (why: string): Bound => ({ why, remedy: SAY_AGAIN });

/** The digest that a claim was made about. Nothing is bound to what nobody can have seen. */
export async function bind({ about, at }: Claim, session: Session): Promise<Bound> {
  const { shown } = session;
  switch (about.kind) {
    case 'digest':
      return about.digest !== undefined && shown.some((s) => s.digest === about.digest)
        ? boundTo(about.digest, session)
        : unbound('The button was on a check run that shows nothing of this pull request.');
    case 'instant': {
      const seen = shownBefore(shown, at);
      return seen
        ? boundTo(seen.digest, session)
        : unbound('Nothing had been shown yet when this was written.');
    }
    case 'named': {
      const meant = new Set(shown.map((s) => s.digest).filter((d) => d.startsWith(about.digest)));
      const [digest] = meant;
      return digest !== undefined && meant.size === 1
        ? boundTo(digest, session)
        : unbound(`It names \`${about.digest}\`, which was not shown on this pull request.`);
    }
    case 'unknown':
      return { why: about.why, remedy: about.remedy };
    case 'commit':
      return about.commit === undefined
        ? unbound('The commit that was reviewed is not known any more.')
        : bindCommit(about.commit, at, session);
  }
}

async function bindCommit(commit: string, at: string, session: Session): Promise<Bound> {
  const { shown, state, analysis } = session;
  // A commit can be reviewed although we could not read it then.
  const unread = unreadableDigest(commit);
  const read = shown.filter((s) => s.digest !== unread);
  const seen = shownFor(read, commit, at);
  if (seen) return boundTo(seen.digest, session);
  if (state.baseChangedAt !== undefined && Date.parse(at) <= Date.parse(state.baseChangedAt))
    return unbound('It was given before the pull request was pointed at another base branch.');
  const found = commit === state.head ? analysis : await session.analysisAt(commit);
  return found ? boundToAnalysis(found) : unbound('The commit that was reviewed cannot be read any more.');
}

async function boundTo(digest: string, session: Session): Promise<Bound> {
  if (digest === session.analysis.digest) return boundToAnalysis(session.analysis);
  const verdict = await session.verdictOf(digest);
  return { digest, ...(verdict ? { facts: groundsOf(verdict.facts, verdict.model) } : {}) };
}

function boundToAnalysis({ digest, found }: Analysis): Bound {
  return { digest, facts: groundsOf(found.facts, found.delta) };
}
