import type { CheckRunText } from '../core/report/read-check-run-text.ts';
import type { MergedPullRequest, BranchMove, Remembered } from '../github/remembered.ts';
import type { Hosting, PullRequestState } from '../review/hosting.ts';
import type { RepositoryRef } from '../review/work.ts';

/** What a gate said about a commit, as GitHub still has it. Whose word it is was decided by GitHub, and not by what it says. */
export interface Sighting {
  /** `check run 57`. */
  readonly where: string;
  readonly head: string;
  /** `pull/12` or `group`. */
  readonly subject: string;
  readonly conclusion: string | undefined;
  /** When it came to say what it says now; what it said before is gone. */
  readonly completedAt: string | undefined;
  /** Delta digest that it stands for. */
  readonly digest: string | undefined;
  readonly told: CheckRunText | undefined;
  /** Why nothing of its text is believed; undefined when it is. */
  readonly why: string | undefined;
}

export interface Sightings {
  readonly found: readonly Sighting[];
  /** It became known only now who the gate is, so that its comments were not told from those of others before. */
  readonly learned: boolean;
}

/** A repository as GitHub remembers it, to whoever asks and from whichever gate there was. */
export interface Past {
  /** Which gate's words are believed, for the record: `the App 1234`. */
  readonly gate: string;
  readonly hosting: Hosting;
  about(name: string): Promise<{ readonly repository: RepositoryRef; readonly defaultBranch: string }>;
  /** Merged at or after an instant, oldest first. */
  merged(repository: RepositoryRef, from: string): Promise<Remembered<MergedPullRequest>>;
  /** Newest first; undefined where it may not be read. */
  activity(repository: RepositoryRef, branch: string): Promise<Remembered<BranchMove> | undefined>;
  /** What the gate said about these commits of a pull request; of its merge commit, about the group that it was. */
  sightings(state: PullRequestState, commits: readonly string[]): Promise<Sightings>;
  /** Sentences about what this source never shows, whatever the repository. */
  readonly missing: readonly string[];
}
