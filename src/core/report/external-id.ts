/** What our text on a check run says: which repository and pull request (or merge group) it is about, and which delta digest it showed. */
export interface ExternalId {
  readonly repository: number;
  /** `pull/12` or `group`. */
  readonly subject: string;
  readonly digest: string;
}

const FORM = /^threatgate:1:([1-9]\d{0,15}):(pull\/[1-9]\d{0,8}|group):(sha256:[0-9a-f]{64})$/;

/** GitHub names no pull requests on check runs of forks and merge groups, so the run has to. Far below 255 characters. */
export function writeExternalId({ repository, subject, digest }: ExternalId): string {
  return `threatgate:1:${repository}:${subject}:${digest}`;
}

/** Exactly what `writeExternalId` writes, or nothing: others may write check runs too. */
export function readExternalId(text: string): ExternalId | undefined {
  const [, repository, subject, digest] = FORM.exec(text) ?? [];
  if (repository === undefined || subject === undefined || digest === undefined) return undefined;
  const id = Number(repository);
  return Number.isSafeInteger(id) ? { repository: id, subject, digest } : undefined;
}
