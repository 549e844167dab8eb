/**
 * One seeded schedule: people act, GitHub and the network fail, processes die or stand still, and in the end everything
 * heals. What must hold at every moment is checked at every moment; what must hold in the end is checked in the end.
 */
import { RECONCILER } from '../../src/app/reconcile.ts';
import { loadParsers } from '../../src/runtime/load-parsers.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { GitStore } from '../double/double.ts';
import { setTheScene, START } from '../service/harness.ts';
import { violationsInTheEnd } from './ending.ts';
import { faultsOf } from './faults.ts';
import { violationsNow } from './invariants.ts';
import { actOf, furnish } from './people.ts';
import type { Play, Theme, Variant } from './play.ts';
import { deliver, start, turn } from './processes.ts';
import { randomOf } from './random.ts';
import { nothingTrue, REPO } from './truth.ts';
import { Turns } from './turns.ts';

export interface Report {
  readonly seed: number;
  readonly violations: readonly string[];
  readonly acts: number;
  readonly crashes: number;
  readonly holdUps: number;
  readonly requests: number;
  readonly faults: number;
  readonly acknowledged: number;
  readonly records: number;
}

export interface ScheduleOptions {
  readonly git: GitStore;
  /** Without: people act, and nothing goes wrong. */
  readonly faulty?: boolean;
  readonly variant?: Variant;
  readonly theme?: Theme;
  /** Told everything that happens: for whoever looks into one seed. */
  readonly trace?: (line: string) => void;
}

const BOUND_MS = 10 * 60_000;
const MINUTE = 60_000;

export async function runSchedule(seed: number, options: ScheduleOptions): Promise<Report> {
  // Reads files: everything after it happens in the order of the schedule alone.
  await loadParsers();
  const play = await begin(seed, options);
  const { random, setting, store, violations } = play;
  const acts = 10 + random.below(20);
  for (let i = 0; i < acts && violations.length === 0; i++) {
    actOf(play);
    if (random.chance(0.15)) await wantRound(play);
    if (random.chance(0.7)) await turn(play, random.below(3) * MINUTE);
    violations.push(...violationsNow(play));
  }
  if (violations.length === 0) {
    await heal(play);
    violations.push(...violationsNow(play), ...(await violationsInTheEnd(play)));
  }
  const records = await store.records({ repository: setting.gh.world.repository(REPO).id });
  await store.close();
  return {
    seed,
    violations: [...new Set(violations)],
    acts,
    crashes: play.crashes,
    holdUps: play.turns.holdUps,
    requests: setting.gh.requests.length,
    faults: play.faults,
    acknowledged: play.acknowledged.size,
    records: records.length,
  };
}

async function begin(seed: number, options: ScheduleOptions): Promise<Play> {
  const clock = { at: START };
  const random = randomOf(seed);
  const setting = setTheScene({
    clock,
    git: options.git,
    validate: false,
    deliver: (request) => deliver(play, request),
  });
  furnish(setting);
  const play: Play = {
    setting,
    store: await openStore({ file: ':memory:' }),
    random,
    turns: new Turns(random, clock),
    // Mostly the service has seen the repository before anything happens there; what comes earlier is history.
    truth: nothingTrue(START, random.chance(0.8)),
    variant: options.variant ?? {},
    theme: options.theme ?? {},
    acknowledged: new Set(),
    violations: [],
    log: () => undefined,
    processes: [],
    isDelivering: false,
    started: 0,
    crashes: 0,
    faults: 0,
    calm: true,
    ...(options.trace ? traced(setting, options.trace) : {}),
  };
  setting.gh.faults = faultsOf(play);
  const workers = random.chance(0.4) ? 1 : 2;
  for (let i = 0; i < workers; i++) play.processes.push(start(play));
  if (play.truth.isAccountedFor) await turn(play, MINUTE);
  if (options.faulty === false) return play;
  play.calm = false;
  play.turns.chanceOfHoldUp = play.theme.holdUps ?? random.pick([0, 0, 0.004, 0.02]);
  for (const process of play.processes) process.life.kill();
  play.crashes -= workers;
  return play;
}

/** What people do, what the service asks of GitHub, and what it logs, in order. */
function traced({ gh, clock }: Play['setting'], trace: (line: string) => void): Pick<Play, 'log'> {
  const log = (line: string): void =>
    trace(`${new Date(clock.at).toISOString().slice(11, 23)} ${line.slice(0, 800)}`);
  for (const [name, call] of Object.entries(gh.control))
    Object.assign(gh.control, {
      [name]: (...args: unknown[]) => {
        log(`${name} ${JSON.stringify(args).slice(0, 300)}`);
        return (call as (...a: unknown[]) => unknown)(...args);
      },
    });
  const push = gh.requests.push.bind(gh.requests);
  gh.requests.push = (...requests) => {
    for (const r of requests) log(`  ${r.status} ${r.route} ${r.path}`);
    return push(...requests);
  };
  return { log };
}

const wantRound = ({ store, setting }: Play): Promise<void> =>
  store.queue.want([RECONCILER], new Date(setting.clock.at).toISOString());

/** Nothing fails any more, and the reconciler makes its rounds for twice its bound. */
async function heal(play: Play): Promise<void> {
  play.calm = true;
  play.setting.gh.faults = {};
  play.turns.chanceOfHoldUp = 0;
  for (const process of play.processes) process.life.kill();
  play.crashes -= play.processes.length;
  for (let i = 0; i < 4; i++) {
    await wantRound(play);
    await turn(play, BOUND_MS);
    play.setting.clock.at += BOUND_MS;
  }
  await turn(play, 30 * MINUTE);
}
