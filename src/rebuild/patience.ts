import { RateLimited, Unavailable } from '../review/hosting-errors.ts';

export interface Patience {
  readonly now: () => string;
  readonly wait: (ms: number) => Promise<void>;
  /** Told why nothing seems to happen. */
  readonly tell: (text: string) => void;
}

/** GitHub counts by the hour; what it says of other limits is far shorter. */
const MOST_WAIT_MS = 70 * 60_000;
/** Limits in a row, each waited for as GitHub asked. */
const MOST_LIMITS = 5;
const MOST_UNANSWERED = 4;

/** Waits as long as GitHub asks, and tries again what it did not answer. Reading can be repeated, whatever became of it. */
export async function withPatience<T>(patience: Patience, read: () => Promise<T>): Promise<T> {
  let limits = 0;
  let unanswered = 0;
  for (;;) {
    try {
      return await read();
    } catch (error) {
      if (error instanceof RateLimited && ++limits <= MOST_LIMITS) {
        const ms = Math.max(1_000, Date.parse(error.until) - Date.parse(patience.now()));
        if (!(ms <= MOST_WAIT_MS)) throw error;
        patience.tell(`GitHub’s limit is reached; going on at ${error.until}`);
        await patience.wait(ms);
      } else if (error instanceof Unavailable && ++unanswered < MOST_UNANSWERED) {
        patience.tell(`GitHub did not answer (${error.message}); trying again`);
        await patience.wait(1_000 * 3 ** unanswered);
      } else throw error;
    }
  }
}
