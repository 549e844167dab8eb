import { Refused } from '../review/hosting-errors.ts';

/** What a run may be refused, and the line under `permissions:` that grants it. */
const RIGHTS = {
  read: {
    what: 'GitHub did not let the token read the pull request and its files',
    grant: '`contents: read` and `pull-requests: read`',
  },
  comments: { what: 'The questions could not be posted on their lines', grant: '`pull-requests: write`' },
  reaction: { what: 'The command could not be acknowledged', grant: '`pull-requests: write`' },
  rerun: {
    what: 'The check of the pull request could not be run again (a run older than 30 days never can); somebody has to do it by hand',
    grant: '`actions: write`',
  },
} as const;

export type Right = keyof typeof RIGHTS;

export const wordsOf = (right: Right): string =>
  `${RIGHTS[right].what}: under \`permissions:\` add ${RIGHTS[right].grant}.`;

/** Does what the token may, and tells by its return value what it may not. Nothing of it decides anything. */
export async function ifAllowed(right: Right, act: () => Promise<unknown>): Promise<Right | undefined> {
  try {
    await act();
    return undefined;
  } catch (error) {
    if (error instanceof Refused) return right;
    throw error;
  }
}
