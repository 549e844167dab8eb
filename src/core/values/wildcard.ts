/**
 * Addresses with `*` (any characters) and `?` (one character), as models and policies write them. Own code, because
 * patterns stand in files that a contributor writes: a regular expression made from `*a*a*a*` can take for ever, this
 * takes pattern × text steps at most. Brackets are plain characters: `aws_instance.web[0]` is an address.
 */
export function matchesWildcard(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let resume = 0;
  while (t < text.length) {
    const wanted = pattern[p];
    if (wanted === '*') {
      star = p++;
      resume = t;
    } else if (wanted !== undefined && (wanted === '?' || wanted === text[t])) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}

/** The same test made once for many texts: most are told apart by the longest literal piece alone. */
export function compileWildcard(pattern: string): (text: string) => boolean {
  const longest = pattern.split(/[*?]+/).reduce((a, b) => (b.length > a.length ? b : a), '');
  return (text) => text.includes(longest) && matchesWildcard(pattern, text);
}

export function hasWildcard(pattern: string): boolean {
  return pattern.includes('*') || pattern.includes('?');
}

/** Words that any address of a provider or of every project begins with: they narrow nothing down. */
const PROVIDERS =
  /^(aws|azurerm|azuread|azure|google|gcp|kubernetes|k8s|module|data|resource|service|job|npm|pypi|go)$/;
/** Fewest letters and digits, besides such words, that tell which resources are meant. */
const LEAST_LITERAL = 3;

/** Whether a pattern names nothing in particular: `*`, `**`, `aws_*`, `*.*`, `?*`. */
export function isCatchAll(pattern: string): boolean {
  if (!hasWildcard(pattern)) return false;
  const literal = pattern
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => !PROVIDERS.test(word.toLowerCase()))
    .join('');
  return literal.length < LEAST_LITERAL;
}
