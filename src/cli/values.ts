import { UsageError, type Arguments } from './command.ts';

/** Holds the private key where no file is named. */
export const SIGNING_KEY = 'THREATGATE_SIGNING_KEY';

/** Options that take a value, by name; undefined where one was not given. */
export const textsOf =
  ({ values }: Arguments) =>
  (name: string): string | undefined => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };

/** `owner/name,owner/name`, as `--repos` takes them. */
export function namesIn(written: string | undefined): readonly string[] | undefined {
  const names = written?.split(',').map((name) => name.trim());
  const wrong = names?.find((name) => !/^[^/\s]+\/[^/\s]+$/.test(name));
  if (wrong === undefined) return names;
  throw new UsageError(`${JSON.stringify(wrong)} is not a repository; write --repos owner/name,owner/name.`);
}
