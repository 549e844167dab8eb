import type { Question } from '../../reconcile/reconcile.ts';
import { EXIT, UsageError, type Arguments, type Command, type Io } from '../command.ts';
import { DATABASE_OPTION, PERIOD_OPTIONS, periodOf } from '../period.ts';

export const command: Command = {
  name: 'reconcile',
  summary:
    'Compare the changes on record with those that GitHub has, and show what is left over on either side.',
  usage: 'OWNER/NAME --from DATE --to DATE [options]',
  about: [
    'Walks a branch on GitHub by first parents, down to a commit that was on record before the period, and compares it',
    'with the merges and pushes on record for that branch. Dates of commits are set by whoever made them: one that is',
    'not on record counts to the period when it misses it by less than a day, or when the records around it say so.',
    'Nothing is changed. The token comes from GITHUB_TOKEN or GH_TOKEN, and needs metadata, contents and pull requests,',
    'all read. GITHUB_API_URL names another GitHub.',
    '',
    '  threatgate reconcile acme/shop --from 2026-01-01 --to 2027-01-01 --database data/threatgate.sqlite',
    '',
    'Exit codes: 0 both sides have the same, 1 something is left over or was not reached, 2 could not be read.',
  ],
  options: {
    ...PERIOD_OPTIONS,
    branch: { type: 'string', value: 'BRANCH', about: 'Branch to compare. Default: the default branch.' },
    database: DATABASE_OPTION,
    json: { type: 'boolean', about: 'Write JSON instead of text, with everything that was compared.' },
    'no-color': { type: 'boolean', about: 'No colours, whatever the terminal can do.' },
  },
  positionals: 1,
  run: async (args, io) => {
    const question = questionOf(args, io);
    const { openToRead, placeOf } = await import('../../audit/read-ledger.ts');
    const { reconcile } = await import('../../reconcile/reconcile.ts');
    const { renderJson, renderTerminal } = await import('../../reconcile/render.ts');
    const ledger = await openToRead(placeOf(text(args.values['database']), process.env, io.cwd));
    try {
      const answer = await reconcile(ledger, question, process.env);
      const colour = io.colour && args.values['no-color'] !== true;
      io.out(
        args.values['json'] === true
          ? renderJson(answer)
          : renderTerminal(answer, { columns: io.columns, colour }),
      );
      return answer.found.whole ? EXIT.pass : EXIT.blocked;
    } finally {
      await ledger.close();
    }
  },
};

function questionOf({ values, positionals }: Arguments, io: Io): Question {
  const [repository] = positionals;
  if (repository === undefined) throw new UsageError('Say which repository, as OWNER/NAME.');
  if (!/^[\w.-]{1,100}\/[\w.-]{1,100}$/.test(repository) || /(?:^|\/)\.{1,2}(?:\/|$)/.test(repository))
    throw new UsageError(`${JSON.stringify(repository)} is not a repository. Write it as OWNER/NAME.`);
  const branch = text(values['branch']);
  if (branch === '') throw new UsageError('--branch wants a name.');
  const period = periodOf({ from: text(values['from']), to: text(values['to']) });
  const now = new Date(io.now()).toISOString();
  if (period.from >= now)
    throw new UsageError(`--from ${period.from} is not in the past: there is nothing to compare.`);
  return { repository, branch, period, now };
}

const text = (value: string | boolean | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;
