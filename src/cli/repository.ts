import { UsageError, type OptionSpec } from './command.ts';

export const REPO_OPTION = {
  type: 'string',
  value: 'OWNER/NAME',
  about: 'Repository, as it is called in its last record.',
} as const satisfies OptionSpec;

/** Throws `UsageError` for what is no name of a repository. */
export function repositoryIn(written: string | undefined): string {
  if (written === undefined) throw new UsageError('--repo is missing: write it like --repo acme/shop.');
  if (!/^[\w.-]{1,100}\/[\w.-]{1,100}$/.test(written) || /(?:^|\/)\.{1,2}(?:\/|$)/.test(written))
    throw new UsageError(`--repo ${JSON.stringify(written)} is not a repository; write it like acme/shop.`);
  return written;
}

/** One line of somebody’s own words. */
export function sentenceIn(option: string, written: string | undefined, most = 1_000): string {
  const said = written?.trim() ?? '';
  if (said !== '' && said.length <= most && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(said)) return said;
  throw new UsageError(
    written === undefined
      ? `--${option} is missing: it is what an auditor reads.`
      : `--${option} has to be a line of text, at most ${most} characters long.`,
  );
}
