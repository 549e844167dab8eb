import { resolve } from 'node:path';
import type { Destination, Handed } from '../../hand-over/destination.ts';
import type { Planned } from '../../hand-over/request.ts';
import { terminal } from '../../core/report/escape.ts';
import { UserError } from '../../review/errors.ts';
import { EXIT, UsageError, type Arguments, type Command, type Io } from '../command.ts';

const PLACES = ['vanta', 'drata', 'audit-manager', 'ciso-assistant'] as const;
type PlaceName = (typeof PLACES)[number];
/** What is handed over when nothing is named. */
const FILES = ['evidence.pdf', 'evidence.xlsx'];
const OPTIONS = [
  'document',
  'workspace',
  'owner',
  'controls',
  'domain',
  'bucket',
  'assessment',
  'control-set',
  'control',
];

export const command: Command = {
  name: 'hand-over',
  summary: 'Hand files of an evidence package over to an audit tool, or show what would be sent.',
  usage: `${PLACES.join(' | ')} FOLDER [options]`,
  about: [
    'With --dry-run it shows every request and sends nothing. What is there already, by the digest of the file, is not sent',
    'again, so that it can be repeated after a failure. Tokens come from VANTA_TOKEN, DRATA_TOKEN and CISO_ASSISTANT_TOKEN.',
    'For AWS Audit Manager it prints the commands of the AWS command line that do it, and sends nothing itself.',
    '',
    '  threatgate hand-over vanta evidence-2026 --document change-management --dry-run',
    '  threatgate hand-over drata evidence-2026 --workspace 1 --owner 42',
    '  threatgate hand-over ciso-assistant evidence-2026 --url https://grc.example.com/api --domain ID',
    '  threatgate hand-over audit-manager evidence-2026 --bucket evidence --assessment ID --control-set ID --control ID',
  ],
  options: {
    'dry-run': { type: 'boolean', about: 'Show what would be sent, and send nothing.' },
    file: {
      type: 'string',
      value: 'NAME',
      multiple: true,
      about: `File of the package. May be given again. Default: ${FILES.join(' and ')}.`,
    },
    url: { type: 'string', value: 'URL', about: 'Address of the API, where it is another one.' },
    document: { type: 'string', value: 'ID', about: 'Vanta: the document that the files are added to.' },
    workspace: { type: 'string', value: 'ID', about: 'Drata: the workspace.' },
    owner: { type: 'string', value: 'ID', about: 'Drata: the user who owns the evidence.' },
    controls: {
      type: 'string',
      value: 'IDS',
      about: 'Drata, CISO Assistant: controls that it is for, with commas between.',
    },
    domain: { type: 'string', value: 'ID', about: 'CISO Assistant: the domain (folder) that it belongs to.' },
    bucket: { type: 'string', value: 'NAME', about: 'Audit Manager: bucket of S3.' },
    assessment: { type: 'string', value: 'ID', about: 'Audit Manager: the assessment.' },
    'control-set': { type: 'string', value: 'ID', about: 'Audit Manager: the set of controls.' },
    control: { type: 'string', value: 'ID', about: 'Audit Manager: the control.' },
  },
  positionals: 2,
  run: async (args, io) => {
    const [place, folder] = args.positionals;
    const name = PLACES.find((each) => each === place);
    if (name === undefined) throw new UsageError(`Name where to: ${PLACES.join(', ')}.`);
    if (folder === undefined) throw new UsageError('Name the folder of the package.');
    return name === 'audit-manager' ? audit(args, folder, io) : other(name, args, folder, io);
  },
};

async function audit(args: Arguments, folder: string, io: Io): Promise<number> {
  const { AUDIT_MANAGER_ACCEPTS, AUDIT_MANAGER_REQUIRED, auditManagerCommands } =
    await import('../../hand-over/audit-manager.ts');
  const options = optionsOf(args, 'audit-manager', AUDIT_MANAGER_REQUIRED, []);
  const handed = await handedOf(args, folder, io, { accepts: AUDIT_MANAGER_ACCEPTS, options, url: '' });
  io.out(
    ['# Nothing was sent. These commands do it:', ...auditManagerCommands(handed).map(terminal), ''].join(
      '\n',
    ),
  );
  return EXIT.pass;
}

async function destinationOf(name: Exclude<PlaceName, 'audit-manager'>): Promise<Destination> {
  switch (name) {
    case 'vanta':
      return (await import('../../hand-over/vanta.ts')).vanta;
    case 'drata':
      return (await import('../../hand-over/drata.ts')).drata;
    case 'ciso-assistant':
      return (await import('../../hand-over/ciso-assistant.ts')).cisoAssistant;
  }
}

async function other(
  name: Exclude<PlaceName, 'audit-manager'>,
  args: Arguments,
  folder: string,
  io: Io,
): Promise<number> {
  const destination = await destinationOf(name);
  const options = optionsOf(args, name, destination.required, destination.optional);
  const handed = await handedOf(args, folder, io, {
    accepts: destination.accepts,
    options,
    url: urlOf(args, destination),
  });
  const { handOver, plan } = await import('../../hand-over/hand-over.ts');
  if (args.values['dry-run'] === true) {
    const requests = plan(destination, handed);
    io.out(
      [
        'Nothing was sent. What is there already is left out; else these are sent, in this order:',
        '',
        ...requests.map((r) => shown(r, destination)),
        '',
      ].join('\n'),
    );
    return EXIT.pass;
  }
  const { variable, scheme } = destination.token;
  const token = process.env[variable]?.trim() ?? '';
  if (token === '')
    throw new UserError(
      `${variable} is not set.`,
      `Set it to a token of ${destination.title}, or see what would be sent with --dry-run.`,
    );
  const sender = {
    authorization: `${scheme} ${token}`,
    fetch,
    sleep: (ms: number) => new Promise<void>((done) => setTimeout(done, ms)),
  };
  await handOver(destination, handed, sender, (outcome) =>
    io.out(`${outcome.state === 'sent' ? 'Sent' : 'There already'}: ${terminal(outcome.name)}\n`),
  );
  return EXIT.pass;
}

/** What only this destination asks for; another one's options are a mistake. */
function optionsOf(
  { values }: Arguments,
  name: PlaceName,
  required: readonly string[],
  optional: readonly string[],
): Readonly<Record<string, string>> {
  const options: Record<string, string> = {};
  for (const option of OPTIONS) {
    const value = values[option];
    if (typeof value !== 'string' || value === '') continue;
    if (![...required, ...optional].includes(option))
      throw new UsageError(`\`hand-over ${name}\` does not take --${option}.`);
    options[option] = value;
  }
  const missing = required.find((option) => options[option] === undefined);
  if (missing !== undefined) throw new UsageError(`\`hand-over ${name}\` needs --${missing}.`);
  return options;
}

/** The token goes there: in clear text only to this very machine. */
function urlOf({ values: { url } }: Arguments, destination: Destination): string {
  const written = typeof url === 'string' ? url : destination.url;
  if (written === undefined)
    throw new UsageError(
      `\`hand-over ${destination.name}\` needs --url, the address of its API: https://host/api.`,
    );
  const parsed = URL.canParse(written) ? new URL(written) : undefined;
  const isLocal = parsed !== undefined && /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(parsed.hostname);
  if (
    parsed === undefined ||
    (parsed.protocol !== 'https:' && !(parsed.protocol === 'http:' && isLocal)) ||
    parsed.search !== '' ||
    parsed.username !== ''
  )
    throw new UsageError(`--url ${JSON.stringify(written)} is not an https address.`);
  return written.replace(/\/+$/, '');
}

async function handedOf(
  args: Arguments,
  folder: string,
  io: Io,
  { accepts, options, url }: Pick<Destination, 'accepts'> & Pick<Handed, 'options' | 'url'>,
): Promise<Handed> {
  const { packageOf } = await import('../../hand-over/package-of.ts');
  const { outgoing } = await import('../../hand-over/outgoing.ts');
  const place = resolve(io.cwd, folder);
  const { query, digest, files: entries } = await packageOf(place);
  const files = [];
  for (const name of args.lists?.['file'] ?? FILES) {
    const file = await outgoing(place, name, accepts);
    if (entries.find((entry) => entry.name === name)?.sha256 !== file.sha256)
      throw new UserError(
        `${name} is not the file that the manifest of the package names.`,
        'Check the package with `threatgate verify`, and hand over only what is as it has to be.',
      );
    files.push(file);
  }
  return { period: { from: query.from, to: query.to }, digest, files, options, url, now: io.now() };
}

function shown({ method, url, headers, body }: Planned, { token }: Destination): string {
  const lines = [
    `${method} ${url}`,
    `  authorization: ${token.scheme} … (from ${token.variable})`,
    ...Object.entries(headers).map(([name, value]) => `  ${name}: ${value}`),
  ];
  if (body?.kind === 'json') lines.push(`  json: ${JSON.stringify(body.value)}`);
  if (body?.kind === 'form')
    lines.push(...Object.entries(body.fields).map(([name, value]) => `  field ${name}: ${value}`));
  if (body?.kind === 'form' || body?.kind === 'file')
    lines.push(
      `  file ${body.file.name}: ${body.file.mediaType}, ${body.file.bytes} bytes, sha256:${body.file.sha256}`,
    );
  return `${lines.map(terminal).join('\n')}\n`;
}
