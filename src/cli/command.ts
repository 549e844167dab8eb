import { OUTCOME } from '../core/report/exit-code.ts';

/** What the surroundings give a command: nothing below the shell looks at the process itself. */
export interface Io {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Folder that relative paths of arguments start from. */
  readonly cwd: string;
  /** Width of the terminal, or a width that suits logs. */
  readonly columns: number;
  readonly colour: boolean;
  /** The instant now, ISO 8601 in UTC. */
  readonly now: () => string;
}

export interface OptionSpec {
  readonly type: 'string' | 'boolean';
  /** Name of the value in the help: `DIR`. */
  readonly value?: string;
  /** May be given more than once. */
  readonly multiple?: true;
  readonly about: string;
}

export interface Arguments {
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
  /** Of options that may be given more than once, all values in their order. */
  readonly lists?: Readonly<Record<string, readonly string[] | undefined>>;
  readonly positionals: readonly string[];
}

/** One subcommand: a file of its own in `commands/`, found by the generator through `export const command`. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What follows the name in the usage line: `[options]`, `[FILE…]`. */
  readonly usage: string;
  /** A few lines below the usage: what it does, and examples. */
  readonly about: readonly string[];
  readonly options: Readonly<Record<string, OptionSpec>>;
  /** Most positional arguments. */
  readonly positionals: number;
  /** Returns the exit code. Throws `UsageError` for wrong arguments and `UserError` for what the user can mend. */
  readonly run: (args: Arguments, io: Io) => Promise<number>;
}

/** How the process ends; also what CI looks at. */
export const EXIT = { ...OUTCOME, usage: 64 } as const;

/** The arguments are wrong; shown with the way to the help. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
