/**
 * The last part of `npm run demo`: what an auditor makes of the records that the App has left. A package with a key of its
 * own, verified; and the pages, where somebody stays to look at them.
 */
import { join } from 'node:path';
import { run } from '../src/cli/run.ts';
import { browse } from '../src/web/browse.ts';

const now = (): string => new Date().toISOString();

/** Writes a package of this year into `dir`, verifies it, and says what there is. */
export async function playAuditor(data: string, dir: string, say: (line: string) => void): Promise<void> {
  const database = join(data, 'threatgate.sqlite');
  const year = new Date().getUTCFullYear();
  const period = ['--from', `${year}-01-01`, '--to', `${year + 1}-01-01`];
  const threatgate = async (...args: readonly string[]): Promise<void> => {
    say(
      `$ threatgate ${args.map((arg) => arg.replace(`${dir}/`, '').replace(database, 'DATABASE')).join(' ')}`,
    );
    const io = { columns: 100, colour: false, cwd: dir, now };
    const code = await run(args, {
      ...io,
      out: (text) => say(text.trimEnd()),
      err: (text) => say(text.trimEnd()),
    });
    if (code !== 0) throw new Error(`\`threatgate ${args[0] ?? ''}\` ended with ${code}.`);
  };
  await threatgate('key', 'new', 'signing.pem');
  await threatgate(
    'evidence',
    ...period,
    '--output',
    'evidence',
    '--database',
    database,
    '--key',
    'signing.pem',
  );
  await threatgate('verify', 'evidence', '--trust', 'signing.pem.pub');
}

/** The pages over the records, until it is told to stop. */
export async function showPages(data: string, port: number, stop: AbortSignal): Promise<void> {
  await browse({
    place: { file: join(data, 'threatgate.sqlite') },
    port,
    apiUrl: 'https://api.github.com',
    now,
    out: () => undefined,
    err: (text) => void process.stderr.write(text),
    stop,
  });
}
