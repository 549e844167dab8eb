import { EXIT, UsageError, type Arguments, type Command, type Io } from '../command.ts';
import { DATABASE_OPTION, instantOption } from '../period.ts';
import type { Question } from '../../rebuild/fill-in.ts';
import { textsOf } from '../values.ts';
import { placeOf } from '../../store/place.ts';

/** GitHub deletes check runs after so long. */
const REMEMBERED_DAYS = 400;

export const command: Command = {
  name: 'backfill',
  summary: 'Fill the audit trail from what GitHub still remembers of the time before, or of a hole in it.',
  usage: 'OWNER/NAME… --app-id N [options]',
  about: [
    'Puts on record what is not: merged pull requests with the verdicts of the App’s check runs, what people said about',
    'them, and what came to guarded branches past them. Records are added at the end of the chain, and marked as filled in,',
    'behind one that says what could not be seen. A verdict is believed only where GitHub says that the App of this',
    'number wrote it; what cannot be shown stays unexplained. Twice is once, and the service may go on meanwhile.',
    'The token comes from GITHUB_TOKEN or GH_TOKEN, and needs metadata, contents, pull requests and checks, all read.',
    '',
    '  threatgate backfill acme/shop --app-id 123456 --database data/threatgate.sqlite --dry-run',
    '',
    'Exit codes: 0 done, 1 more is left than is filled in at once, 2 could not be read or written.',
  ],
  options: {
    'app-id': {
      type: 'string',
      value: 'N',
      about: 'Number of the App whose check runs are believed. Default: APP_ID.',
    },
    from: {
      type: 'string',
      value: 'DATE',
      about: `First day of what is filled in. Default: ${REMEMBERED_DAYS} days ago, when GitHub’s memory ends.`,
    },
    database: DATABASE_OPTION,
    'dry-run': { type: 'boolean', about: 'Say what would be written, and write nothing.' },
  },
  positionals: 1_000,
  run: async (args, io) => {
    const question = questionOf(args, io, process.env);
    const { fillIn } = await import('../../rebuild/fill-in.ts');
    const { renderOutcomes } = await import('../../rebuild/render.ts');
    const place = placeOf(textsOf(args)('database'), process.env, io.cwd);
    const outcomes = await fillIn(place, question, process.env, {
      now: io.now,
      wait: (ms) => new Promise((done) => setTimeout(done, ms)),
      tell: (said) => {
        io.err(`${said}\n`);
      },
    });
    io.out(renderOutcomes(outcomes, question.dryRun));
    return outcomes.every(({ complete }) => complete) ? EXIT.pass : EXIT.blocked;
  },
};

function questionOf(args: Arguments, io: Io, env: Readonly<Record<string, string | undefined>>): Question {
  const { values, positionals } = args;
  const text = textsOf(args);
  if (positionals.length === 0) throw new UsageError('Say which repositories, as OWNER/NAME.');
  const wrong = positionals.find(
    (name) => !/^[\w.-]{1,100}\/[\w.-]{1,100}$/.test(name) || /(?:^|\/)\.{1,2}(?:\/|$)/.test(name),
  );
  if (wrong !== undefined)
    throw new UsageError(`${JSON.stringify(wrong)} is not a repository. Write it as OWNER/NAME.`);
  const app = text('app-id') ?? env['APP_ID']?.trim() ?? '';
  if (!/^[1-9]\d{0,9}$/.test(app))
    throw new UsageError(
      '--app-id is missing, or no number: whose check runs are to be believed. It is on the App’s page of settings.',
    );
  const remembered = new Date(Date.parse(io.now()) - REMEMBERED_DAYS * 86_400_000).toISOString();
  return {
    repositories: [...new Set(positionals)],
    from: instantOption('from', text('from')) ?? remembered,
    appId: Number(app),
    dryRun: values['dry-run'] === true,
  };
}
