import { endOfDay } from '../../core/commands/dates.ts';
import { count } from '../../core/report/outline.ts';
import { terminal } from '../../core/report/escape.ts';
import type { Invitation, Place } from '../../web/invitations.ts';
import { EXIT, UsageError, type Arguments, type Command, type Io } from '../command.ts';
import { DATABASE_OPTION } from '../period.ts';
import { textsOf } from '../values.ts';
import { explainMissing, placeOf } from '../../store/place.ts';

export const command: Command = {
  name: 'auditor',
  summary: 'Invite somebody to the pages of the audit trail, for some repositories and until a day.',
  usage: 'invite LOGIN --repos NAMES --until DATE | list | revoke LOGIN',
  about: [
    'Whoever is invited logs in to the pages of the service with GitHub, and sees the audit trail of these repositories',
    'although they cannot read them there. The invitation becomes that of the account which logs in under this name',
    'first, and stays so; --id names the account beforehand. It ends with the day, or when it is revoked, at once.',
    '',
    '  threatgate auditor invite jane --repos acme/shop,acme/site --until 2027-03-01',
    '  threatgate auditor list',
    '  threatgate auditor revoke jane',
  ],
  options: {
    repos: { type: 'string', value: 'NAMES', about: 'Repositories, as owner/name,owner/name.' },
    until: { type: 'string', value: 'DATE', about: 'Last day, in UTC; at most two years from now.' },
    id: { type: 'string', value: 'NUMBER', about: 'Number of the account, as GitHub’s API gives it.' },
    database: DATABASE_OPTION,
  },
  positionals: 2,
  run: async (args, io) => {
    const asked = askedBy(args, io);
    const place = placeOf(textsOf(args)('database'), process.env, io.cwd);
    return ACTIONS[asked.action](asked, place, io);
  },
};

interface Asked {
  readonly action: 'invite' | 'list' | 'revoke';
  readonly login: string;
  readonly account: string | undefined;
  readonly repositories: readonly string[];
  readonly until: string;
}

const MOST_DAYS = 731;
const DAY_MS = 86_400_000;

function askedBy(args: Arguments, io: Io): Asked {
  const [action, login = ''] = args.positionals;
  const nothing = { login: '', account: undefined, repositories: [], until: '' };
  if (action === 'list') {
    if (login !== '') throw new UsageError('`auditor list` takes no login.');
    return { ...nothing, action };
  }
  if (action !== 'invite' && action !== 'revoke')
    throw new UsageError('Say what to do: `auditor invite LOGIN`, `auditor list` or `auditor revoke LOGIN`.');
  if (!/^[a-z\d](?:[a-z\d_-]{0,98}[a-z\d])?$/i.test(login))
    throw new UsageError(`${JSON.stringify(login)} is not a login; write it alone, without @.`);
  if (action === 'revoke') return { ...nothing, action, login };
  return {
    action,
    login,
    account: accountIn(textsOf(args)('id')),
    repositories: repositoriesIn(textsOf(args)('repos')),
    until: untilIn(textsOf(args)('until'), io.now()),
  };
}

function accountIn(id: string | undefined): string | undefined {
  if (id === undefined || /^[1-9]\d{0,14}$/.test(id)) return id;
  throw new UsageError(`--id ${JSON.stringify(id)} is not the number of an account.`);
}

function repositoriesIn(written: string | undefined): readonly string[] {
  const names = (written ?? '').split(',').map((name) => name.trim());
  const wrong = names.find((name) => !/^[^/\s]+\/[^/\s]+$/.test(name));
  if (wrong === undefined) return names;
  throw new UsageError(
    wrong === ''
      ? '--repos is missing: say which repositories, as --repos owner/name,owner/name.'
      : `${JSON.stringify(wrong)} is not a repository; write --repos owner/name,owner/name.`,
  );
}

/** The instant after the last day. */
function untilIn(written: string | undefined, now: string): string {
  if (written === undefined)
    throw new UsageError('--until is missing: an invitation ends. Write it like --until 2027-03-01.');
  const end = endOfDay(written);
  if (end === undefined)
    throw new UsageError(`--until ${JSON.stringify(written)} is not a date; write it like 2027-03-01.`);
  const until = new Date(Date.parse(end) + 1);
  const left = until.getTime() - Date.parse(now);
  if (left <= 0) throw new UsageError(`--until ${written} is over already.`);
  if (left > MOST_DAYS * DAY_MS)
    throw new UsageError(`--until ${written} is more than two years away; invite again when it is over.`);
  return until.toISOString();
}

const pages = () => import('../../web/invitations.ts').catch(explainMissing);

const ACTIONS: Readonly<Record<Asked['action'], (asked: Asked, place: Place, io: Io) => Promise<number>>> = {
  invite: async (asked, place, io) => {
    const { invite } = await pages();
    const made = await invite(place, { ...asked, now: new Date(io.now()).toISOString() });
    io.out(`Invited ${lineOf(made, io.now())}\n`);
    return EXIT.pass;
  },
  list: async (_, place, io) => {
    const { listInvitations } = await pages();
    const all = await listInvitations(place);
    io.out(
      all.length === 0 ? 'Nobody was invited.\n' : all.map((one) => `${lineOf(one, io.now())}\n`).join(''),
    );
    return EXIT.pass;
  },
  revoke: async ({ login }, place, io) => {
    const { revokeInvitations } = await pages();
    const ended = await revokeInvitations(place, login, new Date(io.now()).toISOString());
    io.out(
      ended === 0
        ? `There is no invitation of ${login} that still holds.\n`
        : `Revoked ${count(ended, 'invitation')} of ${login}.\n`,
    );
    return ended === 0 ? EXIT.blocked : EXIT.pass;
  },
};

function lineOf({ login, account, repositories, until, revokedAt }: Invitation, now: string): string {
  const state =
    revokedAt !== undefined
      ? `revoked ${revokedAt}`
      : Date.parse(until) <= Date.parse(now)
        ? `over since ${until}`
        : `until ${until}`;
  const who = account === undefined ? `${login} (has not logged in yet)` : `${login} (account ${account})`;
  return terminal(`${who}: ${repositories.map(({ name }) => name).join(', ')}; ${state}`);
}
