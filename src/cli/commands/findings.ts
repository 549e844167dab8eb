import { resolve } from 'node:path';
import { endOfDay } from '../../core/commands/dates.ts';
import { count } from '../../core/report/outline.ts';
import { terminal } from '../../core/report/escape.ts';
import type { Outcome, Question } from '../../findings/record-findings.ts';
import { SEVERITIES } from '../../findings/severity.ts';
import { EXIT, UsageError, type Arguments, type Command, type Io } from '../command.ts';
import { DATABASE_OPTION } from '../period.ts';
import { REPO_OPTION, repositoryIn } from '../repository.ts';
import { textsOf } from '../values.ts';

export const command: Command = {
  name: 'findings',
  summary: 'Open reviews for what a scanner found on components of the threat model.',
  usage: 'FILE.sarif --repo OWNER/NAME --commit SHA [options]',
  about: [
    'Reads a SARIF report, and finds out which components its results are on: by what the files declare at the commit, by',
    'the mapping of the policy, by paths and names that the model mentions. One review for each component, with all rules',
    'that found something; a finding that was asked about before is not asked about again, wherever its lines are now.',
    'The token in GITHUB_TOKEN or GH_TOKEN needs metadata and contents, both read; its account is on record.',
    '',
    '  threatgate findings codeql.sarif --repo acme/shop --commit "$GITHUB_SHA" --min high --dry-run',
  ],
  options: {
    repo: REPO_OPTION,
    commit: { type: 'string', value: 'SHA', about: 'The commit that was scanned.' },
    min: {
      type: 'string',
      value: 'SEVERITY',
      about: `Least severity: ${SEVERITIES.join(', ')}. Default: high.`,
    },
    owner: { type: 'string', value: 'LOGIN', about: 'Who sees to it, where the model names nobody.' },
    due: {
      type: 'string',
      value: 'DAY',
      about: 'The last day for it, in UTC. Default: `review.grace` of the policy.',
    },
    'dry-run': { type: 'boolean', about: 'Say what would be opened, and record nothing.' },
    database: DATABASE_OPTION,
  },
  positionals: 1,
  run: async (args, io) => {
    const question = questionOf(args, io);
    const { atDesk } = await import('../../upkeep/desk.ts');
    const { recordFindings } = await import('../../findings/record-findings.ts');
    const place = {
      database: textsOf(args)('database'),
      env: process.env,
      cwd: io.cwd,
      now: new Date(io.now()).toISOString(),
    };
    io.out(shown(await atDesk(place, (desk) => recordFindings(question, desk)), question));
    return EXIT.pass;
  },
};

function questionOf(args: Arguments, io: Io): Question {
  const text = textsOf(args);
  const [file] = args.positionals;
  if (file === undefined) throw new UsageError('Say which report: `threatgate findings FILE.sarif`.');
  const commit = text('commit') ?? '';
  if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(commit))
    throw new UsageError('--commit is missing, or no whole id of a commit: 40 digits.');
  const least = SEVERITIES.find((one) => one === (text('min') ?? 'high'));
  if (least === undefined) throw new UsageError(`--min is one of ${SEVERITIES.join(', ')}.`);
  const due = text('due') === undefined ? undefined : endOfDay(text('due') ?? '');
  if (text('due') !== undefined && due === undefined)
    throw new UsageError(`--due ${JSON.stringify(text('due'))} is no day; write it like 2027-01-10.`);
  const owner = text('owner');
  if (owner !== undefined && !/^[a-z\d][a-z\d_-]{0,99}(?:\/[\w.-]{1,100})?$/i.test(owner))
    throw new UsageError(`--owner ${JSON.stringify(owner)} is no login; write it without \`@\`.`);
  return {
    file: resolve(io.cwd, file),
    repository: repositoryIn(text('repo')),
    commit,
    least,
    due,
    owner,
    dryRun: args.values['dry-run'] === true,
  };
}

function shown({ groups, opened, read, milder, known, elsewhere }: Outcome, { dryRun }: Question): string {
  const lines = groups.map(
    ({ component, findings }) =>
      `${terminal(component.name)}  ${count(findings.length, 'finding')}  ${terminal([...new Set(findings.map((f) => f.rule))].slice(0, 5).join(', '))}\n`,
  );
  const rest = [
    ...(milder > 0 ? [`${milder} less severe`] : []),
    ...(known > 0 ? [`${known} asked about before`] : []),
    ...(elsewhere > 0 ? [`${elsewhere} on nothing that is modelled`] : []),
    ...(read.passedOver > 0 ? [`${read.passedOver} passed, suppressed or gone`] : []),
    ...(read.left > 0 ? [`${read.left} beyond the bound, not read`] : []),
  ];
  const verb = dryRun
    ? `${count(groups.length, 'review')} would be opened`
    : `${count(opened.length, 'review')} opened`;
  return `${lines.join('')}${verb}; of ${count(read.findings.length, 'finding')}${rest.length > 0 ? `: ${rest.join(', ')}` : ''}.\n`;
}
