/** Where something is not as it has to be. */
export interface Place {
  readonly file?: string;
  /** Counted from 1. */
  readonly line?: number;
  readonly repository?: string;
  readonly sequence?: number;
}

/** What verification looks for: it was altered, or was never right. Everything else that is thrown is no finding. */
export class Broken extends Error {
  override readonly name = 'Broken';
  readonly place: Place;
  /** What is wrong, as a sentence without its subject’s place. */
  readonly why: string;
  constructor(place: Place, why: string) {
    super(`${whereOf(place)}: ${why}`);
    this.place = place;
    this.why = why;
  }
}

/** `records.jsonl, line 12 (record 5 of acme/shop)`. */
export function whereOf({ file, line, repository, sequence }: Place): string {
  const record =
    repository === undefined ? '' : `${sequence === undefined ? '' : `record ${sequence} of `}${repository}`;
  if (file === undefined) return record;
  return `${file}${line === undefined ? '' : `, line ${line}`}${record === '' ? '' : ` (${record})`}`;
}
