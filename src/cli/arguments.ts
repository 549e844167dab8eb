import { parseArgs } from 'node:util';
import type { Arguments, Command, OptionSpec } from './command.ts';
import { UsageError } from './command.ts';
import { nearest } from './nearest.ts';

/** Options every command has. */
export const COMMON = {
  help: { type: 'boolean', about: 'Show this help.' },
  version: { type: 'boolean', about: 'Show the version.' },
  debug: { type: 'boolean', about: 'Show the stack of an internal error.' },
} as const satisfies Readonly<Record<string, OptionSpec>>;

/** argv → values. Throws `UsageError` that names the wrong option and the nearest right one. */
export function parseArguments(command: Command, argv: readonly string[]): Arguments {
  const known = { ...COMMON, ...command.options };
  const options = Object.fromEntries(
    Object.entries<OptionSpec>(known).map(([name, { type, multiple = false }]) => [name, { type, multiple }]),
  );
  rejectUnknown(argv, options);
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options,
      allowPositionals: true,
      strict: true,
    });
    if (positionals.length > command.positionals)
      throw new UsageError(
        `\`${command.name}\` does not take the argument ${JSON.stringify(positionals[command.positionals])}.`,
      );
    return { ...split(values), positionals };
  } catch (error) {
    if (!isParseError(error)) throw error;
    // Node's own sentences ("Option '--base <value>' argument missing") are good; only their tail talks about syntax.
    throw new UsageError(error.message.split(/\. |\n/)[0]?.replace(/\.?$/, '.') ?? error.message);
  }
}

/** What may be given again is a list even when it is given once. */
function split(
  given: Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>,
): Pick<Arguments, 'values' | 'lists'> {
  const values: Record<string, string | boolean | undefined> = {};
  const lists: Record<string, readonly string[]> = {};
  for (const [name, value] of Object.entries(given))
    if (typeof value === 'object') lists[name] = value.map(String);
    else values[name] = value;
  return { values, lists };
}

function isParseError(error: unknown): error is { readonly message: string } {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    String(error.code).startsWith('ERR_PARSE_ARGS')
  );
}

function rejectUnknown(
  argv: readonly string[],
  options: Record<string, { type: 'string' | 'boolean' }>,
): void {
  const { tokens } = parseArgs({
    args: [...argv],
    options,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind !== 'option' || Object.hasOwn(options, token.name)) continue;
    const like = nearest(token.name, Object.keys(options));
    throw new UsageError(`There is no option ${token.rawName}.${like ? ` Did you mean --${like}?` : ''}`);
  }
}

/** Help of one command. */
export function helpOf(command: Command): string {
  const options: Readonly<Record<string, OptionSpec>> = { ...command.options, ...COMMON };
  const rows = Object.entries(options).map(([name, spec]) => {
    const value = spec.value ? ` ${spec.value}` : '';
    return [`--${name}${value}`, spec.about] as const;
  });
  const left = Math.max(...rows.map(([option]) => option.length));
  return [
    `Usage: threatgate ${command.name} ${command.usage}`.trimEnd(),
    '',
    ...command.about,
    '',
    'Options:',
    ...rows.map(([option, about]) => `  ${option.padEnd(left)}  ${about}`),
    '',
  ].join('\n');
}
