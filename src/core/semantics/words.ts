/**
 * Splits a name of any convention into lower-case words: `publiclyAccessible`, `publicly_accessible`, `block-project-ssh-keys`,
 * `KMSKeyId` → `kms key id`, `hostPID` → `host pid`.
 */
export function splitWords(name: string): readonly string[] {
  return name
    .slice(0, 300)
    .replace(/OAuth/g, 'Oauth')
    .replace(/IPv(?=[46])/g, 'Ipv')
    .replace(
      /([A-Z])([A-Z]+)(v\d|s(?=[A-Z_.-]|$))/g,
      (_, first: string, rest: string, end: string) => first + rest.toLowerCase() + end,
    )
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9*]+/)
    .filter((w) => w !== '');
}

/** Whether `word` is like `pattern`, in which a leading or trailing `*` stands for any letters. */
export function wordMatches(pattern: string, word: string): boolean {
  const open = pattern.startsWith('*');
  const ends = pattern.endsWith('*') && pattern.length > 1;
  const core = pattern.slice(open ? 1 : 0, ends ? -1 : undefined);
  if (open && ends) return word.includes(core);
  if (open) return word.endsWith(core);
  return ends ? word.startsWith(core) : word === core;
}

/** Where the words of `phrase` first stand next to each other, in order, in `words`; -1 when nowhere. */
export function phraseIndex(phrase: readonly string[], words: readonly string[]): number {
  for (let start = 0; start + phrase.length <= words.length; start++)
    if (phrase.every((p, i) => wordMatches(p, words[start + i] ?? ''))) return start;
  return -1;
}

export const phraseOccurs = (phrase: readonly string[], words: readonly string[]): boolean =>
  phraseIndex(phrase, words) >= 0;
