import { count } from '../../core/report/outline.ts';
import { terminal } from '../../core/report/escape.ts';
import type { ReviewEntry } from '../../core/audit/reviews.ts';
import { EXIT, UsageError, type Arguments, type Command, type Io } from '../command.ts';
import { DATABASE_OPTION } from '../period.ts';
import { REPO_OPTION, repositoryIn, sentenceIn } from '../repository.ts';
import { textsOf } from '../values.ts';

const LOGIN = /^[a-z\d][a-z\d-]{0,38}$/i;
const MOST_ATTENDEES = 30;

export const command: Command = {
  name: 'review',
  summary: 'List the reviews that are due, or put on record that one was held.',
  usage: 'list|done [REVIEW] [options]',
  about: [
    'Reviews are opened by the schedule of the policy, by incidents and findings, and by what came past the gate. One is',
    'held when somebody who may approve, and who had no part in it, says what came of it: on its issue, after a merge with',
    'an approval, or here, where whoever’s token it is in GITHUB_TOKEN or GH_TOKEN says so. REVIEW is the source or the',
    'number of the record that opened it.',
    '',
    '  threatgate review list --repo acme/shop --overdue',
    '  threatgate review done review/incident/INC-7 --repo acme/shop --statement "The api checks owners now" --with bob',
    '',
    'Exit codes: 0, and 1 of `list` when one is overdue.',
  ],
  options: {
    repo: REPO_OPTION,
    overdue: { type: 'boolean', about: 'With `list`: only those that are overdue.' },
    statement: {
      type: 'string',
      value: 'TEXT',
      about: 'With `done`: what was looked at, and what came of it.',
    },
    with: {
      type: 'string',
      value: 'LOGIN',
      multiple: true,
      about: 'With `done`: who took part; may be given again.',
    },
    database: DATABASE_OPTION,
    json: { type: 'boolean', about: 'With `list`: write JSON instead of text.' },
  },
  positionals: 2,
  run: async (args, io) => {
    const [action, review] = args.positionals;
    if (action === 'list' && review === undefined) return list(args, io);
    if (action === 'done' && review !== undefined) return done(review, args, io);
    throw new UsageError('Say what to do: `review list`, or `review done REVIEW`.');
  },
};

const placeFor = (args: Arguments, io: Io) => ({
  database: textsOf(args)('database'),
  env: process.env,
  cwd: io.cwd,
  now: new Date(io.now()).toISOString(),
});

async function list(args: Arguments, io: Io): Promise<number> {
  const repo = textsOf(args)('repo');
  const repository = repo === undefined ? undefined : repositoryIn(repo);
  const { atDesk } = await import('../../upkeep/desk.ts');
  const { listReviews } = await import('../../upkeep/reviews.ts');
  const all = await atDesk(placeFor(args, io), (desk) => listReviews(repository, desk));
  const open = all.filter((r) => r.state === 'overdue' || r.state === 'due' || r.state === 'no-due-date');
  const chosen = args.values['overdue'] === true ? open.filter((r) => r.state === 'overdue') : open;
  if (args.values['json'] === true) io.out(`${JSON.stringify(chosen)}\n`);
  else
    io.out(
      `${chosen.map(lineOf).join('')}${count(chosen.length, 'review')} ${args.values['overdue'] === true ? 'overdue' : 'to be held'}.\n`,
    );
  return all.some((r) => r.state === 'overdue') ? EXIT.blocked : EXIT.pass;
}

function lineOf(review: ReviewEntry): string {
  const { state, due, repository, source, subject, owner, issue } = review;
  const parts = [
    state,
    due?.slice(0, 10) ?? 'no day',
    repository.name,
    source,
    subject,
    ...(owner === undefined ? [] : [`(${owner})`]),
    ...(issue === undefined ? [] : [`#${issue}`]),
  ];
  return `${parts.map(terminal).join('  ')}\n`;
}

async function done(review: string, args: Arguments, io: Io): Promise<number> {
  const text = textsOf(args);
  const attendees = args.lists?.['with'] ?? [];
  const wrong = attendees.find((login) => !LOGIN.test(login));
  if (wrong !== undefined || attendees.length > MOST_ATTENDEES)
    throw new UsageError(`--with wants logins without \`@\`, at most ${MOST_ATTENDEES} of them.`);
  const held = {
    repository: repositoryIn(text('repo')),
    review,
    statement: sentenceIn('statement', text('statement')),
    attendees,
  };
  const { atDesk } = await import('../../upkeep/desk.ts');
  const { holdReview } = await import('../../upkeep/reviews.ts');
  const record = await atDesk(placeFor(args, io), (desk) => holdReview(held, desk));
  io.out(
    `On record as ${record.sequence} of ${terminal(record.repository.name)}: held by @${terminal(record.actor?.login ?? '')}, ${terminal(record.actor?.role ?? '')}.\n`,
  );
  return EXIT.pass;
}
