import { count } from '../../core/report/outline.ts';
import { terminal } from '../../core/report/escape.ts';
import type { Followed, FollowedTicket } from '../../upkeep/tickets.ts';
import { EXIT, type Command } from '../command.ts';
import { DATABASE_OPTION } from '../period.ts';
import { REPO_OPTION, repositoryIn } from '../repository.ts';
import { textsOf } from '../values.ts';

export const command: Command = {
  name: 'tickets',
  summary: 'Ask how far the tickets are that answers name, and put on record what changed.',
  usage: '[--repo OWNER/NAME] [options]',
  about: [
    'The service does this by itself, once a day; here it is done now. Issues and pull requests are asked of GitHub, with',
    'the token in GITHUB_TOKEN or GH_TOKEN; tickets such as ABC-1 of Jira, where JIRA_URL and JIRA_TOKEN say so. What is',
    'kept elsewhere cannot be followed, and says so.',
    '',
    '  threatgate tickets --repo acme/shop --database data/threatgate.sqlite',
  ],
  options: {
    repo: { ...REPO_OPTION, about: 'Only of this repository. Default: of all.' },
    database: DATABASE_OPTION,
    json: { type: 'boolean', about: 'Write JSON instead of text.' },
  },
  positionals: 0,
  run: async (args, io) => {
    const text = textsOf(args);
    const repository = text('repo') === undefined ? undefined : repositoryIn(text('repo'));
    const { atDesk } = await import('../../upkeep/desk.ts');
    const { lookAtTickets } = await import('../../upkeep/tickets.ts');
    const place = {
      database: text('database'),
      env: process.env,
      cwd: io.cwd,
      now: new Date(io.now()).toISOString(),
    };
    const followed = await atDesk(place, (desk) => lookAtTickets(repository, desk));
    io.out(args.values['json'] === true ? `${JSON.stringify(followed)}\n` : shown(followed));
    return EXIT.pass;
  },
};

function shown({ tickets, changed, unanswered }: Followed): string {
  const lines = tickets.map(
    (one) => `${terminal(one.repository)}  ${terminal(one.ticket)}  ${stateOf(one)}\n`,
  );
  return [
    ...lines,
    `${count(tickets.length, 'ticket')}, ${count(changed, 'change')} put on record.\n`,
    ...(unanswered > 0 ? [`${count(unanswered, 'ticket')} of Jira gave no answer.\n`] : []),
  ].join('');
}

function stateOf({ state }: FollowedTicket): string {
  if (!state) return 'cannot be followed from here';
  if (state.state === 'absent') return 'not there, or not to be seen';
  const since = state.state === 'closed' ? state.closedAt : state.createdAt;
  const by = state.closedBy === undefined ? '' : ` by ${terminal(state.closedBy)}`;
  return `${state.state}${since === undefined ? '' : ` since ${terminal(since.slice(0, 10))}`}${by}`;
}
