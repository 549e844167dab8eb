/** Tokens and sessions travel to these addresses: in clear text only to this very machine. */
export function isPrivateWay(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, search, hash, username, password } = new URL(text);
  if (search !== '' || hash !== '' || username !== '' || password !== '') return false;
  return (
    protocol === 'https:' ||
    (protocol === 'http:' && /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname))
  );
}

/** The pages have a host to themselves: a cookie that is bound to it is for all of its paths. */
export function isOrigin(text: string): boolean {
  return isPrivateWay(text) && new URL(text).pathname === '/';
}
