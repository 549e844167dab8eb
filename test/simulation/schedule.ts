/**
 * One seeded schedule: people act, GitHub and the network fail, the process dies, and in the end everything heals. What must
 * hold at every moment is checked at every moment; what must hold in the end is checked in the end.
 */
import { createGitHub } from '../../src/github/github.ts';
import type { Log } from '../../src/review/deps.ts';
import type { Store } from '../../src/review/store.ts';
import { RECONCILER } from '../../src/app/reconcile.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { GitStore } from '../double/double.ts';
import { keyPair } from '../double/key-pair.ts';
import type { Faults } from '../double/state/faults.ts';
import { fetchOf, receive, setTheScene, START, workerOf, type Setting } from '../service/harness.ts';
import { violationsInTheEnd, violationsNow } from './invariants.ts';
import { lifeOf, type Life } from './life.ts';
import { actOf, EVERYBODY, nothingTrue, type Cast, type Truth } from './people.ts';
import { randomOf, type Random } from './random.ts';

export interface Report {
  readonly seed: number;
  readonly violations: readonly string[];
  readonly acts: number;
  readonly crashes: number;
  readonly requests: number;
  readonly faults: number;
  readonly acknowledged: number;
  readonly records: number;
}

export interface ScheduleOptions {
  readonly git: GitStore;
  readonly cast?: Cast;
  /** Without: people act, and nothing goes wrong. */
  readonly faulty?: boolean;
  readonly acts?: number;
  /** Told everything that happens: for whoever looks into one seed. */
  readonly trace?: (line: string) => void;
}

const BOUND_MS = 10 * 60_000;
const MINUTE = 60_000;

/** The moving parts of a schedule. */
export interface Play {
  readonly setting: Setting;
  readonly store: Store;
  readonly random: Random;
  readonly truth: Truth;
  /** GUIDs that were answered with 2xx as accepted. */
  readonly acknowledged: Set<string>;
  readonly logged: string[];
  life: Life;
  work: () => Promise<number>;
  crashes: number;
  faults: number;
  calm: boolean;
}

export async function runSchedule(seed: number, options: ScheduleOptions): Promise<Report> {
  const random = randomOf(seed);
  const store = await openStore({ file: ':memory:' });
  const play = begin(store, random, options);
  if (options.trace) traceControl(play, options.trace);
  const violations: string[] = [];
  const acts = options.acts ?? 8 + random.below(14);
  for (let i = 0; i < acts && violations.length === 0; i++) {
    actOf(play.setting, play.truth, random, options.cast ?? EVERYBODY);
    if (random.chance(0.7)) await turn(play, random.below(3) * MINUTE);
    violations.push(...violationsNow(play));
  }
  if (violations.length === 0) {
    await heal(play);
    violations.push(...violationsNow(play), ...(await violationsInTheEnd(play)));
  }
  const records = await store.records({ repository: play.setting.gh.world.repository('acme/shop').id });
  await store.close();
  return {
    seed,
    violations,
    acts,
    crashes: play.crashes,
    requests: play.setting.gh.requests.length,
    faults: play.faults,
    acknowledged: play.acknowledged.size,
    records: records.length,
  };
}

/** What people did, and what the process logged, in order. */
function traceControl(play: Play, trace: (line: string) => void): void {
  const { control } = play.setting.gh;
  const at = (): string => new Date(play.setting.clock.at).toISOString().slice(11, 19);
  for (const [name, call] of Object.entries(control))
    Object.assign(control, {
      [name]: (...args: unknown[]) => {
        trace(`${at()} ${name} ${JSON.stringify(args).slice(0, 300)}`);
        return (call as (...a: unknown[]) => unknown)(...args);
      },
    });
  const push = play.logged.push.bind(play.logged);
  play.logged.push = (...lines) => {
    for (const line of lines) trace(`${at()}   ${line.slice(0, 600)}`);
    return push(...lines);
  };
}

function begin(store: Store, random: Random, options: ScheduleOptions): Play {
  const clock = { at: START };
  const setting: Setting = setTheScene({
    clock,
    git: options.git,
    validate: false,
    deliver: (request) => deliver(play, request),
  });
  const play: Play = {
    setting,
    store,
    random,
    truth: nothingTrue(),
    acknowledged: new Set(),
    logged: [],
    life: lifeOf(Infinity, random),
    work: () => Promise.resolve(0),
    crashes: 0,
    faults: 0,
    calm: options.faulty === false,
  };
  setting.gh.faults = faultsOf(play);
  start(play);
  return play;
}

/** A process starts: with empty caches, and a number of calls that it has left to live. */
function start(play: Play): void {
  const { setting, store, random, logged } = play;
  const life = lifeOf(play.calm || random.chance(0.4) ? Infinity : 3 + random.below(80), random);
  const write =
    (level: string) =>
    (context: Readonly<Record<string, unknown>>, message: string): void => {
      const { err, ...rest } = context;
      logged.push(
        `${level} ${message} ${JSON.stringify(rest)}${err instanceof Error ? ` ${err.stack ?? err.message}` : ''}`,
      );
    };
  const log: Log = { info: write('info'), warn: write('warn'), error: write('error') };
  const hosting = createGitHub({
    appId: setting.app.id,
    privateKey: keyPair().privateKey,
    fetch: life.guardCall(fetchOf(setting)),
    now: () => new Date(setting.clock.at),
    log,
  });
  play.life = life;
  play.work = workerOf({ setting, store: life.guard(store), hosting, log }, `process ${play.crashes}`);
}

async function deliver(play: Play, request: Request): Promise<Response> {
  const { life, store, setting } = play;
  const guid = request.headers.get('x-github-delivery') ?? '';
  if (life.isOver()) throw new TypeError('fetch failed');
  const answer = receive(request, setting.app, life.guard(store), new Date(setting.clock.at).toISOString());
  const first = await Promise.race([answer, life.ended]);
  if (first === 'dead') throw new TypeError('fetch failed');
  if (first.status === 202 && (await first.clone().text()) === 'accepted') play.acknowledged.add(guid);
  return first;
}

function faultsOf(play: Play): Faults {
  const { random } = play;
  const fault = <T>(probability: number, make: () => T): T | undefined => {
    if (play.calm || !random.chance(probability)) return undefined;
    play.faults++;
    return make();
  };
  return {
    request: () =>
      fault(0.05, () =>
        random.chance(0.2)
          ? { answer: 'secondary-limit', when: 'before', retryAfter: 30 + random.below(60) }
          : {
              answer: random.pick([500, 502, 'timeout'] as const),
              when: random.pick(['before', 'after'] as const),
            },
      ),
    lag: () => fault(0.08, () => random.below(15_000)) ?? 0,
    hidePullRequestFor: play.calm ? 0 : random.below(20_000),
    delivery: () =>
      fault(0.3, () => ({
        ...(random.chance(0.4) ? { drop: random.pick(['lost', 'unreachable'] as const) } : {}),
        ...(random.chance(0.4) ? { duplicates: 1 + random.below(2) } : {}),
        ...(random.chance(0.5) ? { delay: random.below(90_000) } : {}),
      })),
  };
}

/** Delivers and works until nothing is due within the time given; a process that dies is started again. */
async function turn(play: Play, patienceMs: number): Promise<void> {
  const { setting, store, random } = play;
  const until = setting.clock.at + patienceMs;
  for (let rounds = 0; rounds < 2_000; rounds++) {
    const delivered = await setting.gh.deliverPending({ order: (due) => random.shuffle(due), rounds: 1 });
    const worked = await Promise.race([play.work(), play.life.ended]);
    if (play.life.isOver()) {
      play.crashes++;
      setting.clock.at += random.below(30_000);
      start(play);
      continue;
    }
    if (delivered > 0 || worked !== 0) continue;
    const next = await nextEvent(setting, store);
    if (next === undefined || next > until) return;
    setting.clock.at = Math.max(setting.clock.at, next);
  }
  throw new Error('The schedule does not come to rest.');
}

async function nextEvent(setting: Setting, store: Store): Promise<number | undefined> {
  const due = await store.queue.nextDue();
  const deliveries = setting.gh.pending().map((d) => d.dueAt);
  const all = [...(due === undefined ? [] : [Date.parse(due)]), ...deliveries];
  return all.length === 0 ? undefined : Math.min(...all);
}

/** Nothing fails any more, and the reconciler makes its rounds for twice its bound. */
async function heal(play: Play): Promise<void> {
  play.calm = true;
  play.setting.gh.faults = {};
  play.life.kill();
  start(play);
  for (let i = 0; i < 4; i++) {
    await play.store.queue.want([RECONCILER], new Date(play.setting.clock.at).toISOString());
    await turn(play, BOUND_MS);
    play.setting.clock.at += BOUND_MS;
  }
  await turn(play, 30 * MINUTE);
}
