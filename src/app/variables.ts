/** Every variable that the service reads. The guide for administrators shows this very table. */
export interface Variable {
  readonly name: string;
  /** What holds without it; `required` when the service does not start without it. */
  readonly default: string;
  readonly about: string;
}

export const VARIABLES = [
  { name: 'APP_ID', default: 'required', about: 'Number of the GitHub App.' },
  {
    name: 'PRIVATE_KEY',
    default: 'required, or PRIVATE_KEY_PATH',
    about: 'Private key of the App: PEM, PEM with `\\n` for line ends, or PEM in base64.',
  },
  {
    name: 'PRIVATE_KEY_PATH',
    default: '',
    about: 'File that holds the private key, instead of `PRIVATE_KEY`.',
  },
  {
    name: 'WEBHOOK_SECRET',
    default: 'required',
    about: 'Secret that GitHub signs webhooks with; at least 16 characters.',
  },
  {
    name: 'DATABASE_URL',
    default: 'SQLite in `DATA_DIR`',
    about: 'PostgreSQL: `postgres://user:password@host/database`.',
  },
  { name: 'DATA_DIR', default: './data', about: 'Folder of the embedded database.' },
  { name: 'HOST', default: '127.0.0.1', about: 'Address to listen on; `0.0.0.0` for all.' },
  { name: 'PORT', default: '3000', about: 'Port to listen on; 0 for any free one.' },
  {
    name: 'PUBLIC_URL',
    default: '',
    about:
      'Where people reach the service: `https://threatgate.example.com`. Check runs link to the pages of the audit trail there.',
  },
  { name: 'CLIENT_ID', default: '', about: 'Client id of the GitHub App, for logging in to the pages.' },
  { name: 'CLIENT_SECRET', default: '', about: 'Client secret of the GitHub App.' },
  {
    name: 'SESSION_SECRET',
    default: '',
    about:
      'What sessions of the pages are sealed with: a random text of at least 32 characters. With `PUBLIC_URL`, `CLIENT_ID` and `CLIENT_SECRET` it turns the pages on.',
  },
  {
    name: 'SIGNING_KEY',
    default: '',
    about:
      'Ed25519 private key (`threatgate key new`): once a day the end of each chain of records that grew is signed and shown on GitHub as the check run `Threatgate audit head`. PEM, PEM with `\\n` for line ends, or PEM in base64.',
  },
  { name: 'SIGNING_KEY_PATH', default: '', about: 'File that holds it, instead of `SIGNING_KEY`.' },
  { name: 'LOG_LEVEL', default: 'info', about: '`debug`, `info`, `warn`, `error` or `silent`.' },
  {
    name: 'GITHUB_API_URL',
    default: 'https://api.github.com',
    about: 'API of another GitHub, as `https://github.example.com/api/v3`.',
  },
  {
    name: 'GHE_HOST',
    default: '',
    about: 'Host of a GitHub Enterprise Server, instead of `GITHUB_API_URL`.',
  },
  { name: 'GH_ORG', default: '', about: 'With `--setup`: organisation that the App is registered for.' },
  {
    name: 'JIRA_URL',
    default: '',
    about: 'Jira that tickets such as `ABC-1` are looked up in: `https://example.atlassian.net`. Only read.',
  },
  {
    name: 'JIRA_TOKEN',
    default: '',
    about: 'With `JIRA_URL`: a personal access token, or for the cloud `address@example.org:token`.',
  },
  {
    name: 'RECONCILE_MINUTES',
    default: '10',
    about: 'How long something that GitHub failed to tell may stay unseen; 1 to 60.',
  },
  { name: 'WORKERS', default: '4', about: 'How many subjects are looked at at a time; 1 to 64.' },
] as const satisfies readonly Variable[];

export type VariableName = (typeof VARIABLES)[number]['name'];

/** What was set, by name: an empty value is none. */
export type Values = Readonly<Partial<Record<VariableName, string>>>;

export function readValues(env: Readonly<Record<string, string | undefined>>): Values {
  const set = VARIABLES.flatMap(({ name }) => {
    const value = env[name]?.trim();
    return value === undefined || value === '' ? [] : [[name, value] as const];
  });
  return Object.fromEntries(set);
}
