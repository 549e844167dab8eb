/**
 * The files of a package. A new one is a line here and an entry in `sheetsOf` or `renderingsOf`; everything else that knows
 * of files, the guide included, goes by this list.
 */

/** Names the other files with their digests. */
export const MANIFEST = 'manifest.json';
/** Speaks of the bytes of the manifest, and so is not named in it. */
export const SIGNATURE = 'manifest.sig';
/** The stored text of records, by repository id and sequence, from the first of each chain on. */
export const RECORDS = 'records.jsonl';
export const DOCUMENTS = 'documents.jsonl';
export const POPULATION = 'population.csv';
export const DECISIONS = 'decisions.csv';
export const EXCEPTIONS = 'exceptions.csv';
export const REVIEWS = 'reviews.csv';
export const REGISTER = 'register.csv';
export const NOTES = 'notes.csv';
export const CONFIGURATION = 'configuration.csv';
export const THREATS = 'threats.csv';
export const VENDORS = 'vendors.csv';
export const ASSUMPTIONS = 'assumptions.csv';
export const INVENTORY = 'inventory.csv';
export const METRICS = 'metrics.json';
export const CONTROLS = 'controls.csv';
export const INFORMATION = 'information.csv';
export const SAMPLE = 'sample.csv';
export const SAMPLE_PACKETS = 'sample.json';
export const OSCAL_PLAN = 'oscal-assessment-plan.json';
export const OSCAL_RESULTS = 'oscal-assessment-results.json';
export const OSCAL_POAM = 'oscal-poam.json';
export const STATEMENTS = 'statements.intoto.jsonl';
export const DOCUMENT = 'evidence.pdf';
export const WORKBOOK = 'evidence.xlsx';

export interface Part {
  readonly name: string;
  /**
   * `head`: names the others. `ledger`: copied. `table`: follows from the records, and is made anew row by row. `rendering`:
   * made of the tables. `signed`: made of the records, each line with a signature of its own.
   */
  readonly kind: 'head' | 'ledger' | 'table' | 'rendering' | 'signed';
  /** Only there when a sample was asked for. */
  readonly drawn?: true;
  /** What it holds, as the guide says it. */
  readonly about: string;
}

/** In the order in which somebody meets them who reads. */
export const PARTS: readonly Part[] = [
  {
    name: MANIFEST,
    kind: 'head',
    about:
      'The question, when and by which version it was made, how many changes came which way, where each chain ends, size and digest of every other file. Its own digest is the name of the package.',
  },
  {
    name: SIGNATURE,
    kind: 'head',
    about:
      'Signature over the bytes of the manifest, with the public key. Absent when it was made without a key.',
  },
  {
    name: DOCUMENT,
    kind: 'rendering',
    about:
      'All of this to be read and filed: what was asked, information sheet, criteria, population in numbers, a page for each drawn change, exceptions, register, figures with charts, how to verify. Long tables end with how many more rows are in which file.',
  },
  {
    name: WORKBOOK,
    kind: 'rendering',
    about:
      'The tables below in one workbook, a sheet for each, and what each way means. No cell is a formula.',
  },
  {
    name: INFORMATION,
    kind: 'table',
    about:
      'How it came about, to be read first: question, filters, the command that asks the same again, version, time zone, rows and digest of each file, first and last record of each chain.',
  },
  {
    name: POPULATION,
    kind: 'table',
    about:
      'Every change, a row each: who, when, where to, its way and why, the verdict, and the numbers of all records about it.',
  },
  {
    name: DECISIONS,
    kind: 'table',
    about: 'Every decision on these changes, those that ended and those that were refused included.',
  },
  {
    name: EXCEPTIONS,
    kind: 'table',
    about:
      'Emergencies with the state of their review, waivers, bypasses, pushes, outages of the gate, and what is unexplained. `let_through` says whether the merge rests on it.',
  },
  {
    name: REVIEWS,
    kind: 'table',
    about:
      'Reviews of what stands: by schedule, after incidents, for findings, for what came past the gate and for emergencies; whose they are, when they are due, who held them and what came of it, and which changes followed.',
  },
  {
    name: REGISTER,
    kind: 'table',
    about: 'Risks that were accepted, with owner and end; answers that name a ticket or a control.',
  },
  {
    name: NOTES,
    kind: 'table',
    about: 'What happened to the gate itself: it came, it left, its rules changed, it was out.',
  },
  {
    name: CONFIGURATION,
    kind: 'table',
    about:
      'The set-up of the gate over time: the App, its rules, GitHub’s own rules for the guarded branches and who may bypass them, legal holds; each with since when and until when.',
  },
  {
    name: THREATS,
    kind: 'table',
    about:
      'What the threat models on the default branches said at the end: every threat with its rating, status, owner, mitigations and tickets.',
  },
  {
    name: VENDORS,
    kind: 'table',
    about: 'Vendors in these models, with the flows to and from them and the boundaries that these cross.',
  },
  {
    name: ASSUMPTIONS,
    kind: 'table',
    about: 'Assumptions that these models rest on.',
  },
  {
    name: INVENTORY,
    kind: 'table',
    about: 'Components, data flows, trust boundaries and data of these models.',
  },
  {
    name: METRICS,
    kind: 'table',
    about:
      'Figures by month: changes by way, coverage, bypasses, emergencies, time to approval, overdue reviews. Rates are two numbers each, to be counted again.',
  },
  {
    name: CONTROLS,
    kind: 'table',
    about:
      'Controls of frameworks that the package is evidence for, by their ids and in our words, with the files that speak to each. `checked` says whether we read the framework itself.',
  },
  {
    name: RECORDS,
    kind: 'ledger',
    about: 'Every record, as it is stored, from the first of each chain to the end of the period.',
  },
  {
    name: DOCUMENTS,
    kind: 'ledger',
    about: 'The verdicts, policies, rules of branches and threat models that the records name, whole.',
  },
  {
    name: SAMPLE,
    kind: 'table',
    drawn: true,
    about: 'Only with `--sample`: the changes that were drawn, with the number that decided.',
  },
  {
    name: SAMPLE_PACKETS,
    kind: 'table',
    drawn: true,
    about: 'Only with `--sample`: a packet for each of them, with verdict, decisions and records.',
  },
  {
    name: OSCAL_RESULTS,
    kind: 'rendering',
    about:
      'OSCAL assessment results: an observation for each change, or for more than 1,000 of them for each that did not come in the ordinary way and each that was drawn, besides one with the counts; a finding for each exception.',
  },
  {
    name: OSCAL_PLAN,
    kind: 'rendering',
    about: 'The OSCAL assessment plan that the results point to: period, controls, what was done.',
  },
  {
    name: OSCAL_POAM,
    kind: 'rendering',
    about:
      'OSCAL plan of action and milestones: reviews that are due, accepted risks with their end, tickets that are not closed. It says so when nothing is open.',
  },
  {
    name: STATEMENTS,
    kind: 'signed',
    about:
      'Only with a key: in-toto statements in DSSE envelopes about each merged commit whose id is on record. [More](../reference/statements.md).',
  },
];

/** The files that the manifest of a package names for its question, in order of their names. */
export const partsOf = ({
  sample,
  signed = false,
}: {
  readonly sample: object | null;
  readonly signed?: boolean;
}): readonly string[] =>
  PARTS.filter(({ kind }) => kind !== 'head' && (kind !== 'signed' || signed))
    .filter(({ drawn }) => drawn === undefined || sample !== null)
    .map(({ name }) => name)
    .sort();

/** Undefined of a file that this version knows nothing about. */
export const kindOf = (name: string): Part['kind'] | undefined =>
  PARTS.find((part) => part.name === name)?.kind;
