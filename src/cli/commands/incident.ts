import { endOfDay } from '../../core/commands/dates.ts';
import { terminal } from '../../core/report/escape.ts';
import type { Incident } from '../../upkeep/incident.ts';
import { EXIT, UsageError, type Arguments, type Command } from '../command.ts';
import { DATABASE_OPTION } from '../period.ts';
import { REPO_OPTION, repositoryIn, sentenceIn } from '../repository.ts';
import { textsOf } from '../values.ts';

export const command: Command = {
  name: 'incident',
  summary: 'Put an incident on record, and open the review of the threat model that follows from it.',
  usage: 'INC-7 --repo OWNER/NAME --due DAY [options]',
  about: [
    'Once for each incident: the same again writes nothing. A change that says `Incident: INC-7` in its pull request is',
    'linked with it, and so is an emergency of that number. With a token in GITHUB_TOKEN or GH_TOKEN its account is on',
    'record as whoever opened it. The service does the same for an issue with the label of incidents.',
    '',
    '  threatgate incident INC-7 --repo acme/shop --component api --owner alice --due 2027-01-10 \\',
    '    --summary "Orders of others could be read" --issue',
  ],
  options: {
    repo: REPO_OPTION,
    component: {
      type: 'string',
      value: 'NAME',
      multiple: true,
      about: 'What it is about, as the threat model calls it; may be given again.',
    },
    owner: {
      type: 'string',
      value: 'LOGIN',
      about: 'Who sees to the review. Default: `review.owners` of the policy.',
    },
    due: { type: 'string', value: 'DAY', about: 'The last day for it, in UTC.' },
    summary: { type: 'string', value: 'TEXT', about: 'What happened, in a sentence.' },
    issue: { type: 'boolean', about: 'Open an issue for it with the token, which needs `issues: write`.' },
    database: DATABASE_OPTION,
  },
  positionals: 1,
  run: async (args, io) => {
    const incident = incidentIn(args);
    const { atDesk } = await import('../../upkeep/desk.ts');
    const { recordIncident } = await import('../../upkeep/incident.ts');
    const place = {
      database: textsOf(args)('database'),
      env: process.env,
      cwd: io.cwd,
      now: new Date(io.now()).toISOString(),
    };
    const { opened, fresh, issue } = await atDesk(place, (desk) => recordIncident(incident, desk));
    const due = (opened.details['due'] as string).slice(0, 10);
    io.out(
      `${fresh ? 'Opened' : 'Was open already:'} the review ${terminal(opened.source)} of ${terminal(opened.repository.name)}, due ${due}.\n`,
    );
    if (issue) io.out(`  ${terminal(issue.url)}\n`);
    return EXIT.pass;
  },
};

/** A number of some kind, as the command of an emergency takes it. */
const INCIDENT = /^(?=\D*\d)[\w#][\w.#:/?=&-]{0,199}$/;
const LOGIN = /^[a-z\d][a-z\d_-]{0,99}(?:\/[\w.-]{1,100})?$/i;
const MOST_COMPONENTS = 20;

function incidentIn(args: Arguments): Incident {
  const text = textsOf(args);
  const [name] = args.positionals;
  if (name === undefined || !INCIDENT.test(name))
    throw new UsageError('Say which incident, by its number: `threatgate incident INC-7`.');
  const [due, owner, summary] = [text('due'), text('owner'), text('summary')];
  const until = due === undefined ? undefined : endOfDay(due);
  if (until === undefined)
    throw new UsageError('--due is missing, or no day; write it like --due 2027-01-10.');
  if (owner !== undefined && !LOGIN.test(owner))
    throw new UsageError(`--owner ${JSON.stringify(owner)} is no login; write it without \`@\`.`);
  const components = (args.lists?.['component'] ?? []).map((each) => sentenceIn('component', each, 200));
  if (components.length > MOST_COMPONENTS)
    throw new UsageError(`--component can be given ${MOST_COMPONENTS} times.`);
  return {
    name,
    repository: repositoryIn(text('repo')),
    components,
    owner,
    due: until,
    summary: summary === undefined ? undefined : sentenceIn('summary', summary),
    issue: args.values['issue'] === true,
  };
}
