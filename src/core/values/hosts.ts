/** A host that a text names. */
export interface MentionedHost {
  /** Lower case, without port. */
  readonly host: string;
  /** Whether the text can only mean a host: it stands in a URL, or has a port or a cluster suffix. */
  readonly certain: boolean;
}

const SCHEME = /^[a-z][a-z0-9+.-]{0,40}:\/\//i;
const HOST = /^[a-z0-9_](?:[a-z0-9_.-]{0,252}[a-z0-9_])?$/i;
const PORT = /^:\d{1,5}$/;
/** Words at the end of a key that announce a host. */
const HOST_KEY =
  /host|addr|url|uri|endpoint|server|service|broker|upstream|backend|origin|dsn|connection|proxy|dns/i;
const HOSTS_OF_ONE_TEXT = 200;

/** Hosts in a setting: URLs, `host:port` and bare names, in lists of any separator. */
export function hostsIn(text: string): readonly MentionedHost[] {
  const found: MentionedHost[] = [];
  for (const [word] of text.matchAll(/[^\s,;"'`<>()[\]{}|=\\]+/g)) {
    if (found.length >= HOSTS_OF_ONE_TEXT) break;
    const host = word.length <= 2_000 ? hostOf(word) : undefined;
    if (host) found.push(host);
  }
  return found;
}

function hostOf(word: string): MentionedHost | undefined {
  const scheme = SCHEME.exec(word)?.[0] ?? '';
  const rest = word.slice(scheme.length);
  const authority = rest.slice(0, firstOf(rest, /[/?#]/));
  const address = authority.slice(authority.lastIndexOf('@') + 1);
  const colon = address.lastIndexOf(':');
  const host = (colon < 0 ? address : address.slice(0, colon)).toLowerCase();
  const port = colon < 0 ? '' : address.slice(colon);
  if (!HOST.test(host) || /^\d+$/.test(host)) return undefined;
  return { host, certain: scheme !== '' || PORT.test(port) || /\.svc(?:\.|$)/.test(host) };
}

function firstOf(text: string, pattern: RegExp): number {
  const at = text.search(pattern);
  return at < 0 ? text.length : at;
}

/**
 * Hosts that the setting `key` = `text` points at. A bare word counts only when it is the whole text and the key
 * speaks of a host, as a word such as "default" may be anything.
 */
export function hostsOfSetting(key: string, text: string): readonly string[] {
  const whole = text.trim().toLowerCase();
  return hostsIn(text)
    .filter(({ host, certain }) => certain || (host === whole && HOST_KEY.test(endOf(key))))
    .map(({ host }) => host);
}

/** The last two words of a key: `BROKER_GROUP_ID` is of a group, not of a broker, and a service's name is no host. */
function endOf(key: string): string {
  const end = key
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .split(/[_\W]+/)
    .slice(-2)
    .join('_');
  return /^service_name$/i.test(end) ? '' : end;
}
