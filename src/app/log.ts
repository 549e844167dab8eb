import { pino, type DestinationStream } from 'pino';
import type { Log } from '../review/deps.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LogOptions {
  readonly level: LogLevel;
  /** Texts that must never appear, wherever they come from. */
  readonly secrets: readonly string[];
  /** Where lines go; the standard output when absent. */
  readonly stream?: DestinationStream;
}

/** JSON, a line each. Whatever is logged, what looks like a secret is taken out of the finished line. */
export function createLog({ level, secrets, stream }: LogOptions): Log {
  const scrub = scrubber(secrets);
  const options = {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: ['authorization', '*.authorization', 'headers', '*.headers', 'token', '*.token'] },
    serializers: { err: describeError },
    hooks: { streamWrite: scrub },
  };
  return stream ? pino(options, stream) : pino(options);
}

/** Only what helps to find the place: errors of clients carry whole requests with them. */
export function describeError(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { message: clip(String(error)) };
  const { code, status, cause } = error as Error & { readonly code?: unknown; readonly status?: unknown };
  return {
    type: error.name,
    message: clip(error.message),
    ...(typeof code === 'string' ? { code: clip(code) } : {}),
    ...(typeof status === 'number' ? { status } : {}),
    ...(error.stack === undefined ? {} : { stack: error.stack.slice(0, 4_000) }),
    ...(cause instanceof Error ? { cause: `${cause.name}: ${clip(cause.message)}` } : {}),
  };
}

const clip = (text: string): string => text.slice(0, 500);

const GONE = '[redacted]';
/** Tokens of GitHub of every generation, authorization headers, keys, and passwords in addresses. */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/\b(?:gh[a-z]_|github_pat_)[\w.-]{10,}/g, GONE],
  [/\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}/g, GONE],
  [/\b(bearer|basic|token) +[\w.~+/=-]{16,}/gi, `$1 ${GONE}`],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----(?:[^"\\]|\\.)*/g, GONE],
  [/(:\/\/)[^\s/@"\\]*@/g, `$1${GONE}@`],
];

/** A line of JSON stays one: nothing that is taken out reaches over a quotation mark. */
export function scrubber(secrets: readonly string[]): (line: string) => string {
  const texts = secrets.flatMap((s) => (s.length < 8 ? [] : [s, JSON.stringify(s).slice(1, -1)]));
  return (line) => {
    const known = texts.reduce((text, secret) => text.replaceAll(secret, GONE), line);
    return PATTERNS.reduce((text, [pattern, by]) => text.replace(pattern, by), known);
  };
}
