import type { Contents } from '../rendering.ts';
import { BODY, type Paper } from './paper.ts';

const STEPS = [
  'On your own machine, without a network and without us:  threatgate verify FOLDER --trust KEY.pub',
  'It checks every chain of records from its beginning, makes every table, this document and the workbook anew from the records, and compares them; then counts, digests and the signature. It names file, line and record of the first thing that is not as it has to be. Exit code 0: everything is; 1: something is broken; 2: it could not be read.',
  'Without our program:  jq -r \'.files[] | "\\(.sha256)  \\(.name)"\' manifest.json | sha256sum --check  compares every file with the manifest; openssl pkeyutl -verify checks the signature of the manifest, as the guide for auditors shows.',
  'A signature proves something only if you know whose key it is: get the public key, or its fingerprint, by another way than this package.',
];

const LIMITS = [
  'That nothing was cut off at the end of a chain, and that the whole chain is not another one, shows only against an end that was kept elsewhere: in an earlier package, or on the check runs.',
  'The instant at which it was made is that of the machine that made it; no third party vouches for it.',
  'Records say what the gate saw. Compare the population with what GitHub has (threatgate reconcile), and with what was deployed.',
];

export function drawVerification(paper: Paper, { stated: { signer } }: Contents): void {
  paper.section('How to verify this');
  for (const step of STEPS) paper.paragraph(step, BODY);
  paper.paragraph(
    signer === null ? 'This package is not signed.' : `This package is signed by key ${signer}.`,
  );
  paper.heading('What it does not prove');
  for (const limit of LIMITS) paper.paragraph(limit, BODY);
  paper.heading('How this document shows texts');
  paper.paragraph(
    'What people wrote stands here as it stands in the tables. A text that ends in “…” was cut here and is whole there. A character that cannot be seen, that would turn the direction of writing, or that the font has not is shown by its number, like <U+202E>. A text of a table that a spreadsheet would run as a formula begins with an apostrophe.',
    BODY,
  );
}
