import type { Handed } from './destination.ts';
import { UserError } from '../review/errors.ts';
import type { Accepted } from './outgoing.ts';

/** 100 MB, and 100 files a day for each control, by its documentation. Which endings it takes we could read of these two. */
export const AUDIT_MANAGER_ACCEPTS: Accepted = { endings: ['.pdf', '.xlsx'], most: 100_000_000 };
export const AUDIT_MANAGER_REQUIRED = ['bucket', 'assessment', 'control-set', 'control'] as const;

/**
 * The commands of the AWS command line that do it: requests to AWS are signed in a way of its own, with credentials that it
 * knows how to find. The place of a file holds its digest, so that the same file is never there twice.
 */
export function auditManagerCommands({ files, options, digest }: Handed): readonly string[] {
  const bucket = options['bucket'] ?? '';
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket))
    throw new UserError(
      `${JSON.stringify(bucket)} is not a bucket of S3.`,
      'Name it without s3:// and without a folder.',
    );
  const places = files.map((file) => ({
    file,
    place: `s3://${bucket}/threatgate/${digest.replace(/^sha256:/, '').slice(0, 16)}/${file.sha256.slice(0, 16)}-${file.name}`,
  }));
  return [
    ...places.map(({ file, place }) => `aws s3 cp ${quoted(file.path)} ${quoted(place)}`),
    [
      'aws auditmanager batch-import-evidence-to-assessment-control',
      `--assessment-id ${quoted(options['assessment'] ?? '')}`,
      `--control-set-id ${quoted(options['control-set'] ?? '')}`,
      `--control-id ${quoted(options['control'] ?? '')}`,
      `--manual-evidence ${quoted(JSON.stringify(places.map(({ place }) => ({ s3ResourcePath: place }))))}`,
    ].join(' '),
  ];
}

/** For a shell: between the quotes nothing has a meaning but the quote itself. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
