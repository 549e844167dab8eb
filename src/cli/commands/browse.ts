import { EXIT, UsageError, type Arguments, type Command } from '../command.ts';
import { DATABASE_OPTION } from '../period.ts';
import { textsOf } from '../values.ts';
import { explainMissing, placeOf } from '../../store/place.ts';

export const command: Command = {
  name: 'browse',
  summary: 'Show the pages of the audit trail on this machine, from a database that is here.',
  usage: '[options]',
  about: [
    'Serves the pages on 127.0.0.1 alone, to whoever is on this machine, without a login: everything in the database is',
    'shown. No record is altered. What the pages are looked up in is kept in tables beside the records, so the database',
    'has to be one that may be written to: a backup that was copied is as good as the database of the service.',
    '',
    '  threatgate browse --database data/threatgate.sqlite',
  ],
  options: {
    database: DATABASE_OPTION,
    port: { type: 'string', value: 'PORT', about: 'Port to listen on; 0 for a free one. Default: 4173.' },
  },
  positionals: 0,
  run: async (args, io) => {
    const port = portOf(args);
    const { browse } = await import('../../web/browse.ts').catch(explainMissing);
    const told = new AbortController();
    const stop = (): void => told.abort();
    process.once('SIGINT', stop).once('SIGTERM', stop);
    const place = placeOf(textsOf(args)('database'), process.env, io.cwd);
    await browse({
      place,
      port,
      apiUrl: process.env['GITHUB_API_URL'] ?? 'https://api.github.com',
      now: io.now,
      out: io.out,
      err: io.err,
      stop: told.signal,
    });
    return EXIT.pass;
  },
};

const DEFAULT_PORT = 4_173;
const MOST_PORT = 65_535;

function portOf(args: Arguments): number {
  const written = textsOf(args)('port');
  if (written === undefined) return DEFAULT_PORT;
  if (/^\d{1,5}$/.test(written) && Number(written) <= MOST_PORT) return Number(written);
  throw new UsageError(
    `--port ${JSON.stringify(written)} is not a port; write a number from 0 to ${MOST_PORT}.`,
  );
}
