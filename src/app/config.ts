import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { isOrigin, isPrivateWay } from './address.ts';
import { LOG_LEVELS, type LogLevel } from './log.ts';
import { readPrivateKey } from './private-key.ts';
import { readSigningKeyValue } from './signing-key.ts';
import { readValues, type Values, type VariableName } from './variables.ts';

export interface Config {
  readonly appId: number;
  /** PEM. */
  readonly privateKey: string;
  readonly webhookSecret: string;
  /** The embedded database in `dataDir` when absent. */
  readonly databaseUrl?: string;
  readonly dataDir: string;
  readonly host: string;
  readonly port: number;
  /** Where people reach the service, without a slash at the end. */
  readonly publicUrl?: string;
  /** Undefined where the pages are not set up. */
  readonly login?: LoginConfig;
  /** What ends of chains are signed with; undefined where nobody set it. */
  readonly signingKey?: KeyObject;
  /** Where tickets are that are not GitHub’s. */
  readonly jira?: { readonly url: string; readonly token: string };
  readonly logLevel: LogLevel;
  /** Without a slash at the end. */
  readonly apiUrl: string;
  readonly reconcileMinutes: number;
  readonly workers: number;
}

export interface LoginConfig {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly sessionSecret: string;
}

/** Something wrong with one variable: what, and what to do. Never the value. */
export interface Problem {
  readonly name: VariableName;
  readonly what: string;
  readonly remedy: string;
}

export type ConfigReading =
  | { readonly kind: 'config'; readonly config: Config }
  | { readonly kind: 'problems'; readonly problems: readonly Problem[] };

/** Environment → configuration, or everything that is wrong with it at once. `readFile` reads `PRIVATE_KEY_PATH`. */
export function readConfig(
  env: Readonly<Record<string, string | undefined>>,
  readFile: (path: string) => string,
): ConfigReading {
  const values = readValues(env);
  const problems: Problem[] = [];
  const checked = schema.safeParse(values);
  for (const issue of checked.error?.issues ?? []) {
    const problem = problemOf(issue);
    if (!problems.some((p) => p.name === problem.name)) problems.push(problem);
  }
  const key = readPrivateKey(values, readFile);
  const signing = readSigningKeyValue(values, readFile);
  for (const reading of [key, signing]) if ('problem' in reading) problems.push(reading.problem);
  if (values.GHE_HOST !== undefined && values.GITHUB_API_URL !== undefined)
    problems.push({
      name: 'GHE_HOST',
      what: 'is set together with GITHUB_API_URL',
      remedy: 'Keep one of the two.',
    });
  problems.push(...missingForPages(values), ...missingForJira(values));
  if (!checked.success || 'problem' in key || 'problem' in signing || problems.length > 0)
    return { kind: 'problems', problems };
  return {
    kind: 'config',
    config: { ...configOf(checked.data, key.pem), ...(signing.key ? { signingKey: signing.key } : {}) },
  };
}

const FOR_PAGES = ['PUBLIC_URL', 'CLIENT_ID', 'CLIENT_SECRET', 'SESSION_SECRET'] as const;

/** An address alone is good for links; the pages need all four, and half of them is a mistake. */
function missingForPages(values: Values): readonly Problem[] {
  const set = FOR_PAGES.filter((name) => values[name] !== undefined);
  if (set.every((name) => name === 'PUBLIC_URL')) return [];
  return FOR_PAGES.filter((name) => values[name] === undefined).map((name) => ({
    name,
    what: `is not set, and ${set.join(' and ')} ${set.length === 1 ? 'is' : 'are'}`,
    remedy: `The pages of the audit trail need ${FOR_PAGES.join(', ')}: set all of them, or only PUBLIC_URL, or none.`,
  }));
}

function missingForJira({ JIRA_URL, JIRA_TOKEN }: Values): readonly Problem[] {
  if ((JIRA_URL === undefined) === (JIRA_TOKEN === undefined)) return [];
  const [name, other] =
    JIRA_URL === undefined ? (['JIRA_URL', 'JIRA_TOKEN'] as const) : (['JIRA_TOKEN', 'JIRA_URL'] as const);
  return [{ name, what: `is not set, and ${other} is`, remedy: 'Set both of them, or none.' }];
}

const MISSING: Readonly<Partial<Record<VariableName, string>>> = {
  APP_ID: 'Set it to the number on the App’s page, or run `threatgate serve --setup` to register an App.',
  WEBHOOK_SECRET:
    'Set it to the secret of the App’s webhook. Without it anybody could send events, so nothing is served.',
};

function problemOf({ path: [at], message }: z.core.$ZodIssue): Problem {
  const name = String(at) as VariableName;
  const [what = '', remedy = ''] = message.split(' → ');
  return what === 'is not set' ? { name, what, remedy: MISSING[name] ?? 'Set it.' } : { name, what, remedy };
}

/** Messages are `what → remedy`. */
const required = { error: 'is not set' };

const whole = (from: number, to: number, fallback: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, `is not a whole number → Set it to a number from ${from} to ${to}.`)
    .transform(Number)
    .refine((n) => n >= from && n <= to, `is out of range → Set it to a number from ${from} to ${to}.`)
    .default(fallback);

const MADE_UP = /^(?:development|secret|changeme|password)$/i;

const schema = z.object({
  APP_ID: z
    .string(required)
    .regex(/^[1-9]\d{0,14}$/, 'is not a number → Set it to the number on the App’s page.')
    .transform(Number),
  WEBHOOK_SECRET: z
    .string(required)
    .refine((s) => !MADE_UP.test(s), 'is a word that everybody knows → Set it to a long random text.')
    .refine((s) => s.length >= 16, 'has fewer than 16 characters → Set it to a long random text.'),
  DATABASE_URL: z
    .string()
    .regex(
      /^postgres(?:ql)?:\/\/\S+$/,
      'is not the address of a PostgreSQL database → Write postgres://user:password@host/database.',
    )
    .optional(),
  DATA_DIR: z.string().default('./data'),
  HOST: z
    .string()
    .regex(/^[\w.:-]+$/, 'is not an address → Write 127.0.0.1 or 0.0.0.0.')
    .default('127.0.0.1'),
  PORT: whole(0, 65_535, 3_000),
  PUBLIC_URL: z
    .string()
    .refine(
      isOrigin,
      'is not the address of a server → Write it as https://threatgate.example.com, without a path; http only for this very machine.',
    )
    .transform((url) => new URL(url).origin)
    .optional(),
  CLIENT_ID: z
    .string()
    .regex(/^[\w.-]{1,100}$/, 'is not a client id → Set it to the client id on the App’s page.')
    .optional(),
  CLIENT_SECRET: z
    .string()
    .refine((s) => s.length >= 16, 'has fewer than 16 characters → Set it to a client secret of the App.')
    .optional(),
  SESSION_SECRET: z
    .string()
    .refine((s) => s.length >= 32, 'has fewer than 32 characters → Set it to a long random text.')
    .refine((s) => new Set(s).size >= 10, 'repeats a few characters → Set it to a long random text.')
    .optional(),
  LOG_LEVEL: z
    .string()
    .toLowerCase()
    .pipe(z.enum(LOG_LEVELS, `is not a level → Set it to one of ${LOG_LEVELS.join(', ')}.`))
    .default('info'),
  GITHUB_API_URL: z
    .string()
    .refine(isPrivateWay, 'is not an https address → Write it as https://github.example.com/api/v3.')
    .optional(),
  GHE_HOST: z
    .string()
    .regex(/^[\w.-]+(?::\d+)?$/, 'is not a host → Write it as github.example.com, without https://.')
    .optional(),
  JIRA_URL: z
    .string()
    .refine(
      (url) => isPrivateWay(url) && url.startsWith('https:'),
      'is not an https address → Write it as https://example.atlassian.net.',
    )
    .optional(),
  JIRA_TOKEN: z
    .string()
    .regex(
      /^[\x21-\x7e]{8,1000}$/,
      'is no token → Set it to the token alone, or to `address@example.org:token`.',
    )
    .optional(),
  RECONCILE_MINUTES: whole(1, 60, 10),
  WORKERS: whole(1, 64, 4),
});

function configOf(values: z.output<typeof schema>, privateKey: string): Config {
  return {
    appId: values.APP_ID,
    privateKey,
    webhookSecret: values.WEBHOOK_SECRET,
    ...(values.DATABASE_URL === undefined ? {} : { databaseUrl: values.DATABASE_URL }),
    dataDir: values.DATA_DIR,
    host: values.HOST,
    port: values.PORT,
    ...(values.PUBLIC_URL === undefined ? {} : { publicUrl: values.PUBLIC_URL }),
    ...loginOf(values),
    logLevel: values.LOG_LEVEL,
    apiUrl: apiUrlOf(values),
    ...(values.JIRA_URL === undefined || values.JIRA_TOKEN === undefined
      ? {}
      : { jira: { url: values.JIRA_URL, token: values.JIRA_TOKEN } }),
    reconcileMinutes: values.RECONCILE_MINUTES,
    workers: values.WORKERS,
  };
}

function loginOf({
  CLIENT_ID: clientId,
  CLIENT_SECRET: clientSecret,
  SESSION_SECRET: sessionSecret,
}: z.output<typeof schema>): Pick<Config, 'login'> {
  const whole = clientId !== undefined && clientSecret !== undefined && sessionSecret !== undefined;
  return whole ? { login: { clientId, clientSecret, sessionSecret } } : {};
}

interface Where {
  readonly GITHUB_API_URL?: string | undefined;
  readonly GHE_HOST?: string | undefined;
}

/** The API that the settings name, without a slash at the end; also needed before there is an App. */
export function apiUrlOf({ GITHUB_API_URL, GHE_HOST }: Where): string {
  if (GITHUB_API_URL !== undefined) return GITHUB_API_URL.replace(/\/+$/, '');
  return GHE_HOST === undefined ? 'https://api.github.com' : `https://${GHE_HOST}/api/v3`;
}
