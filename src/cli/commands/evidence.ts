import { resolve } from 'node:path';
import type { Made, Question } from '../../audit/make-package.ts';
import type { Asked, Place } from '../../rebuild/from-github.ts';
import { MOST_SEED } from '../../core/audit/sample.ts';
import { count } from '../../core/report/outline.ts';
import { terminal } from '../../core/report/escape.ts';
import { WAYS } from '../../core/model/audit.ts';
import { EXIT, UsageError, type Arguments, type Command, type Io } from '../command.ts';
import { DATABASE_OPTION, PERIOD_OPTIONS, periodOf } from '../period.ts';
import { placeOf } from '../../store/place.ts';
import { namesIn, SIGNING_KEY, textsOf } from '../values.ts';

export const command: Command = {
  name: 'evidence',
  summary:
    'Write the evidence of a period: every change and how it came in, with the records, to be verified.',
  usage: '--from DATE --to DATE --output FOLDER [options]',
  about: [
    'Reads the database of the service, which it does not change, and writes a folder that `threatgate verify` checks',
    'without us: all records up to the end of the period, the verdicts and policies that they name, the population',
    'and the decisions, exceptions and answers as of the end of the period, figures, the controls of frameworks that all',
    'this is evidence for, all of this as a PDF and a workbook, and a manifest. With --sample and --seed it draws changes,',
    'with a packet for each.',
    `It is signed when there is a key: --key, or ${SIGNING_KEY}.`,
    '',
    '  threatgate evidence --from 2026-01-01 --to 2027-01-01 --output evidence-2026 --key signing.pem',
    '  threatgate evidence --from 2026-01-01 --to 2027-01-01 --output sample --sample 25 --seed "the auditor’s words"',
    '',
    '`threatgate key new` makes such a key.',
  ],
  options: {
    ...PERIOD_OPTIONS,
    repos: { type: 'string', value: 'NAMES', about: 'Repositories, as owner/name,owner/name. Default: all.' },
    sample: {
      type: 'string',
      value: 'N',
      about: 'Draw so many changes; all of them where there are fewer.',
    },
    seed: {
      type: 'string',
      value: 'TEXT',
      about: 'What the draw is made with: a text of whoever tests, named after the period was over.',
    },
    output: { type: 'string', value: 'FOLDER', about: 'Folder to write; it must not exist, or be empty.' },
    database: DATABASE_OPTION,
    'from-github': {
      type: 'string',
      value: 'OWNER',
      about: 'OWNER, or OWNER/NAME: without the service, from what GitHub remembers of the Action.',
    },
    'app-id': {
      type: 'string',
      value: 'N',
      about: 'With --from-github: believe the check runs of this App in place of the Action.',
    },
    key: { type: 'string', value: 'FILE', about: 'Ed25519 private key (PKCS#8 PEM) to sign with.' },
  },
  positionals: 0,
  run: (args, io) => evidence(args, io, process.env),
};

type Environment = Readonly<Record<string, string | undefined>>;

async function evidence(args: Arguments, io: Io, env: Environment): Promise<number> {
  const text = textsOf(args);
  const { signingKey } = await import('../../audit/keys.ts');
  const question = {
    ...asked(args, io),
    key: await signingKey(text('key'), SIGNING_KEY, { env, cwd: io.cwd }),
  };
  const progress = progressOn(io);
  const write = async (place: Place, more: Partial<Question> = {}): Promise<number> => {
    const made = await written(place, { ...question, ...more, progress: progress.show });
    progress.clear();
    io.out(summary(made, text('output') ?? ''));
    return EXIT.pass;
  };
  try {
    const github = githubAsked(args, question);
    if (!github) return await write(placeOf(text('database'), env, io.cwd));
    const { withLedgerFrom } = await import('../../rebuild/from-github.ts');
    const patience = { now: io.now, wait: delay, tell: progress.show };
    return await withLedgerFrom(github, env, patience, (place, origin) =>
      write(place, { generatedAt: io.now(), origin: { ...origin, missing: [...origin.missing] } }),
    );
  } finally {
    progress.clear();
  }
}

async function written(place: Place, question: Question): Promise<Made> {
  const { openToRead } = await import('../../audit/read-ledger.ts');
  const { makePackage } = await import('../../audit/make-package.ts');
  const ledger = await openToRead(place);
  try {
    return await makePackage(ledger, question);
  } finally {
    await ledger.close();
  }
}

const delay = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** Where no service keeps records; undefined where one does. */
function githubAsked(args: Arguments, { period }: Pick<Question, 'period'>): Asked | undefined {
  const text = textsOf(args);
  const [of, app] = [text('from-github'), text('app-id')];
  if (of === undefined) {
    if (app !== undefined) throw new UsageError('--app-id belongs to --from-github.');
    return undefined;
  }
  const other = ['database', 'repos'].find((name) => text(name) !== undefined);
  if (other !== undefined) throw new UsageError(`--from-github reads no database; leave out --${other}.`);
  if (!/^[\w.-]{1,100}(?:\/[\w.-]{1,100})?$/.test(of) || /(?:^|\/)\.{1,2}(?:\/|$)/.test(of))
    throw new UsageError(`--from-github ${JSON.stringify(of)} is neither an owner nor OWNER/NAME.`);
  if (app !== undefined && !/^[1-9]\d{0,9}$/.test(app))
    throw new UsageError(`--app-id is the number of the App, not ${JSON.stringify(app)}.`);
  return { of, from: period.from, appId: app === undefined ? undefined : Number(app) };
}

/** What is asked for, checked before anything is opened. */
function asked(args: Arguments, io: Io): Omit<Question, 'key' | 'progress'> {
  const text = textsOf(args);
  const period = periodOf({ from: text('from'), to: text('to') });
  const output = text('output');
  if (output === undefined || output === '')
    throw new UsageError('--output is missing: the folder to write.');
  const repositories = namesIn(text('repos'));
  return {
    period,
    repositories,
    sample: sampleAsked(text('sample'), text('seed')),
    output: resolve(io.cwd, output),
    generatedAt: io.now(),
  };
}

function sampleAsked(size: string | undefined, seed: string | undefined): Question['sample'] {
  if (size === undefined) {
    if (seed !== undefined)
      throw new UsageError('--seed draws nothing by itself; say how many with --sample N.');
    return undefined;
  }
  const wanted = Number(size);
  if (!/^[1-9]\d*$/.test(size) || !Number.isSafeInteger(wanted))
    throw new UsageError(
      `--sample ${JSON.stringify(size)} is not a number of changes; write it like --sample 25.`,
    );
  if (seed === undefined)
    throw new UsageError(
      '--sample needs --seed TEXT: with a text that whoever tests has chosen, anybody can draw again and see that nobody else picked the changes.',
    );
  // It has to look the same in the manifest, in a table and on paper.
  if (seed.trim() === '' || seed.length > MOST_SEED || /[\p{C}\p{Zl}\p{Zp}]/u.test(seed))
    throw new UsageError(`--seed has to be a line of text, at most ${MOST_SEED} characters long.`);
  return { size: wanted, seed };
}

/** A line that is written over, for a person who waits; a log gets none. */
function progressOn(io: Io): { readonly show: (text: string) => void; readonly clear: () => void } {
  let shown = false;
  return {
    show: (text) => {
      if (!io.colour) return;
      io.err(`\r\u001b[K${terminal(text).slice(0, io.columns - 1)}`);
      shown = true;
    },
    clear: () => {
      if (shown) io.err('\r\u001b[K');
      shown = false;
    },
  };
}

function summary(made: Made, output: string): string {
  const { manifest, digest, documents, exceptions, answers } = made;
  const { query, generatedAt, repositories, counts, signer: keyId } = manifest;
  const changes = WAYS.reduce((sum, way) => sum + counts[way], 0);
  const ways = WAYS.filter((way) => counts[way] > 0).map((way) => `${counts[way]} ${way}`);
  const records = repositories.reduce((sum, one) => sum + one.records, 0);
  return [
    `Evidence from ${query.from} to ${query.to} is in ${terminal(output)}`,
    `  ${count(changes, 'change')}${changes === 0 ? '' : `: ${ways.join(', ')}`}`,
    `  ${count(records, 'record')} of ${count(repositories.length, 'repository', 'repositories')}, ${count(documents, 'document')}`,
    `  ${count(exceptions, 'exception')}, ${count(answers, 'answer')} in the register`,
    ...drawnLine(query.sample, made.drawn, changes),
    `  ${digest}, ${keyId === null ? 'not signed' : `signed by key ${keyId}`}`,
    ...(generatedAt < query.to ? ['  The period is not over: what happens later is not in it.'] : []),
    '',
  ].join('\n');
}

function drawnLine(
  sample: Made['manifest']['query']['sample'],
  drawn: number,
  changes: number,
): readonly string[] {
  if (sample === null) return [];
  const of = `with the seed ${terminal(JSON.stringify(sample.seed))}`;
  return [
    drawn < sample.size
      ? `  ${changes === 1 ? 'The only change is' : `All ${changes} changes are`} in the sample: there are not ${sample.size} to draw ${of}`
      : `  ${drawn} of ${count(changes, 'change')} drawn ${of}`,
  ];
}
