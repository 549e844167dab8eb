import { resolve } from 'node:path';
import { RETENTION_YEARS } from '../../core/audit/retention.ts';
import { count } from '../../core/report/outline.ts';
import { terminal } from '../../core/report/escape.ts';
import type { Judged } from '../../retention/retention.ts';
import { EXIT, UsageError, type Arguments, type Command, type Io } from '../command.ts';
import { DATABASE_OPTION } from '../period.ts';
import { namesIn, SIGNING_KEY, textsOf } from '../values.ts';
import { openToRecord } from '../../store/open-to-write.ts';
import { placeOf } from '../../store/place.ts';

const MOST_YEARS = 100;

export const command: Command = {
  name: 'retention',
  summary: 'Show what has been kept for long enough, and remove it where that is asked for.',
  usage: '[options]',
  about: [
    `Records are kept for ${RETENTION_YEARS} years at least. A chain is kept whole: one that begins in the middle proves`,
    'nothing. So what can be removed is the chain of a repository that has left the gate, whose newest record is older than',
    'that, and that no legal hold is on (`threatgate hold`). Without --remove nothing is changed.',
    '',
    '  threatgate retention',
    '  threatgate retention --remove --archive removed-2034 --key signing.pem',
    '',
    '--remove first writes a package of all that goes, verifies it, and then takes it away, with a line that stays: which',
    'chain, how long, its last hash, who, when, and the name of the package. That is the account of the token in',
    'GITHUB_TOKEN or GH_TOKEN.',
  ],
  options: {
    years: {
      type: 'string',
      value: 'N',
      about: `How long records are kept at least. Default: ${RETENTION_YEARS}.`,
    },
    repos: { type: 'string', value: 'NAMES', about: 'Repositories, as owner/name,owner/name. Default: all.' },
    remove: { type: 'boolean', about: 'Remove what may be removed.' },
    archive: { type: 'string', value: 'FOLDER', about: 'With --remove: folder for the package.' },
    key: {
      type: 'string',
      value: 'FILE',
      about: `With --remove: Ed25519 private key to sign the package with. Default: ${SIGNING_KEY}.`,
    },
    database: DATABASE_OPTION,
  },
  positionals: 0,
  run: (args, io) => retention(args, io, process.env),
};

async function retention(
  args: Arguments,
  io: Io,
  env: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const text = textsOf(args);
  const years = yearsIn(text('years'));
  const names = namesIn(text('repos'));
  const removes = args.values['remove'] === true;
  const archive = text('archive');
  if (removes && (archive === undefined || archive === ''))
    throw new UsageError('--remove needs --archive FOLDER: what is removed is written there first.');
  const now = new Date(io.now()).toISOString();
  const place = placeOf(text('database'), env, io.cwd);
  const { chosen } = await import('../../retention/holds.ts');
  const { judgeChains } = await import('../../retention/retention.ts');
  const recorder = await openToRecord(place);
  try {
    const chains = await judgeChains(recorder, await chosen(recorder, names), now, years);
    io.out(chains.map(lineOf).join(''));
    const removable = chains.filter(({ fate }) => fate.kind === 'removable');
    if (!removes || removable.length === 0) {
      io.out(
        removable.length === 0 ? 'Nothing may be removed.\n' : 'Remove it with --remove --archive FOLDER.\n',
      );
      return EXIT.pass;
    }
    const { removeWithArchive } = await import('../../retention/remove-with-archive.ts');
    const { whoAsks } = await import('../../retention/who.ts');
    const by = await whoAsks(env, now);
    const { signingKey } = await import('../../audit/keys.ts');
    const key = await signingKey(text('key'), SIGNING_KEY, { env, cwd: io.cwd });
    const folder = resolve(io.cwd, archive ?? '');
    const done = await removeWithArchive({ removable, years, now, by, place, archive: folder, key });
    io.out(
      `Removed ${count(done.removed.length, 'chain')}; all of it is in ${terminal(archive ?? '')}, ${done.digest}.\n`,
    );
    return EXIT.pass;
  } finally {
    await recorder.close();
  }
}

function yearsIn(written: string | undefined): number {
  if (written === undefined) return RETENTION_YEARS;
  const years = Number(written);
  if (/^[1-9]\d{0,2}$/.test(written) && years <= MOST_YEARS) return years;
  throw new UsageError(
    `--years ${JSON.stringify(written)} is not a number of years from 1 to ${MOST_YEARS}.`,
  );
}

function lineOf({ repository, records, firstAt, lastAt, fate }: Judged): string {
  const what = `${repository.name}  ${count(records, 'record')}, ${firstAt.slice(0, 10)} to ${lastAt.slice(0, 10)}`;
  return `${terminal(`${what}  ${fate.kind === 'kept' ? `kept: ${fate.why}` : 'may be removed'}`)}\n`;
}
