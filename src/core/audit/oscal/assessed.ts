import { canonicalJson } from '../../digest.ts';
import type { ChangeEntry, Period, Population } from '../../model/audit.ts';
import type { AuditRecord } from '../../model/record.ts';
import type { Exceptions } from '../exceptions.ts';
import type { FrameworkEntry } from '../frameworks.ts';
import type { Register } from '../register.ts';
import type { ReviewEntry } from '../reviews.ts';
import { nameBasedUuid } from './name-based-uuid.ts';

/** Everything that the OSCAL documents of a package are made of. */
export interface Assessed {
  readonly period: Period;
  /** Instant as of which exceptions and risks are shown, and that the documents are dated with. */
  readonly at: string;
  readonly sample: { readonly size: number; readonly seed: string } | null;
  /** Version of the tool that made the package. */
  readonly version: string;
  /** Each with the end of its chain: other records make other documents. */
  readonly repositories: readonly {
    readonly id: number;
    readonly name: string;
    readonly head: { readonly sequence: number; readonly hash: string };
  }[];
  readonly population: Population;
  readonly exceptions: Exceptions;
  readonly register: Register;
  readonly reviews: readonly ReviewEntry[];
  readonly drawn: ReadonlySet<ChangeEntry>;
  /** Those that the package holds something for. */
  readonly controls: readonly FrameworkEntry[];
  /** Files of the package that the documents point to, with SHA-256 in hexadecimal. */
  readonly files: readonly { readonly name: string; readonly sha256: string }[];
}

/** Gives a thing its UUID by what it is: the same package has the same ones, another one shares none with it. */
export type Identify = (kind: string, ...parts: readonly (string | number)[]) => string;

export function identifier({ period, at, sample, version, repositories }: Assessed): Identify {
  const heads = repositories.map(({ id, head }) => [id, head.sequence, head.hash]);
  const package_ = [period.from, period.to, at, sample, version, heads];
  return (kind, ...parts) => nameBasedUuid(canonicalJson([...package_, kind, ...parts]));
}

/** A record is one only within its repository. */
export const placeOf = ({
  repository,
  record,
}: {
  readonly repository: AuditRecord['repository'];
  readonly record: number;
}): readonly [number, number] => [repository.id, record];

/** How a change is told apart: by its last record, as its id may be that of an older repository with the same name. */
export const placeOfChange = ({ repository, records }: ChangeEntry): readonly [number, number] => [
  repository.id,
  records.at(-1) ?? 0,
];
