import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { KeyObject } from 'node:crypto';
import type { StatedHead } from '../../audit/head-statement.ts';
import type { Ledger } from '../../audit/read-ledger.ts';
import { whereOf } from '../../audit/broken.ts';
import { count } from '../../core/report/outline.ts';
import { terminal } from '../../core/report/escape.ts';
import { UserError } from '../../review/errors.ts';
import { EXIT, UsageError, type Arguments, type Command, type Io } from '../command.ts';
import { DATABASE_OPTION } from '../period.ts';
import { placeOf } from '../../store/place.ts';
import { namesIn, SIGNING_KEY, textsOf } from '../values.ts';

export const command: Command = {
  name: 'heads',
  summary: 'Where each chain of records ends, signed to be kept elsewhere; and whether it still does.',
  usage: '[--sign KEY] [--output FILE] [options]',
  about: [
    'A chain shows what was altered, and not what was cut off at its end. Against an end that was kept elsewhere it does:',
    'print the ends now and then, keep them where the operator of the database cannot reach, and compare.',
    '',
    '  threatgate heads --sign signing.pem --output heads-2026-11.json',
    '  threatgate heads --check heads-2026-11.json --trust signing.pem.pub',
    '  threatgate heads --sign signing.pem --repos acme/shop --note ../shop',
    '',
    'Exit codes: 0 done, or everything is still in its place, 1 something is not, 2 it could not be read.',
  ],
  options: {
    sign: {
      type: 'string',
      value: 'FILE',
      about: `Ed25519 private key (PEM). Default: ${SIGNING_KEY}; without it nothing is signed.`,
    },
    output: { type: 'string', value: 'FILE', about: 'Write the statement there, into a new file.' },
    repos: { type: 'string', value: 'NAMES', about: 'Repositories, as owner/name,owner/name. Default: all.' },
    note: {
      type: 'string',
      value: 'CLONE',
      about: 'Add it to the note of a commit in this clone, in refs/notes/threatgate.',
    },
    commit: { type: 'string', value: 'REV', about: 'With --note: the commit. Default: HEAD.' },
    check: { type: 'string', value: 'FILE', about: 'Compare a statement with the database.' },
    trust: {
      type: 'string',
      value: 'FILE',
      multiple: true,
      about: 'With --check: keys that may have signed it, as for `verify`.',
    },
    database: DATABASE_OPTION,
    json: { type: 'boolean', about: 'The statement itself, or what was found, as JSON.' },
  },
  positionals: 0,
  run: async (args, io) => {
    const { openToRead } = await import('../../audit/read-ledger.ts');
    const text = textsOf(args);
    requireSense(args);
    const ledger = await openToRead(placeOf(text('database'), process.env, io.cwd));
    try {
      const checked = text('check');
      return checked === undefined ? await print(args, ledger, io) : await check(checked, args, ledger, io);
    } finally {
      await ledger.close();
    }
  },
};

function requireSense({ values, lists }: Arguments): void {
  const checking = values['check'] !== undefined;
  const wrong = checking
    ? ['sign', 'output', 'repos', 'note', 'commit'].find((name) => values[name] !== undefined)
    : lists?.['trust'] && 'trust';
  if (wrong !== undefined)
    throw new UsageError(checking ? `--check compares; leave out --${wrong}.` : '--trust is for --check.');
  if (values['commit'] !== undefined && values['note'] === undefined)
    throw new UsageError('--commit is for --note.');
}

async function print(args: Arguments, ledger: Ledger, io: Io): Promise<number> {
  const text = textsOf(args);
  const { headsOf } = await import('../../audit/heads.ts');
  const { headsText } = await import('../../audit/head-statement.ts');
  const names = namesIn(text('repos'))?.map((name) => name.toLowerCase());
  const heads = await headsOf(ledger, names && new Set(names));
  const missing = names?.find((name) => !heads.some((head) => head.repository.name.toLowerCase() === name));
  if (missing !== undefined)
    throw new UserError(
      `There is no record of a repository ${JSON.stringify(missing)}.`,
      'Check --repos and --database.',
    );
  const { signingKey } = await import('../../audit/keys.ts');
  const key = await signingKey(text('sign'), SIGNING_KEY, { env: process.env, cwd: io.cwd });
  const line = headsText(io.now(), heads, key);
  const places = await write(line, args, io);
  if (args.values['json'] === true) io.out(`${line}\n`);
  else io.out([...heads.map(shown), ...(await signedBy(key)), ...places, ''].join('\n'));
  return EXIT.pass;
}

const shown = ({ repository, sequence, hash }: StatedHead): string =>
  `${terminal(repository.name)}: ${count(sequence, 'record')}, the last is ${hash}`;

async function signedBy(key: KeyObject | undefined): Promise<readonly string[]> {
  if (key === undefined) return ['Not signed: it shows only to whoever keeps it that it is the same.'];
  const { fingerprintOfPrivate, idOf } = await import('../../audit/keys.ts');
  return [`Signed by key ${idOf(fingerprintOfPrivate(key))}.`];
}

/** Where else than on the terminal it was put, in words. */
async function write(line: string, args: Arguments, io: Io): Promise<readonly string[]> {
  const text = textsOf(args);
  const [output, clone] = [text('output'), text('note')];
  const places: string[] = [];
  if (output !== undefined) {
    await writeFile(resolve(io.cwd, output), `${line}\n`, { flag: 'wx' }).catch((cause: unknown) => {
      const taken = (cause as NodeJS.ErrnoException).code === 'EEXIST';
      throw new UserError(
        taken ? `${output} is there already.` : `${output} could not be written.`,
        taken
          ? 'Name another file: a statement is never written over.'
          : 'Check that the folder exists and that you may write there.',
        { cause },
      );
    });
    places.push(`Written to ${terminal(output)}.`);
  }
  if (clone !== undefined) {
    const { NOTES_REF, writeNote } = await import('../../local/write-note.ts');
    const commit = await writeNote(resolve(io.cwd, clone), text('commit') ?? 'HEAD', line);
    places.push(`Noted at commit ${commit}; push it with: git push origin ${NOTES_REF}`);
  }
  return places;
}

async function check(file: string, { lists, values }: Arguments, ledger: Ledger, io: Io): Promise<number> {
  const { checkHeads } = await import('../../audit/heads.ts');
  const { readTrustedKeys } = await import('../../audit/trusted-keys.ts');
  const paths = lists?.['trust']?.map((path) => resolve(io.cwd, path));
  const trust = paths && (await readTrustedKeys(paths));
  const text = await readFile(resolve(io.cwd, file), 'utf8').catch((cause: unknown) => {
    throw new UserError(`${file} could not be read.`, 'Check the path and its permissions.', { cause });
  });
  const found = await checkHeads(text, file, ledger, trust);
  if (values['json'] === true) io.out(`${JSON.stringify(found, null, 2)}\n`);
  else {
    const { broken, repositories, signature } = found;
    const by =
      signature === undefined || signature.state === 'none'
        ? 'not signed'
        : `signed by key ${signature.keyId}`;
    io.out(
      broken === undefined
        ? `✓ ${count(repositories.length, 'chain still holds', 'chains still hold')} what ${terminal(file)} says (${by})\n`
        : `✗ ${terminal(whereOf(broken))}\n  ${terminal(broken.why)}\n`,
    );
  }
  return found.ok ? EXIT.pass : EXIT.blocked;
}
