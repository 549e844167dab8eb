import { days, listIn, type Destination, type Handed } from './destination.ts';
import type { Outgoing } from './outgoing.ts';

const MEGABYTE = 1_000_000;

/**
 * One entry of the evidence library for each file (API of version 1). It takes documents, tables and pictures, and neither
 * CSV nor JSON; of what a package has, these two.
 */
export const drata: Destination = {
  name: 'drata',
  title: 'Drata',
  accepts: { endings: ['.pdf', '.xlsx'], most: 50 * MEGABYTE },
  token: { variable: 'DRATA_TOKEN', scheme: 'Bearer' },
  url: 'https://public-api.drata.com/public',
  required: ['workspace', 'owner'],
  optional: ['controls'],
  deliveries: (handed) =>
    handed.files.map((file) => ({
      file,
      ask: {
        method: 'GET',
        url: `${library(handed)}?limit=50&q=${encodeURIComponent(nameOf(handed, file))}`,
        headers: JSON_ANSWER,
      },
      isThere: (answer) => listIn(answer, 'data').some(({ name }) => name === nameOf(handed, file)),
      send: [
        () => ({
          method: 'POST',
          url: library(handed),
          headers: JSON_ANSWER,
          body: { kind: 'form', fields: fieldsOf(handed, file), file },
        }),
      ],
    })),
};

const JSON_ANSWER = { accept: 'application/json' };

const library = ({ url, options }: Handed): string =>
  `${url}/workspaces/${encodeURIComponent(options['workspace'] ?? '')}/evidence-library`;

/** At most 191 characters, with the digest in it: what it is found again by. */
const nameOf = (handed: Handed, { name, sha256 }: Outgoing): string =>
  `Threatgate ${days(handed)} ${name} ${sha256.slice(0, 32)}`.slice(0, 191);

function fieldsOf(handed: Handed, file: Outgoing): Readonly<Record<string, string>> {
  const { period, digest, options, now } = handed;
  const controls = options['controls'];
  return {
    name: nameOf(handed, file),
    description: `Threatgate ${digest}, ${days(handed)}, sha256:${file.sha256}`,
    // It is about a time that is over, and is not renewed; the date is asked for all the same.
    renewalDate: period.to.slice(0, 10),
    renewalScheduleType: 'NONE',
    source: 'S3_FILE',
    filedAt: now,
    ownerId: options['owner'] ?? '',
    ...(controls === undefined ? {} : { controlIds: controls }),
  };
}
