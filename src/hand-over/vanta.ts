import { days, listIn, markOf, type Destination, type Handed } from './destination.ts';
import type { Outgoing } from './outgoing.ts';
import type { Planned } from './request.ts';

const MEGABYTE = 1_000_000;

/** Files are added to a document, which is then submitted. Endings are those that its documentation names. */
export const vanta: Destination = {
  name: 'vanta',
  title: 'Vanta',
  accepts: { endings: ['.pdf', '.xlsx'], most: 50 * MEGABYTE },
  token: { variable: 'VANTA_TOKEN', scheme: 'Bearer' },
  url: 'https://api.vanta.com',
  required: ['document'],
  optional: [],
  deliveries: (handed) =>
    handed.files.map((file) => ({
      file,
      ask: { method: 'GET', url: uploads(handed), headers: JSON_ANSWER },
      isThere: (answer) =>
        listIn(answer, 'results', 'data').some(({ description }) =>
          String(description).includes(markOf(file)),
        ),
      send: [() => upload(handed, file)],
    })),
  finish: (handed) => ({ method: 'POST', url: `${document(handed)}/submit`, headers: JSON_ANSWER }),
};

const JSON_ANSWER = { accept: 'application/json' };

const document = ({ url, options }: Handed): string =>
  `${url}/v1/documents/${encodeURIComponent(options['document'] ?? '')}`;
const uploads = (handed: Handed): string => `${document(handed)}/uploads`;

const upload = (handed: Handed, file: Outgoing): Planned => ({
  method: 'POST',
  url: uploads(handed),
  headers: JSON_ANSWER,
  body: {
    kind: 'form',
    fields: {
      effectiveAtDate: handed.period.to,
      // What it is found again by.
      description: `Threatgate ${handed.digest}, ${days(handed)}, ${markOf(file)}`,
    },
    file,
  },
});
