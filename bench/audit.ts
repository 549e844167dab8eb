/**
 * What the pages of the audit trail ask, on both engines, of a short trail and of a long one, in turn: times and their ratio.
 * `--records N` (1,000,000), `--rounds N` (40), `--quick` for a trail of 20,000.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { TrailView } from '../src/core/model/view.ts';
import type { Place } from '../src/store/place.ts';
import { openView } from '../src/store/open-view.ts';
import { startPostgres } from '../test/support/postgres.ts';
import { fill, settle } from './audit-databases.ts';
import { QUESTIONS, type Question } from './audit-questions.ts';
import { workOn, type Work } from './audit-work.ts';

const SHORT = 10_000;
/** Milliseconds in which 95 of 100 answers come, and how many times that of the short trail. */
const BOUNDS = { sqlite: 150, postgres: 50 } as const;
const RATIO = 1.5;

const { values } = parseArgs({
  options: {
    records: { type: 'string' },
    rounds: { type: 'string' },
    repeat: { type: 'string' },
    quick: { type: 'boolean' },
  },
});
const long = values.quick === true ? 20_000 : Number(values.records ?? 1_000_000);
const rounds = Number(values.rounds ?? (values.quick === true ? 10 : 40));

type EngineName = keyof typeof BOUNDS;

async function takeAll(engine: EngineName, place: Place, records: number): Promise<TrailView> {
  const view = await openView(place);
  const begin = performance.now();
  let freshness = await view.refresh();
  while (freshness.shown < freshness.recorded) freshness = await view.refresh();
  const seconds = (performance.now() - begin) / 1_000;
  if (freshness.problems.length > 0) throw new Error(JSON.stringify(freshness.problems[0]));
  console.log(
    `${engine}: ${records} records taken in, ${seconds.toFixed(1)} s, ${(records / seconds).toFixed(0)}/s`,
  );
  return view;
}

interface Times {
  readonly p50: number;
  readonly p95: number;
}

/** As the clock on the wall has it, and how much of it processors worked. */
interface Measured {
  readonly wall: Times;
  readonly work: Times;
  /** On the pages that were given, on average. */
  readonly items: number;
}

const timesOf = (all: readonly number[]): Times => {
  const sorted = all.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { p50: at(0.5), p95: at(0.95) };
};

/** A view with its processes. */
interface Asked {
  readonly view: TrailView;
  readonly work: Work;
}

async function measure(question: Question, asked: readonly Asked[]): Promise<readonly Measured[]> {
  const count = question.grows ? Math.min(3, rounds) : rounds;
  const times = asked.map(() => ({ wall: [] as number[], work: [] as number[], items: 0 }));
  for (let n = -3; n < count; n++)
    for (const [i, { view, work }] of asked.entries()) {
      if (n === 0) await work.look();
      const [begin, spent] = [performance.now(), work.spent()];
      const answer = await question.ask(view, Math.abs(n) * 7 + 1);
      const of = times[i];
      if (n < 0 || of === undefined) continue;
      of.wall.push(performance.now() - begin);
      of.work.push(work.spent() - spent);
      of.items += itemsOf(answer) / count;
    }
  return times.map(({ wall, work, items }) => ({ wall: timesOf(wall), work: timesOf(work), items }));
}

const itemsOf = (answer: unknown): number =>
  typeof answer === 'object' && answer !== null && 'items' in answer && Array.isArray(answer.items)
    ? answer.items.length
    : 0;

const ms = (value: number): string => value.toFixed(2).padStart(8);
const both = ({ p50, p95 }: Times): string => `${ms(p50)}${ms(p95)}`;

/**
 * Others use this machine as well: the bounds are held against the work, which is what the clock shows on an idle machine.
 * The ratio is held against it where both answers are about as long: a page that the short trail does not fill takes less.
 */
async function compare(engine: EngineName, asked: readonly Asked[]): Promise<number> {
  let broken = 0;
  for (const question of QUESTIONS) {
    const [small, large] = await measure(question, asked);
    if (!small || !large) continue;
    const ratio = large.work.p50 / small.work.p50;
    const isLonger = large.items > small.items * 1.1;
    const missed = [
      large.work.p95 >= BOUNDS[engine] ? 'p95' : '',
      ratio > RATIO && !isLonger ? 'ratio' : '',
    ].filter(Boolean);
    if (missed.length > 0 && !question.grows) broken++;
    const mark = question.grows
      ? 'grows'
      : missed.length > 0
        ? `BROKEN ${missed.join(' ')}`
        : isLonger
          ? `${small.items.toFixed(0)} and ${large.items.toFixed(0)} items`
          : '';
    console.log(
      `${engine.padEnd(9)}${question.name.padEnd(65)}${both(small.work)}${both(large.work)}${ratio.toFixed(2).padStart(6)} |${both(small.wall)}${both(large.wall)} ${mark}`,
    );
  }
  return broken;
}

const folder = mkdtempSync(join(tmpdir(), 'threatgate-audit-'));
const server = await startPostgres();
const opened: Record<EngineName, Asked[]> = { sqlite: [], postgres: [] };
try {
  const places: Record<EngineName, Place[]> = { sqlite: [], postgres: [] };
  for (const records of [SHORT, long]) {
    const [file, url] = [{ file: join(folder, `${records}.sqlite`) }, { url: await server.createDatabase() }];
    const begin = performance.now();
    await fill([file, url], records);
    console.log(`${records} records written to both, ${((performance.now() - begin) / 1_000).toFixed(1)} s`);
    places.sqlite.push(file);
    places.postgres.push(url);
  }
  const take = async (engine: EngineName): Promise<void> => {
    for (const [i, place] of places[engine].entries()) {
      const view = await takeAll(engine, place, i === 0 ? SHORT : long);
      await settle(place);
      opened[engine].push({ view, work: await workOn(place) });
    }
  };
  await take('sqlite');
  await take('postgres');
  for (let turn = 1; turn <= Number(values.repeat ?? 1); turn++) {
    console.log(
      `\nturn ${turn}, milliseconds of work: ${SHORT} records p50, p95; ${long} records p50, p95; ratio of the p50 | by the clock`,
    );
    let broken = 0;
    for (const engine of ['sqlite', 'postgres'] as const) broken += await compare(engine, opened[engine]);
    console.log(broken === 0 ? 'Every bound is kept.' : `${broken} questions miss a bound.`);
  }
} finally {
  for (const { view, work } of Object.values(opened).flat()) {
    await view.close();
    await work.close();
  }
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
