import type { Store } from '../../src/review/store.ts';
import type { AppHosting } from '../../src/review/hosting.ts';
import type { Setting } from '../service/harness.ts';
import type { Life } from './life.ts';
import type { Random } from './random.ts';
import type { CHANGES } from '../service/shop.ts';
import type { Truth } from './truth.ts';
import type { Turns } from './turns.ts';

export type Change = keyof typeof CHANGES;

/** A service that is not the real one: somebody lies to it, or forgets what it is told. */
export interface Variant {
  readonly store?: (store: Store) => Store;
  readonly hosting?: (hosting: AppHosting) => AppHosting;
}

/** What a schedule is about: everything happens in every one, but some things more often. */
export interface Theme {
  /** How many times as often an act comes, by its name. */
  readonly acts?: Readonly<Record<string, number>>;
  /** What changes are, who speaks, and who pushes what Bob has opened. */
  readonly changes?: readonly Change[];
  readonly speakers?: readonly string[];
  readonly pushers?: readonly string[];
  /** Probability that a write is carried out and its answer lost, beyond the usual faults. */
  readonly loss?: number;
  /** Probability that a read sees the past. */
  readonly lag?: number;
  /** Probability that a process is held up, for each of its calls. */
  readonly holdUps?: number;
}

/** One process of the service, from its start to its end. */
export interface Process {
  readonly life: Life;
  readonly store: Store;
  readonly work: () => Promise<number>;
  isWorking: boolean;
}

/** The moving parts of a schedule. */
export interface Play {
  readonly setting: Setting;
  readonly store: Store;
  readonly random: Random;
  readonly turns: Turns;
  readonly truth: Truth;
  readonly variant: Variant;
  readonly theme: Theme;
  /** GUIDs that were answered with 2xx as accepted. */
  readonly acknowledged: Set<string>;
  /** What was wrong at some moment. */
  readonly violations: string[];
  readonly log: (line: string) => void;
  readonly processes: Process[];
  isDelivering: boolean;
  started: number;
  crashes: number;
  faults: number;
  /** Nothing fails any more. */
  calm: boolean;
}
