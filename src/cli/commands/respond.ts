import { terminal } from '../../core/report/escape.ts';
import { EXIT, UsageError, type Command } from '../command.ts';
import { DATABASE_OPTION } from '../period.ts';
import { sentenceIn } from '../repository.ts';
import { textsOf } from '../values.ts';

export const command: Command = {
  name: 'respond',
  summary: 'Say of an exception what it came from, what it did, and what is done about it.',
  usage: 'CHANGE --cause TEXT --impact TEXT --response TEXT [options]',
  about: [
    'Names the change as `exceptions.csv` does: owner/name#12, owner/name@branch:commit, or owner/name@record-57, which an',
    'outage is named by, too. What is said later replaces what was said before; all of it stays on record. It is signed by',
    'the account of the token in GITHUB_TOKEN or GH_TOKEN, whoever runs the command.',
    '',
    '  threatgate respond "acme/shop#12" --cause "The queue was set up without the check" \\',
    '    --impact "None: the change was reviewed the next day" --response "The ruleset covers the queue since 3 March"',
  ],
  options: {
    cause: { type: 'string', value: 'TEXT', about: 'Where it came from.' },
    impact: { type: 'string', value: 'TEXT', about: 'What it did, or could have done.' },
    response: { type: 'string', value: 'TEXT', about: 'What is done about it.' },
    database: DATABASE_OPTION,
  },
  positionals: 1,
  run: async (args, io) => {
    const text = textsOf(args);
    const [change] = args.positionals;
    if (change === undefined) throw new UsageError('Say which change, as owner/name#12.');
    const said = {
      change,
      cause: sentenceIn('cause', text('cause')),
      impact: sentenceIn('impact', text('impact')),
      response: sentenceIn('response', text('response')),
    };
    const { atDesk } = await import('../../upkeep/desk.ts');
    const { respond } = await import('../../upkeep/respond.ts');
    const place = {
      database: text('database'),
      env: process.env,
      cwd: io.cwd,
      now: new Date(io.now()).toISOString(),
    };
    const record = await atDesk(place, (desk) => respond(said, desk));
    io.out(
      `On record as ${record.sequence} of ${terminal(record.repository.name)}, said by @${terminal(record.actor?.login ?? '')}.\n`,
    );
    return EXIT.pass;
  },
};
