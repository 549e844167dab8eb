import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Place } from '../../src/store/place.ts';

/** What a process was told to be stored before it was killed. */
export interface Acknowledged {
  readonly guids: readonly string[];
  /** Sources of records. */
  readonly sources: readonly string[];
}

/** Runs `accept-forever.ts` and kills it `ms` after the first record was acknowledged. */
export async function acknowledgedUntilKilled(place: Place, name: string, ms: number): Promise<Acknowledged> {
  const script = join(import.meta.dirname, 'accept-forever.ts');
  const child = spawn(process.execPath, [script, JSON.stringify(place), name], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  let complaint = '';
  const begun = new Promise<void>((done) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes('\nrecord ')) done();
    });
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  const closed = new Promise<NodeJS.Signals | null>((done) =>
    child.once('close', (_, signal) => done(signal)),
  );
  await Promise.race([begun, closed]);
  await wait(ms);
  child.kill('SIGKILL');
  if ((await closed) !== 'SIGKILL') throw new Error(`It ended by itself: ${complaint}`);
  // The last line may have been cut.
  const lines = said.split('\n').slice(0, -1);
  const after = (word: string): string[] =>
    lines.filter((line) => line.startsWith(word)).map((line) => line.slice(word.length));
  return { guids: after('delivery '), sources: after('record ') };
}
