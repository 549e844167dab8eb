import { z } from 'zod';
import { canonicalJson, digestOf } from '../core/digest.ts';
import { MOST_SEED } from '../core/audit/sample.ts';
import { WAYS } from '../core/model/audit.ts';
import { VERSION } from '../core/version.generated.ts';
import { UserError } from '../review/errors.ts';
import { Broken, type Place } from './broken.ts';
import { MANIFEST } from './parts.ts';

/**
 * The package: a folder that can be checked without us and without a database. Everything in it follows from the records
 * and documents but for the head of the manifest, so that whoever has the same records makes the same files.
 */
export const SCHEMA = '1.0';

/** Longest line of a file that is made or read: more than any verdict has, and less than a text can hold. */
export const MOST_LINE = 128 * 1024 * 1024;
export const MOST_MANIFEST = 64 * 1024 * 1024;

/**
 * What is held at a time, so that a package of somebody else cannot take all the memory there is: the records of one
 * repository, in characters (five times what ten thousand changes have), and the changes of all of them.
 */
export const MOST_RECORDS = 256 * 1024 * 1024;
export const MOST_CHANGES = 500_000;
/** Of exceptions, of the register and of drawn changes, before it is known which ones stay. */
export const MOST_ROWS = 1_000_000;

/** The same when it is made as when it is verified: a package that could not be verified is none. */
export function requireBounded(what: keyof typeof BOUNDS, size: number): void {
  const { most, problem, remedy } = BOUNDS[what];
  if (size > most) throw new UserError(problem, remedy);
}

const BOUNDS = {
  records: {
    most: MOST_RECORDS,
    problem: 'One repository has more records than can be looked at at once.',
    remedy: 'Verify the database itself, with --database.',
  },
  changes: {
    most: MOST_CHANGES,
    problem: `There are more than ${MOST_CHANGES} changes.`,
    remedy: 'Ask for a shorter period, or for some of the repositories.',
  },
  rows: {
    most: MOST_ROWS,
    problem: `There are more than ${MOST_ROWS} exceptions, answers and records of drawn changes.`,
    remedy: 'Ask for some of the repositories, or for a smaller sample.',
  },
} as const;

const whole = z.int().min(0);
const instant = z.iso.datetime();
const head = z.object({ sequence: whole, hash: z.string().regex(/^sha256:[0-9a-f]{64}$/) });

/** Also the source of its JSON schema. */
export const manifestSchema = z.object({
  schema: z.string().regex(/^\d{1,6}\.\d{1,6}$/),
  tool: z.object({
    name: z.literal('threatgate'),
    version: z.string(),
    rules: z.string(),
    catalogue: z.string(),
  }),
  query: z.object({
    from: instant,
    to: instant,
    /** As they were asked for; null for all there are. */
    repositories: z.array(z.string()).nullable(),
    timeZone: z.literal('UTC'),
    /** Null when none was asked for. More may be asked for than there are changes. */
    sample: z.object({ size: whole.min(1), seed: z.string().min(1).max(MOST_SEED) }).nullable(),
  }),
  /**
   * The only thing that differs between two packages of the same records, question and key, and with it what is as of this
   * time: the information sheet, and while the period was not over what stood in it then.
   */
  generatedAt: instant,
  /** Only where no service kept the records: whose words on GitHub were believed, and what could not be seen. */
  origin: z
    .object({
      kind: z.literal('github'),
      of: z.string().max(200),
      gate: z.string().max(200),
      missing: z.array(z.string().max(10_000)).max(10_000),
    })
    .exactOptional(),
  /** Id of the key that signs it; null when nobody does. A signature that is taken away is missed. */
  signer: z.string().nullable(),
  counts: z.object(
    Object.fromEntries(WAYS.map((way) => [way, whole])) as Record<(typeof WAYS)[number], typeof whole>,
  ),
  /** In order of their ids. `name` is the one in the last record. */
  repositories: z.array(z.object({ id: whole, name: z.string(), records: whole, head })),
  /** In order of their names. A name is a name, not a path. */
  files: z.array(
    z.object({
      name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/),
      bytes: whole,
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      /** Of a rendering: packages that decide about its bytes, with their versions. */
      madeWith: z.string().max(1_000).exactOptional(),
    }),
  ),
  /** SHA-256 over the canonical JSON of everything else in the manifest: what the whole package is called. */
  digest: z.string(),
});

export type Manifest = z.output<typeof manifestSchema>;
export type FileEntry = Manifest['files'][number];
export type RepositoryEntry = Manifest['repositories'][number];

export function writeManifest(content: Omit<Manifest, 'digest'>): {
  readonly digest: string;
  readonly text: string;
} {
  const digest = digestOf(canonicalJson(content));
  return { digest, text: `${canonicalJson({ ...content, digest })}\n` };
}

/** Every character counts, as in a record. Throws `Broken`; a later kind of package is not broken, only unknown. */
export function readManifest(text: string): Manifest {
  const value = readOnlyLine(MANIFEST, text);
  const { digest, ...content } = value;
  if (digest !== digestOf(canonicalJson(content)))
    throw new Broken({ file: MANIFEST }, 'Its content does not have the digest it states.');
  const major = String(value['schema']).split('.')[0];
  if (major !== SCHEMA.split('.')[0])
    throw new UserError(
      'This package was written by another version of Threatgate, in a form that this one does not know.',
      'Verify it with the version that its manifest names.',
    );
  const checked = manifestSchema.safeParse(value);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    throw new Broken(
      { file: MANIFEST },
      `${issue?.path.join('.') ?? ''} is not as it has to be: ${issue?.message ?? ''}.`,
    );
  }
  return checked.data;
}

/** The only line of a file. */
export function readOnlyLine(file: string, text: string): Record<string, unknown> {
  if (!text.endsWith('\n')) throw new Broken({ file }, 'Its end is missing.');
  return readCanonical({ file }, text.slice(0, -1));
}

/** A line with an object in canonical form. */
export function readCanonical(place: Place, line: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(line);
    if (typeof value === 'object' && value !== null && !Array.isArray(value) && canonicalJson(value) === line)
      return value as Record<string, unknown>;
  } catch {
    // Not JSON, or nested too deeply to be ours.
    throw new Broken(place, 'It is not JSON.');
  }
  throw new Broken(place, 'It is not written in the canonical form.');
}

/** Another version may tell the same in other words and columns. */
export const isOurs = ({ tool }: Pick<Manifest, 'tool'>): boolean => tool.version === VERSION;

/** To be put behind a finding about what another version may have meant. */
export const hintOf = (manifest: Pick<Manifest, 'tool'>): string =>
  isOurs(manifest)
    ? ''
    : ` It was made by version ${manifest.tool.version}, and this is ${VERSION}: ask that one too.`;
