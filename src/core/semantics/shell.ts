/** Programs that run what they are fed. */
const SHELL =
  /^(?:sudo\s{1,9}(?:-\w{1,9}\s{1,9}){0,3})?(?:\/usr)?(?:\/bin\/)?(?:env\s{1,9})?(?:ba|z|da|k)?sh\b|^(?:sudo\s{1,9})?(?:python3?|node|perl|ruby|php|iex|invoke-expression)\b/i;
const FETCH = /\b(?:curl|wget|iwr|invoke-webrequest|irm)\b/i;
const URL_HOST = /\bhttps?:\/\/(?:[^/@\s"']{0,200}@)?([\w.-]{1,253})/i;

/** Longest text that is looked at; more is no sensible script. */
const LONGEST = 200_000;

/**
 * Hosts whose answer a script runs as it comes: `curl … | sh`, `sh -c "$(curl …)"`, `bash <(curl …)`, `eval "$(curl …)"`.
 * Sorted; `an unknown host` when the address is put together at run time.
 */
export function pipedDownloads(script: string): string[] {
  const found = new Set<string>();
  for (const line of script
    .slice(0, LONGEST)
    .replace(/\\\r?\n/g, ' ')
    .split(/[\n;]|&&|\|\|/)) {
    const command = line.trim();
    if (command.startsWith('#') || !FETCH.test(command)) continue;
    const stages = command.split('|').map((s) => s.trim());
    const fetcher = stages.findIndex((s) => FETCH.test(s));
    const piped = stages.slice(fetcher + 1).some((s) => SHELL.test(s));
    if (piped || isSubstituted(command))
      found.add(URL_HOST.exec(command)?.[1]?.toLowerCase() ?? 'an unknown host');
  }
  return [...found].sort();
}

/** The answer becomes the program through `$(…)`, backticks or `<(…)`. */
function isSubstituted(command: string): boolean {
  const opened = command.search(/\$\(|`|<\(/);
  if (opened < 0 || !FETCH.test(command.slice(opened))) return false;
  const before = command
    .slice(0, opened)
    .replace(/["']+$/, '')
    .trim();
  return /(?:^|\s)(?:eval|source|\.|(?:ba|z|da|k)?sh(?:\s{1,9}-\w{1,9}){0,3}|iex)$/i.test(before.slice(-200));
}

/** Compares what was fetched with something known. */
const VERIFIES =
  /\b(?:sha(?:1|224|256|384|512)sum|shasum|md5sum|gpg2?\s[^|;&]{0,200}--verify|cosign\s{1,9}verify|minisign|rsa_verify|--checksum)\b|\bsha256\b[^|;&]{0,200}-c\b/i;
const URLS = /\bhttps?:\/\/[^\s"'`)>|;]{1,1000}/gi;

/** Addresses that a script fetches something from, and whether the script checks what it got. */
export function downloads(script: string): { readonly urls: readonly string[]; readonly verified: boolean } {
  const lines = script
    .slice(0, LONGEST)
    .replace(/\\\r?\n/g, ' ')
    .split(/[\n;]|&&|\|\|/)
    .map((line) => line.trim())
    .filter((line) => !line.startsWith('#') && FETCH.test(line));
  const urls = lines
    .flatMap((line) => line.match(URLS) ?? [])
    .filter((url) => !/^https?:\/\/(?:localhost|127\.|\[?::1|\$)/i.test(url));
  return { urls: [...new Set(urls)].sort(), verified: VERIFIES.test(script.slice(0, LONGEST)) };
}
