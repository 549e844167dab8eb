import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import type { Random } from './random.ts';

/** Something that somebody wants to do to the outside. */
export interface Wish {
  /** Whether whoever wished is there no more. */
  readonly isGone: () => boolean;
  /** How long its process may be held up just before it: until it is done the process does nothing else. */
  readonly mostDelay: number;
}

interface Waiting extends Wish {
  readonly go: () => Promise<void>;
  notBefore: number;
}

/** Turns of the event loop after which whoever goes on has come to its next wish: between two there is only computing. */
const ROUNDS = 2;
const MOST_IDLE = 100_000;

/**
 * Several processes in one, with one thing happening at a time: every call to the outside waits for its turn, and chance
 * chooses whose it is. So two workers meet in every order that there is, and the same seed is the same order again.
 */
export class Turns {
  readonly #random: Random;
  readonly #clock: { at: number };
  readonly #waiting: Waiting[] = [];
  /** How often a process is held up. */
  holdUps = 0;
  /** The probability of it, for each call. */
  chanceOfHoldUp = 0;

  constructor(random: Random, clock: { at: number }) {
    this.#random = random;
    this.#clock = clock;
  }

  take<R>(wish: Wish, call: () => Promise<R>): Promise<R> {
    return new Promise((done, fail) => {
      this.#waiting.push({ ...wish, notBefore: 0, go: () => call().then(done, fail) });
    });
  }

  /** When the next of those that are held up goes on. */
  nextRelease(): number | undefined {
    this.#forgetGone();
    const at = this.#waiting.map((w) => w.notBefore).sort((a, b) => a - b);
    return at[0];
  }

  /** Until everything is done, or everybody who could do something is held up. */
  async run(isDone: () => boolean): Promise<void> {
    for (let idle = 0; idle < MOST_IDLE; idle++) {
      for (let i = 0; i < ROUNDS; i++) await turnOfTheLoop();
      this.#forgetGone();
      const ready = this.#waiting.filter((w) => w.notBefore <= this.#clock.at);
      if (ready.length > 0) {
        await this.#serve(this.#random.pick(ready));
        idle = 0;
      } else if (isDone() || this.#waiting.length > 0) return;
    }
    throw new Error('Somebody waits for something that is no call to the outside.');
  }

  async #serve(next: Waiting): Promise<void> {
    if (next.notBefore === 0 && next.mostDelay > 0 && this.#random.chance(this.chanceOfHoldUp)) {
      this.holdUps++;
      next.notBefore = this.#clock.at + 1 + this.#random.below(next.mostDelay);
      return;
    }
    this.#waiting.splice(this.#waiting.indexOf(next), 1);
    await next.go();
  }

  #forgetGone(): void {
    for (let i = this.#waiting.length - 1; i >= 0; i--)
      if (this.#waiting[i]?.isGone()) this.#waiting.splice(i, 1);
  }
}
