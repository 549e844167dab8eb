import type { Sighting } from './past.ts';
import type { Rebuilt } from './merge.ts';
import type { PullRequestState } from '../review/hosting.ts';

/** What one merged pull request leaves open. */
export interface Found {
  readonly state: PullRequestState;
  readonly rebuilt: Rebuilt;
  readonly sightings: readonly Sighting[];
  /** Commits of it that the gate may have said something about, and that were not asked for. */
  readonly unasked: number;
}

/** How each branch could be read. */
export interface BranchRead {
  readonly name: string;
  readonly activity: 'whole' | 'part' | 'unreadable';
  /** False when the walk ended at a bound, so that older commits were not seen. */
  readonly whole: boolean;
}

const MOST_NAMED = 20;

function numbers(found: readonly Found[]): string {
  const named = found.slice(0, MOST_NAMED).map(({ state }) => `#${state.number}`);
  const more = found.length - named.length;
  return `${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** Sentences about what could not be seen of these changes, for the record that stands before them. */
export function missingOf(found: readonly Found[], branches: readonly BranchRead[]): readonly string[] {
  const of = (which: (one: Found) => boolean, say: (names: string) => string): readonly string[] => {
    const some = found.filter(which);
    return some.length === 0 ? [] : [say(numbers(some))];
  };
  return [
    ...of(
      ({ rebuilt }) => rebuilt.missing !== undefined,
      (names) => `Why these were let through: ${names}.`,
    ),
    ...of(
      ({ state }) => state.remarks.some((r) => r.edited),
      (names) => `Comments that were altered later, and so command nothing any more: on ${names}.`,
    ),
    ...of(
      ({ state }) => !state.discussionComplete,
      (names) => `Some of what was said, as there is more than was read: on ${names}.`,
    ),
    ...of(
      ({ unasked }) => unasked > 0,
      (names) => `Verdicts on all but the newest commits: of ${names}.`,
    ),
    ...branches.flatMap(({ name, activity, whole }) => [
      ...(activity === 'whole'
        ? []
        : [
            `Who pushed to ${name}, and when, ${activity === 'part' ? 'in part' : 'as the activity of the repository could not be read'}: the dates of commits are their makers’ word.`,
          ]),
      ...(whole ? [] : [`Commits of ${name} behind the newest that could be listed.`]),
    ]),
  ];
}
