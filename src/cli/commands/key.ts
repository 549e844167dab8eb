import { resolve } from 'node:path';
import { terminal } from '../../core/report/escape.ts';
import { EXIT, UsageError, type Arguments, type Command, type Io } from '../command.ts';
import { instantOption } from '../period.ts';

export const command: Command = {
  name: 'key',
  summary:
    'Make the keys that evidence is signed with, follow one with another, and say which is not to be believed.',
  usage: 'new FILE | rotate FILE --after OLD | revoke ID --with FILE --reason TEXT | show [options]',
  about: [
    'Keys are Ed25519. Beside the key lies a history (keys.jsonl) in which each key vouches for the one that follows it. It',
    'holds no secret: publish it, and give it to whoever verifies, who then needs to have been given only one of the keys:',
    'threatgate verify evidence --trust signing.pem.pub --trust keys.jsonl',
    '',
    '  threatgate key new signing.pem --until 2028-01-01',
    '  threatgate key rotate signing-2.pem --after signing.pem',
    '  threatgate key revoke 09d4e9fa47784c4c --with signing-2.pem --reason "The laptop was stolen" --since 2027-05-01',
    '  threatgate key show',
    '',
    'Without --since nothing that a revoked key ever signed counts: whoever has a key can date what it signs as they like.',
  ],
  options: {
    after: { type: 'string', value: 'FILE', about: 'Private key that the new one follows.' },
    with: {
      type: 'string',
      value: 'FILE',
      about: 'Private key that signs: the newest one, or the one itself.',
    },
    from: {
      type: 'string',
      value: 'DATE',
      about: 'From when on the new key is valid, and the old one is not. Default: now.',
    },
    until: { type: 'string', value: 'DATE', about: 'When the new key expires. Default: never.' },
    since: { type: 'string', value: 'DATE', about: 'What the revoked key signed before that day counts.' },
    reason: { type: 'string', value: 'TEXT', about: 'Why it is revoked.' },
    history: {
      type: 'string',
      value: 'FILE',
      about: 'The history. Default: keys.jsonl beside the key, or here.',
    },
  },
  positionals: 2,
  run: async (args, io) => {
    const [action = '', ...rest] = args.positionals;
    const act = ACTIONS[action];
    if (act === undefined) throw new UsageError(`Say what to do: ${Object.keys(ACTIONS).join(', ')}.`);
    const other = Object.keys(args.values).find(
      (name) => name in command.options && !act.options.includes(name),
    );
    if (other !== undefined) throw new UsageError(`\`key ${action}\` does not take --${other}.`);
    io.out(await act.run({ ...given(args), positional: rest[0] }, io));
    return EXIT.pass;
  },
};

interface Given {
  readonly positional: string | undefined;
  readonly text: (name: string) => string | undefined;
  readonly required: (name: string) => string;
}

const given = ({ values }: Arguments): Omit<Given, 'positional'> => {
  const text = (name: string): string | undefined => {
    const value = values[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  return {
    text,
    required: (name) => {
      const value = text(name);
      if (value === undefined) throw new UsageError(`--${name} is missing.`);
      return value;
    },
  };
};

interface Action {
  readonly options: readonly string[];
  readonly run: (given: Given, io: Io) => Promise<string>;
}

const ACTIONS: Readonly<Record<string, Action>> = {
  new: {
    options: ['until', 'history'],
    run: async (given, io) => {
      const { newKey } = await import('../../audit/key-files.ts');
      const { file, shown, ...asked } = await places(given, io);
      const made = await newKey({ ...asked, file, validUntil: instantOption('until', given.text('until')) });
      return `Made the key ${made.keyId}.\n${explained(shown)}`;
    },
  },
  rotate: {
    options: ['after', 'from', 'until', 'history'],
    run: async (given, io) => {
      const { rotateKey } = await import('../../audit/key-files.ts');
      const after = resolve(io.cwd, given.required('after'));
      const { file, shown, ...asked } = await places(given, io, after);
      const made = await rotateKey({
        ...asked,
        file,
        after,
        validFrom: instantOption('from', given.text('from')),
        validUntil: instantOption('until', given.text('until')),
      });
      return `Made the key ${made.keyId}, which follows ${made.replaced}.\n${explained(shown)}  ${terminal(made.history)} says so; publish it\n`;
    },
  },
  revoke: {
    options: ['with', 'since', 'reason', 'history'],
    run: async (given, io) => {
      if (!/^[0-9a-f]{8,64}$/i.test(given.positional ?? ''))
        throw new UsageError('Name the key to revoke by its id, as `threatgate key show` prints it.');
      const { revokeKey } = await import('../../audit/key-files.ts');
      const file = resolve(io.cwd, given.required('with'));
      const made = await revokeKey({
        file,
        history: await historyOf(given, io, file),
        now: io.now(),
        id: given.positional ?? '',
        since: instantOption('since', given.text('since')),
        reason: given.required('reason'),
      });
      return `Key ${made.keyId} is revoked.\n  ${terminal(made.history)} says so; publish it\n`;
    },
  },
  show: {
    options: ['history'],
    run: async (given, io) => {
      if (given.positional !== undefined)
        throw new UsageError('`key show` takes no file but that of --history.');
      const { showKeys } = await import('../../audit/key-files.ts');
      const lines = await showKeys(await historyOf(given, io, resolve(io.cwd, 'key')), io.now());
      return `${lines.map(terminal).join('\n')}\n`;
    },
  },
};

async function historyOf(given: Given, io: Io, key: string): Promise<string> {
  const { historyBeside } = await import('../../audit/key-files.ts');
  const named = given.text('history');
  return named === undefined ? historyBeside(key) : resolve(io.cwd, named);
}

/** The history lies beside the old key where there is one. */
async function places(
  given: Given,
  io: Io,
  after?: string,
): Promise<{
  readonly file: string;
  readonly shown: string;
  readonly history: string;
  readonly now: string;
}> {
  const { positional } = given;
  if (positional === undefined) throw new UsageError('Name the file to write the key to.');
  const file = resolve(io.cwd, positional);
  return { file, shown: positional, history: await historyOf(given, io, after ?? file), now: io.now() };
}

const explained = (file: string): string =>
  `  ${terminal(file)}  signs; keep it where nobody else can read it\n  ${terminal(file)}.pub  verifies; give it to whoever has to trust it\n`;
