import { terminal } from '../../core/report/escape.ts';
import { UserError } from '../../review/errors.ts';
import { EXIT, UsageError, type Arguments, type Command, type Io } from '../command.ts';
import { DATABASE_OPTION } from '../period.ts';
import { namesIn, textsOf } from '../values.ts';
import { openToRecord } from '../../store/open-to-write.ts';
import { placeOf } from '../../store/place.ts';

const ACTIONS = ['place', 'release', 'list'] as const;
const MOST_NAME = 100;

export const command: Command = {
  name: 'hold',
  summary: 'Place or release a legal hold: what it holds is not removed, whatever its age.',
  usage: 'place|release|list [NAME] [options]',
  about: [
    'A hold is a record in the chain of each repository, with the person who placed it: the account of the token in',
    'GITHUB_TOKEN or GH_TOKEN. `threatgate retention` removes nothing that is held.',
    '',
    '  threatgate hold place case-2026-7 --repos acme/shop --reason "Request of the regulator of 3 March"',
    '  threatgate hold release case-2026-7 --reason "Closed on 9 May"',
    '  threatgate hold list',
  ],
  options: {
    repos: { type: 'string', value: 'NAMES', about: 'Repositories, as owner/name,owner/name. Default: all.' },
    reason: { type: 'string', value: 'TEXT', about: 'Why; it stands in the record.' },
    database: DATABASE_OPTION,
  },
  positionals: 2,
  run: (args, io) => hold(args, io, process.env),
};

async function hold(
  args: Arguments,
  io: Io,
  env: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const text = textsOf(args);
  const [written, name] = args.positionals;
  const action = ACTIONS.find((each) => each === written);
  if (action === undefined)
    throw new UsageError('Say what to do: `hold place NAME`, `hold release NAME` or `hold list`.');
  const wanted = action === 'list' ? undefined : wantedOf(name, text('reason'));
  const repositories = namesIn(text('repos'));
  const { changeHold, standingHolds } = await import('../../retention/holds.ts');
  const at = new Date(io.now()).toISOString();
  const { whoAsks } = await import('../../retention/who.ts');
  const by = wanted && (await whoAsks(env, at));
  const recorder = await openToRecord(placeOf(text('database'), env, io.cwd));
  try {
    if (action === 'list' || wanted === undefined || by === undefined) {
      const holds = await standingHolds(recorder);
      io.out(holds.length === 0 ? 'There is no legal hold.\n' : holds.map(lineOf).join(''));
      return EXIT.pass;
    }
    const changed = await changeHold(recorder, { ...wanted, action, repositories, by, at });
    if (changed.length === 0)
      throw new UserError(
        action === 'place'
          ? `The hold ${JSON.stringify(wanted.name)} stands already on every repository that was named.`
          : `There is no hold ${JSON.stringify(wanted.name)} to release.`,
        'See `threatgate hold list`.',
      );
    io.out(`${action === 'place' ? 'Placed' : 'Released'} on ${changed.map(terminal).join(', ')}.\n`);
    return EXIT.pass;
  } finally {
    await recorder.close();
  }
}

function wantedOf(name: string | undefined, reason: string | undefined): { name: string; reason: string } {
  if (name === undefined || !new RegExp(`^[\\w.:-]{1,${MOST_NAME}}$`).test(name))
    throw new UsageError(
      `A hold needs a name of letters, digits, dots, colons and dashes, at most ${MOST_NAME} of them: \`hold place case-2026-7\`.`,
    );
  if (reason === undefined || reason.trim() === '' || reason.length > 2_000)
    throw new UsageError(
      '--reason is missing, or longer than 2,000 characters: it is what an auditor reads.',
    );
  return { name, reason: reason.trim() };
}

function lineOf(hold: {
  repository: string;
  name: string;
  since: string;
  reason: string;
  by?: { login: string } | undefined;
}): string {
  const by = hold.by ? ` by @${hold.by.login}` : '';
  return terminal(`${hold.repository}  ${hold.name}  since ${hold.since}${by}: ${hold.reason}`).concat('\n');
}
