import { terminal } from '../../core/report/escape.ts';
import type { Question } from '../../reconcile/reconcile.ts';
import { EXIT, UsageError, type Arguments, type Command, type Io } from '../command.ts';
import { DATABASE_OPTION, PERIOD_OPTIONS, periodOf } from '../period.ts';
import { textsOf } from '../values.ts';
import { placeOf } from '../../store/place.ts';

export const command: Command = {
  name: 'reconcile',
  summary:
    'Compare the changes on record with those that GitHub has, and show what is left over on either side.',
  usage: '[OWNER/NAME…] --from DATE --to DATE [options]',
  about: [
    'Walks a branch on GitHub by first parents, down to a commit that was on record before the period, and compares it',
    'with the merges and pushes on record for that branch. Dates of commits are set by whoever made them: one that is',
    'not on record counts to the period when it misses it by less than a day, or when the records around it say so.',
    'Nothing is changed, unless --record puts on record that it was compared and what came of it. The token comes from',
    'GITHUB_TOKEN or GH_TOKEN, and needs metadata, contents and pull requests, all read. GITHUB_API_URL names another',
    'GitHub.',
    '',
    '  threatgate reconcile acme/shop --from 2026-01-01 --to 2027-01-01 --database data/threatgate.sqlite',
    '  threatgate reconcile --from 2026-01-01 --to 2027-01-01 --record        every repository with records',
    '',
    'Exit codes: 0 both sides have the same, 1 something is left over or was not reached, 2 could not be read.',
  ],
  options: {
    ...PERIOD_OPTIONS,
    repos: { type: 'string', value: 'NAMES', about: 'Repositories, as owner/name,owner/name.' },
    all: { type: 'boolean', about: 'Every repository that has records; so it is without names, too.' },
    branch: { type: 'string', value: 'BRANCH', about: 'Branch to compare. Default: the default branch.' },
    record: { type: 'boolean', about: 'Add a record that says who compared, and what was left over.' },
    database: DATABASE_OPTION,
    json: {
      type: 'boolean',
      about: 'Write JSON instead of text, with everything that was compared; a line each for several.',
    },
    'no-color': { type: 'boolean', about: 'No colours, whatever the terminal can do.' },
  },
  positionals: 1_000,
  run: async (args, io) => {
    const { names, ...question } = questionOf(args, io);
    const { openToRead } = await import('../../audit/read-ledger.ts');
    const { compareAll } = await import('../../reconcile/compare-all.ts');
    const { renderJson, renderTerminal } = await import('../../reconcile/render.ts');
    const place = placeOf(textsOf(args)('database'), process.env, io.cwd);
    const ledger = await openToRead(place);
    const { answers, failed } = await compareAll(ledger, names, question, process.env).finally(() =>
      ledger.close(),
    );
    if (args.values['record'] === true) {
      const { recordAnswers } = await import('../../reconcile/record.ts');
      await recordAnswers(place, answers, process.env);
    }
    const colour = io.colour && args.values['no-color'] !== true;
    const line = (json: string): string => `${JSON.stringify(JSON.parse(json))}\n`;
    for (const [i, answer] of answers.entries())
      io.out(
        args.values['json'] !== true
          ? `${i === 0 ? '' : '\n'}${renderTerminal(answer, { columns: io.columns, colour })}`
          : answers.length === 1
            ? renderJson(answer)
            : line(renderJson(answer)),
      );
    for (const { name, why, remedy } of failed)
      io.err(`${terminal(`${name}: ${why}`)}\n  ${terminal(remedy)}\n`);
    if (failed.length > 0) return EXIT.unknown;
    return answers.every(({ found }) => found.whole) ? EXIT.pass : EXIT.blocked;
  },
};

/** `names`: undefined for every repository with records. */
function questionOf(
  args: Arguments,
  io: Io,
): Omit<Question, 'repository'> & { readonly names: readonly string[] | undefined } {
  const { values, positionals } = args;
  const text = textsOf(args);
  const names = [...positionals, ...(text('repos')?.split(',') ?? [])].map((name) => name.trim());
  const all = values['all'] === true;
  if (names.length > 0 && all) throw new UsageError('--all has every repository; leave out the names.');
  for (const name of names)
    if (!/^[\w.-]{1,100}\/[\w.-]{1,100}$/.test(name) || /(?:^|\/)\.{1,2}(?:\/|$)/.test(name))
      throw new UsageError(`${JSON.stringify(name)} is not a repository. Write it as OWNER/NAME.`);
  const branch = text('branch');
  if (branch === '') throw new UsageError('--branch wants a name.');
  const period = periodOf({ from: text('from'), to: text('to') });
  const now = new Date(io.now()).toISOString();
  if (period.from >= now)
    throw new UsageError(`--from ${period.from} is not in the past: there is nothing to compare.`);
  return { names: names.length === 0 ? undefined : [...new Set(names)], branch, period, now };
}
