import { days, listIn, markOf, type Destination, type Handed } from './destination.ts';
import type { Outgoing } from './outgoing.ts';

const MEGABYTE = 1_000_000;
const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * An evidence for each file, and the file as its attachment. A second attachment takes the place of the first, so that every
 * content gets an evidence of its own. Endings and size are those of its source; the size can be set there.
 */
export const cisoAssistant: Destination = {
  name: 'ciso-assistant',
  title: 'CISO Assistant',
  accepts: { endings: ['.pdf', '.xlsx', '.csv', '.json'], most: 50 * MEGABYTE },
  token: { variable: 'CISO_ASSISTANT_TOKEN', scheme: 'Token' },
  url: undefined,
  required: ['domain'],
  optional: ['controls'],
  deliveries: (handed) =>
    handed.files.map((file) => ({
      file,
      ask: {
        method: 'GET',
        url: `${evidences(handed)}?name=${encodeURIComponent(nameOf(handed, file))}`,
        headers: {},
      },
      // An evidence without its attachment is one of an earlier try.
      isThere: (answer) => listIn(answer, 'results').some(({ attachment }) => typeof attachment === 'string'),
      send: [
        () => ({
          method: 'POST',
          url: evidences(handed),
          headers: {},
          body: {
            kind: 'json',
            value: {
              name: nameOf(handed, file),
              description: `Threatgate ${handed.digest}, ${days(handed)}, ${markOf(file)}`,
              folder: handed.options['domain'],
              applied_controls: handed.options['controls']?.split(',') ?? [],
              requirement_assessments: [],
            },
          },
        }),
        (answers) => ({
          method: 'POST',
          url: `${evidences(handed)}${idIn(answers.at(-1))}/upload/`,
          headers: { 'content-disposition': `attachment;filename="${file.name}"` },
          body: { kind: 'file', file },
        }),
      ],
    })),
};

const evidences = ({ url }: Handed): string => `${url}/evidences/`;

const nameOf = (handed: Handed, { name, sha256 }: Outgoing): string =>
  `Threatgate ${days(handed)} ${name} ${sha256.slice(0, 32)}`;

/** `{id}` before anything was answered: it is shown like that. */
function idIn(answer: unknown): string {
  const id = (answer as { readonly id?: unknown } | undefined)?.id;
  return typeof id === 'string' && ID.test(id) ? id : '{id}';
}
