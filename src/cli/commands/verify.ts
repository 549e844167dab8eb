import { resolve } from 'node:path';
import { whereOf } from '../../audit/broken.ts';
import type { TrustedKeys } from '../../audit/trusted-keys.ts';
import type { Verification } from '../../audit/verification.ts';
import { terminal } from '../../core/report/escape.ts';
import { paint, type Terminal } from '../../core/report/text.ts';
import { EXIT, UsageError, type Arguments, type Command, type Io } from '../command.ts';
import { placeOf, shownPlace } from '../../store/place.ts';

export const command: Command = {
  name: 'verify',
  summary: 'Check evidence, or the audit trail itself: nothing altered, nothing missing, signed by whom.',
  usage: 'FOLDER | FILE | URL | --database WHERE [options]',
  about: [
    'A FOLDER is a package of `threatgate evidence`: digests, signature, every chain of records from its beginning, and',
    'counts and tables made anew from the records. A FILE is the zip of such a folder, or holds records alone; a URL is',
    'the https address of one. With --database it is the trail of the service itself, which is not changed. What was cut',
    'off at the end of a chain shows against a last record that is kept elsewhere: in a package, or on the check runs.',
    '',
    'Exit codes: 0 everything is as it has to be, 1 something is broken, 2 it could not be read.',
    '',
    '  threatgate verify evidence-2026 --trust signing.pem.pub',
    '  threatgate verify --database data/threatgate.sqlite',
  ],
  options: {
    database: {
      type: 'string',
      value: 'WHERE',
      about: 'File or postgres:// address of the database to check.',
    },
    trust: {
      type: 'string',
      value: 'FILE',
      multiple: true,
      about: 'Public keys (PEM) that may have signed, or their history: file or folder. May be given again.',
    },
    'require-signature': { type: 'boolean', about: 'Broken unless it is signed by a trusted key.' },
    json: { type: 'boolean', about: 'What was found, as JSON.' },
    'no-color': { type: 'boolean', about: 'No colours, whatever the terminal can do.' },
  },
  positionals: 1,
  run: async (args, io) => {
    const found = await verify(args, io);
    io.out(args.values['json'] === true ? `${JSON.stringify(found, null, 2)}\n` : shown(found, args, io));
    return found.ok ? EXIT.pass : EXIT.blocked;
  },
};

async function verify({ values, lists, positionals: [target] }: Arguments, io: Io): Promise<Verification> {
  const { database } = values;
  const trust = lists?.['trust'];
  const requireSignature = values['require-signature'] === true;
  if (typeof database === 'string') {
    if (target !== undefined) throw new UsageError('Name a package or a database, not both.');
    if (trust !== undefined || requireSignature)
      throw new UsageError('A database is not signed: --trust and --require-signature are for packages.');
    return verifyDatabase(database, io);
  }
  if (target === undefined)
    throw new UsageError('Name what to verify: a folder, a file, an https address, or --database.');
  const { TakesNoTrust, verifyTarget } = await import('../../audit/target.ts');
  const keys = await trustedKeys(trust, io);
  return verifyTarget(target, resolve(io.cwd, target), { keys, requireSignature }).catch((error: unknown) => {
    throw error instanceof TakesNoTrust ? new UsageError(error.message) : error;
  });
}

/** Of all files and folders that were named; undefined when none was. */
async function trustedKeys(trust: readonly string[] | undefined, io: Io): Promise<TrustedKeys | undefined> {
  if (trust === undefined) return undefined;
  const { readTrustedKeys } = await import('../../audit/trusted-keys.ts');
  return readTrustedKeys(trust.map((path) => resolve(io.cwd, path)));
}

async function verifyDatabase(database: string, io: Io): Promise<Verification> {
  const { openToRead } = await import('../../audit/read-ledger.ts');
  const place = placeOf(database, {}, io.cwd);
  const ledger = await openToRead(place);
  try {
    const databases = await import('../../audit/verify-database.ts');
    return await databases.verifyDatabase(ledger, shownPlace(place));
  } finally {
    await ledger.close();
  }
}

const number = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ',');

function shown(found: Verification, { values }: Arguments, io: Io): string {
  const t: Terminal = { columns: io.columns, colour: io.colour && values['no-color'] !== true };
  const { target, ok, checked, repositories, digest, broken } = found;
  const width = Math.max(0, ...checked.map((one) => number(one.count).length));
  return [
    ...(digest === undefined ? [] : [`Package ${terminal(digest)}`]),
    ...checked.map(({ what, count }) => `${paint(t, 'green', '✓')} ${number(count).padStart(width)} ${what}`),
    ...(ok ? ends(repositories) : []),
    ...removals(found),
    ...(ok ? signatureLines(found) : []),
    ...(broken === undefined
      ? [paint(t, 'green', `✓ ${terminal(target)} is as it has to be`)]
      : [
          paint(t, 'red', `✗ ${terminal(target)} is broken`),
          `  ${terminal(whereOf(broken) === '' ? target : whereOf(broken))}`,
          `  ${terminal(broken.why)}`,
        ]),
    '',
  ].join('\n');
}

const MOST_ENDS = 50;

/** What to compare with what was kept elsewhere. */
function ends(repositories: Verification['repositories']): readonly string[] {
  const lines = repositories
    .slice(0, MOST_ENDS)
    .map(
      ({ name, records, head }) =>
        `  ${terminal(name)}: ${number(records)} records, the last is ${head.hash}`,
    );
  const more = repositories.length - MOST_ENDS;
  return more > 0 ? [...lines, `  and ${number(more)} more repositories; --json has them all`] : lines;
}

const removals = ({ removed = [] }: Verification): readonly string[] =>
  removed.map(
    ({ name, records, hash, at, by, archive }) =>
      `  ${terminal(name)}: ${number(records)} records were removed on ${at.slice(0, 10)} by ${terminal(by)}, the last was ${hash}; archived as ${terminal(archive)}`,
  );

function signatureLines({ signature }: Verification): readonly string[] {
  switch (signature?.state) {
    case undefined:
      return [];
    case 'none':
      return ['  Not signed: it shows that nothing was altered by accident, and not who made it.'];
    case 'unknown-key':
      return [
        `  Signed by key ${signature.keyId}; the signature is good, and the key is not known to be anybody’s.`,
        '  → Get the public key from whoever made the package, and name it with --trust.',
      ];
    case 'trusted':
      return [`  Signed by key ${signature.keyId}, trusted by ${terminal(signature.from)}.`];
    // The package is broken then, which says it already.
    case 'refused':
      return [];
  }
}
