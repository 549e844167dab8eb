import type { Period } from '../../core/model/audit.ts';
import { bad, good, quoted, type Field, type Fields, type Read } from '../query.ts';
import { SAMPLE } from '../query-fields.ts';
import { periodField } from '../query-time.ts';

export interface AskedPackage {
  readonly period: Period;
  /** Names; none of them stands for all that the viewer may see. */
  readonly repositories: readonly string[];
  readonly sample: { readonly size: number; readonly seed: string } | undefined;
}

export const EXPORTS_PATH = '/exports';
const MOST_REPOSITORIES = 500;

export const packageFields = (now: string): Fields<AskedPackage> => ({
  period: periodField(now),
  repositories: REPOSITORIES,
  sample: SAMPLE,
});

/** Names with commas, spaces or line ends between them, as people paste them. */
const REPOSITORIES: Field<readonly string[]> = {
  names: ['repositories'],
  read: (given): Read<readonly string[]> => {
    const names = [...new Set(given('repositories').flatMap((text) => text.split(/[\s,;]+/)))].filter(
      (name) => name !== '',
    );
    const wrong = names.find((name) => name.length > 140 || !/^[\w.-]+\/[\w.-]+$/.test(name));
    if (wrong !== undefined)
      return bad(
        'repositories',
        `${quoted(wrong)} is not the name of a repository. Write them like acme/shop, acme/till.`,
      );
    return names.length > MOST_REPOSITORIES
      ? bad(
          'repositories',
          `These are ${names.length} repositories, and at most ${MOST_REPOSITORIES} can be named. Leave the field empty for all of them.`,
        )
      : good(names);
  },
  write: (names) => (names.length === 0 ? [] : [['repositories', names.join(', ')]]),
};
