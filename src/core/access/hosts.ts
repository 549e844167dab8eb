import { covers } from './globs.ts';
import { HOSTS, IDENTITIES } from './data.generated.ts';
import { typeMatcher } from './type-match.ts';

/** Somewhere outside that a value names. */
export interface OutsideHost {
  /** Lower-case host name, or `github.com/owner` for hosts that keep many owners' code. */
  readonly host: string;
  /** The name somebody registered: `example.co.uk` of `a.b.example.co.uk`. */
  readonly domain: string;
}

/** Characters of one value that are searched, and addresses in it. */
const SEARCHED = 50_000;
const FOUND = 200;
const CODE_HOSTS = new Set(HOSTS.codeHosts);
const SUFFIXES = new Set(HOSTS.suffixes);
const ENDINGS = new Set(HOSTS.endings);
const INTERNAL = new Set(HOSTS.internal);
const RESERVED = [...HOSTS.reserved, ...HOSTS.ignored];

/** Outside hosts of all addresses with a scheme in a text. Inside names, platforms' own endpoints and reading matter are left out. */
export function hostsInText(text: string): readonly OutsideHost[] {
  const searched = text.slice(0, SEARCHED);
  const found: OutsideHost[] = [];
  for (
    let at = searched.indexOf('://'), n = 0;
    at >= 0 && n < FOUND;
    at = searched.indexOf('://', at + 3), n++
  ) {
    if (!hasScheme(searched, at) || isComment(searched, at)) continue;
    const rest = searched.slice(at + 3, at + 603);
    const host = outsideHost(authorityOf(rest), pathOf(rest));
    if (host) found.push(host);
  }
  return found;
}

/** The outside host that a bare name is (`smtp.vendor.com:587`), for keys that say so. */
export function hostOfName(text: string): OutsideHost | undefined {
  const name = text.trim();
  if (name.length > 260 || !/^[a-z0-9*](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?$/i.test(name)) return undefined;
  const host = name.replace(/:\d+$/, '').toLowerCase();
  return ENDINGS.has(host.split('.').at(-1) ?? '') ? outsideHost(host, '') : undefined;
}

function hasScheme(text: string, at: number): boolean {
  const scheme = /[a-z][a-z0-9+.-]{0,20}$/i.exec(text.slice(Math.max(0, at - 21), at))?.[0].toLowerCase();
  // `oci:`, `docker:`, `file:` name packages and files; `arn:` and `urn:` never have `//`.
  return (
    scheme !== undefined &&
    ![
      'file',
      'docker',
      'oci',
      'containerd',
      'unix',
      'data',
      'gs',
      's3',
      's3a',
      'projects',
      'docker-pullable',
      'jdbc:sqlite',
      'spiffe',
      'npipe',
    ].includes(scheme)
  );
}

/** Inside a script or a configuration text, an address on a comment line is reading matter. */
function isComment(text: string, at: number): boolean {
  const line = text.slice(Math.max(text.lastIndexOf('\n', at) + 1, at - 300), at).trimStart();
  return line.startsWith('#') || line.startsWith('// ') || line.startsWith('* ');
}

/** Host part of what follows `://`, without user, port and path. */
function authorityOf(rest: string): string {
  let depth = 0;
  let end = 0;
  for (; end < rest.length; end++) {
    const c = rest[end] ?? '';
    if (c === '{') depth++;
    else if (c === '}') depth--;
    else if (depth === 0 && /[\s/?#"'`<>\\,;)\]|]/.test(c)) break;
  }
  const authority = rest.slice(0, end);
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  return literalEnd(host.replace(/:(?:\d+|\$\{[^}]*\})$/, '')).toLowerCase();
}

const pathOf = (rest: string): string => rest.slice(rest.search(/[/?#\s]|$/)).split(/[\s"'?#]/)[0] ?? '';

/** Of `${var.region}.api.vendor.com` the part that is known; nothing when the end is not. */
function literalEnd(host: string): string {
  const close = host.lastIndexOf('}');
  if (close < 0) return host.includes('${') || host.includes('%') ? '' : host;
  const known = host.slice(close + 1);
  return known.startsWith('.') ? known.slice(1) : '';
}

function outsideHost(name: string, path: string): OutsideHost | undefined {
  const host = name.replace(/^\*\./, '').replace(/\.$/, '');
  if (!/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/.test(host) || host.length > 253) return undefined;
  const labels = host.split('.');
  const last = labels.at(-1) ?? '';
  if (
    labels.length < 2 ||
    INTERNAL.has(last) ||
    /^\d+$/.test(last) ||
    labels.includes('svc') ||
    labels.includes('internal')
  )
    return undefined;
  const within = (names: readonly string[]): boolean =>
    names.some((n) => host === n || host.endsWith(`.${n}`));
  if (within(RESERVED) || within(HOSTS.platforms)) return undefined;
  if (!CODE_HOSTS.has(host)) return { host, domain: domainOf(labels) };
  const owner = path.split('/').filter(Boolean)[0]?.toLowerCase();
  if (
    owner === undefined ||
    !/^[a-z0-9._-]+$/.test(owner) ||
    /^(?:your|my|example|some|org$|owner$|user)/.test(owner)
  )
    return undefined;
  const home = host.endsWith('githubusercontent.com') || host === 'codeload.github.com' ? 'github.com' : host;
  return { host: `${home}/${owner}`, domain: `${home}/${owner}` };
}

/** Last two labels, three under an ending such as `co.uk`. */
function domainOf(labels: readonly string[]): string {
  const two = labels.slice(-2).join('.');
  return SUFFIXES.has(two) ? labels.slice(-3).join('.') : two;
}

const federation = typeMatcher(IDENTITIES.federation);

/** Whether a type's host names are its own, or told by another detector, rather than somewhere it talks to. */
export function namesItself(type: string): boolean {
  const lower = type.toLowerCase();
  return federation(type) !== undefined || HOSTS.ownNames.some((glob) => covers(glob.toLowerCase(), lower));
}

/** A file for people or browsers inside a configuration: its links are reading matter unless a provider is behind them. */
export const isDocument = (path: string): boolean =>
  /\.(?:json|md|markdown|html?|css|js|txt|sql|svg|proto|graphql)$/i.test(path);
