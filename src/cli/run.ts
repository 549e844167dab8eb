import { UserError } from '../review/errors.ts';
import { terminal } from '../core/report/escape.ts';
import { VERSION } from '../core/version.generated.ts';
import { helpOf, parseArguments } from './arguments.ts';
import { EXIT, UsageError, type Io } from './command.ts';
import { commands } from './commands/index.generated.ts';
import { nearest } from './nearest.ts';

/** argv (without node and script) → exit code. Never throws. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  try {
    return await dispatch(argv, io);
  } catch (error) {
    return report(error, argv, io);
  }
}

async function dispatch(argv: readonly string[], io: Io): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    if (name === 'help' && rest[0] !== undefined) return dispatch([rest[0], '--help'], io);
    io.out(overview());
    return name === undefined ? EXIT.usage : EXIT.pass;
  }
  if (name === '--version' || name === '-V') {
    io.out(`${VERSION}\n`);
    return EXIT.pass;
  }
  const entry = commands.find((c) => c.name === name);
  if (!entry) throw unknownCommand(name);
  const command = await entry.load();
  const args = parseArguments(command, rest);
  if (args.values['help'] === true) io.out(helpOf(command));
  else if (args.values['version'] === true) io.out(`${VERSION}\n`);
  else return command.run(args, io);
  return EXIT.pass;
}

function unknownCommand(name: string): UsageError {
  const like = nearest(
    name,
    commands.map((c) => c.name),
  );
  const kind = name.startsWith('-') ? 'option' : 'command';
  return new UsageError(
    `There is no ${kind} ${JSON.stringify(name)}.${like ? ` Did you mean \`${like}\`?` : ''}`,
  );
}

function overview(): string {
  const left = Math.max(...commands.map((c) => c.name.length));
  return [
    'Threatgate keeps a system’s threat model in step with the system.',
    '',
    'Usage: threatgate COMMAND [options]',
    '',
    'Commands:',
    ...commands.map((c) => `  ${c.name.padEnd(left)}  ${c.summary}`),
    '',
    'Exit codes: 0 pass, 1 blocked, 2 could not evaluate, 64 wrong usage.',
    '`threatgate COMMAND --help` tells more about a command.',
    '',
  ].join('\n');
}

/** Three audiences: who typed it wrong, who can mend it, and who maintains this. */
function report(error: unknown, argv: readonly string[], io: Io): number {
  if (error instanceof UsageError) {
    const command = commands.find((c) => c.name === argv[0]);
    io.err(`${terminal(error.message)}\nSee \`threatgate ${command ? `${command.name} ` : ''}--help\`.\n`);
    return EXIT.usage;
  }
  if (error instanceof UserError) {
    io.err(`${terminal(error.message)}\n  → ${terminal(error.remedy)}\n`);
    return EXIT.unknown;
  }
  const message = error instanceof Error ? error.message : String(error);
  io.err(`Threatgate failed: ${terminal(message)}\n`);
  if (argv.includes('--debug') && error instanceof Error)
    io.err(`${(error.stack ?? '').split('\n').map(terminal).join('\n')}\n`);
  io.err(
    '  → This is a defect of Threatgate, so nothing was judged. Please report it with the output of --debug.\n',
  );
  return EXIT.unknown;
}
