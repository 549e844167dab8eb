/** How the cookies of an origin are called and what holds for all of them. */
export interface CookieJar {
  readonly session: string;
  readonly login: string;
  /** `; Path=/; HttpOnly; …` */
  readonly attributes: string;
}

/**
 * `__Host-` binds a cookie to this very host and to HTTPS, so that no neighbour can plant one. On this machine itself,
 * without HTTPS, browsers do not take such a name.
 */
export function cookiesOf(origin: string): CookieJar {
  const isSecure = new URL(origin).protocol === 'https:';
  const prefix = isSecure ? '__Host-' : '';
  return {
    session: `${prefix}threatgate`,
    login: `${prefix}threatgate-login`,
    attributes: `; Path=/; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`,
  };
}

/** Undefined when there is none, and when there are two: one of them is not ours. */
export function cookieIn(header: string | null, name: string): string | undefined {
  const found = (header ?? '').split(';').flatMap((part) => {
    const at = part.indexOf('=');
    return at > 0 && part.slice(0, at).trim() === name ? [part.slice(at + 1).trim()] : [];
  });
  return found.length === 1 ? found[0] : undefined;
}

/** Kept until the browser is closed, and no longer than what it stands for. */
export const cookie = (jar: CookieJar, name: 'session' | 'login', value: string, seconds?: number): string =>
  `${jar[name]}=${value}${jar.attributes}${seconds === undefined ? '' : `; Max-Age=${seconds}`}`;

export const noCookie = (jar: CookieJar, name: 'session' | 'login'): string => cookie(jar, name, '', 0);
