/** The service as a schedule has it: one process or two over one store, which die and are started again. */
import { createGitHub } from '../../src/github/github.ts';
import type { Log } from '../../src/review/deps.ts';
import { keyPair } from '../double/key-pair.ts';
import { fetchOf, receive, workerOf } from '../service/harness.ts';
import { greenWithoutProof } from './invariants.ts';
import { IMMORTAL, lifeOf, type Fate, type Reach } from './life.ts';
import type { Play, Process } from './play.ts';
import type { Random } from './random.ts';

/** Some live on; some die at any call, some with a request that GitHub has carried out. */
function fateOf(random: Random): Fate {
  if (random.chance(0.2)) return IMMORTAL;
  return random.chance(0.6)
    ? { calls: 3 + random.below(120), of: 'everything' }
    : { calls: 1 + random.below(8), of: 'writes' };
}

const reachOf = (input: Parameters<typeof fetch>[0], init?: RequestInit): Reach => {
  const method = init?.method ?? 'GET';
  const url = input instanceof Request ? input.url : String(input);
  return method === 'GET' || url.endsWith('/graphql') ? 'read' : 'write';
};

/** A process starts: with empty caches, and a number of calls that it has left to live. */
export function start(play: Play): Process {
  const { setting, random, turns, variant, log: say } = play;
  const life = lifeOf(play.calm ? IMMORTAL : fateOf(random), random, turns);
  const name = `process ${++play.started}`;
  const write =
    (level: string) =>
    (context: Readonly<Record<string, unknown>>, message: string): void => {
      const { err, ...rest } = context;
      const trace = err instanceof Error ? ` ${err.stack ?? err.message}` : '';
      say(`${name}: ${level} ${message} ${JSON.stringify(rest)}${trace}`);
    };
  const log: Log = { info: write('info'), warn: write('warn'), error: write('error') };
  const hosting = createGitHub({
    appId: setting.app.id,
    privateKey: keyPair().privateKey,
    fetch: life.guardCall(watched(play), reachOf),
    now: () => new Date(setting.clock.at),
    log,
  });
  const store = life.guard(variant.store?.(play.store) ?? play.store);
  const pieces = { setting, store, hosting: variant.hosting?.(hosting) ?? hosting, log };
  return { life, store, work: workerOf(pieces, name), isWorking: false };
}

/** After everything that was written, nothing may be green that must not be: not even for a moment. */
function watched(play: Play): typeof fetch {
  const send = fetchOf(play.setting);
  return async (input, init) => {
    const answer = await send(input, init);
    if (reachOf(input, init) === 'write') play.violations.push(...greenWithoutProof(play));
    return answer;
  };
}

/** A webhook arrives at one of the processes. */
export async function deliver(play: Play, request: Request): Promise<Response> {
  const { setting, random, acknowledged } = play;
  const { life, store } = random.pick(play.processes);
  const guid = request.headers.get('x-github-delivery') ?? '';
  if (life.isOver()) throw new TypeError('fetch failed');
  const answer = receive(request, setting.app, store, new Date(setting.clock.at).toISOString());
  const first = await Promise.race([answer, life.ended]);
  if (first === 'dead') throw new TypeError('fetch failed');
  if (first.status === 202 && (await first.clone().text()) === 'accepted') acknowledged.add(guid);
  return first;
}

/** Delivers and works until nothing is due within the time given; a process that dies is started again. */
export async function turn(play: Play, patienceMs: number): Promise<void> {
  const { clock } = play.setting;
  const until = clock.at + patienceMs;
  for (let rounds = 0; rounds < 3_000; rounds++) {
    if (await round(play)) continue;
    const next = await nextEvent(play);
    if (next === undefined || next > until) return;
    clock.at = Math.max(clock.at, next);
  }
  throw new Error('The schedule does not come to rest.');
}

/** Everybody does what is due now; answers whether there was anything. */
async function round(play: Play): Promise<boolean> {
  const { setting, turns, processes } = play;
  let happened = revive(play);
  if (!play.isDelivering) {
    play.isDelivering = true;
    const order = <T>(due: readonly T[]): readonly T[] => play.random.shuffle(due);
    void setting.gh.deliverPending({ order, rounds: 1 }).then((count) => {
      happened ||= count > 0;
      play.isDelivering = false;
    });
  }
  for (const process of processes.filter((p) => !p.isWorking)) {
    process.isWorking = true;
    void process.work().then(
      (count) => {
        happened ||= count > 0;
        process.isWorking = false;
      },
      (error: unknown) => {
        play.violations.push(`a worker broke: ${String(error)}`);
        process.life.kill();
      },
    );
  }
  await turns.run(() => !play.isDelivering && processes.every((p) => !p.isWorking || p.life.isOver()));
  return happened || processes.some((p) => p.life.isOver());
}

function revive(play: Play): boolean {
  const dead = play.processes.flatMap((p, i) => (p.life.isOver() ? [i] : []));
  for (const i of dead) {
    play.crashes++;
    play.processes[i] = start(play);
  }
  return dead.length > 0;
}

/** When something becomes due next, after nothing was left to do now. */
async function nextEvent({ setting, store, turns }: Play): Promise<number | undefined> {
  const due = await store.queue.nextDue();
  const released = turns.nextRelease();
  const all = [
    ...(due === undefined ? [] : [Date.parse(due)]),
    ...(released === undefined ? [] : [released]),
    ...setting.gh.pending().map((d) => d.dueAt),
  ];
  // What is due already waits for somebody who is held up.
  const next = all.filter((at) => at > setting.clock.at).sort((a, b) => a - b);
  return next[0];
}
