import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { UserError } from '../review/errors.ts';
import { webUrlOf } from '../github/web-address.ts';
import { apiUrlOf, readConfig, type Problem } from './config.ts';
import { createLog } from './log.ts';
import type { Service } from './service.ts';
import { readValues, type VariableName } from './variables.ts';

export interface ServeOptions {
  readonly host?: string;
  readonly port?: string;
  /** File with settings; with `setup`, where they are written to. */
  readonly env?: string;
  readonly setup: boolean;
}

export interface Surroundings {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const OK = 0;
const CANNOT_START = 2;
/** There is no App yet, so nothing else can be asked for. */
const NEEDED_FOR_SETUP: ReadonlySet<VariableName> = new Set(['HOST', 'PORT', 'GITHUB_API_URL', 'GHE_HOST']);
/** What may still be open after everything was stopped is not waited for any longer. */
const LINGER_MS = 2_000;

/** `threatgate serve`: runs until it is told to stop. Returns the exit code. */
export async function serve(options: ServeOptions, surroundings: Surroundings): Promise<number> {
  const told = onSignal();
  const env = environment(options, surroundings);
  const reading = readConfig(env, (path) => readFileSync(resolve(surroundings.cwd, path), 'utf8'));
  const problems = reading.kind === 'problems' ? reading.problems : [];
  const found = options.setup ? problems.filter(({ name }) => NEEDED_FOR_SETUP.has(name)) : problems;
  if (found.length > 0) {
    surroundings.err(describeProblems(found));
    return CANNOT_START;
  }
  if (options.setup || reading.kind === 'problems') return register(options, env, told, surroundings);
  const config = { ...reading.config, dataDir: resolve(surroundings.cwd, reading.config.dataDir) };
  const secrets = [
    config.webhookSecret,
    config.privateKey,
    passwordOf(config.databaseUrl),
    config.login?.clientSecret ?? '',
    config.login?.sessionSecret ?? '',
  ];
  const log = createLog({ level: config.logLevel, secrets });
  process.on('uncaughtException', (error) => {
    // Nothing that was accepted is lost: whoever starts it again goes on. The log keeps secrets out of the message.
    log.error({ err: error }, 'a defect ended the process');
    process.exit(1);
  });
  // A wrong setting is told at once: everything that serves is loaded only now.
  const { startService } = await import('./service.ts');
  const service = await startService(config, log).catch(explainListening);
  await untilAborted(told);
  await stopOrLeave(service);
  return OK;
}

/** Aborted by the first SIGTERM or SIGINT; a second one ends the process at once. */
function onSignal(): AbortSignal {
  const told = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      if (told.signal.aborted) process.exit(1);
      told.abort();
    });
  return told.signal;
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) done();
    else signal.addEventListener('abort', () => done(), { once: true });
  });
}

async function stopOrLeave(service: Service): Promise<void> {
  await service.stop();
  setTimeout(() => process.exit(OK), LINGER_MS).unref();
}

/** A file of settings, what is set around us, and what was said on the command line; the latter wins. */
function environment(options: ServeOptions, { cwd, env }: Surroundings): Surroundings['env'] {
  return {
    ...(options.env === undefined || options.setup ? {} : readSettings(resolve(cwd, options.env))),
    ...env,
    ...(options.host === undefined ? {} : { HOST: options.host }),
    ...(options.port === undefined ? {} : { PORT: options.port }),
  };
}

function readSettings(file: string): Surroundings['env'] {
  try {
    return parseEnv(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new UserError(`The settings in ${file} cannot be read.`, 'Check the path given with --env.', {
      cause,
    });
  }
}

export function describeProblems(problems: readonly Problem[]): string {
  const count = problems.length === 1 ? 'a setting is' : `${problems.length} settings are`;
  const lines = problems.map(({ name, what, remedy }) => `  ${name} ${what}.\n    → ${remedy}\n`);
  return `Threatgate cannot start: ${count} wrong.\n${lines.join('')}`;
}

function passwordOf(databaseUrl: string | undefined): string {
  return databaseUrl !== undefined && URL.canParse(databaseUrl) ? new URL(databaseUrl).password : '';
}

function explainListening(error: unknown): never {
  const { code } = error as { readonly code?: unknown };
  if (code === 'EADDRINUSE' || code === 'EACCES' || code === 'EADDRNOTAVAIL')
    throw new UserError(`The address cannot be listened on (${code}).`, 'Set HOST and PORT to a free one.', {
      cause: error,
    });
  throw error;
}

async function register(
  options: ServeOptions,
  env: Surroundings['env'],
  stop: AbortSignal,
  { out, cwd }: Surroundings,
): Promise<number> {
  const values = readValues(env);
  const apiUrl = apiUrlOf(values);
  const { setUp } = await import('./setup.ts');
  const outcome = await setUp({
    host: values.HOST ?? '127.0.0.1',
    port: Number(values.PORT ?? '3000'),
    apiUrl,
    webUrl: webUrlOf(apiUrl),
    ...(values.GH_ORG === undefined ? {} : { organisation: values.GH_ORG }),
    file: resolve(cwd, options.env ?? 'threatgate.env'),
    say: out,
    stop,
  }).catch(explainListening);
  return outcome === 'written' ? OK : CANNOT_START;
}
