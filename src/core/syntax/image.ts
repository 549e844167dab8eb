/** A container image reference in its parts. `registry` is `docker.io` and `library/` is filled in where nothing is written. */
export interface ImageName {
  readonly registry: string;
  /** Path within the registry: `library/node`, `acme/api`. */
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

/** `ghcr.io/acme/api:1.2@sha256:…` → parts. A reference with variables keeps them as they are written. */
export function parseImage(reference: string): ImageName {
  const at = reference.indexOf('@');
  const digest = at < 0 ? undefined : reference.slice(at + 1);
  const named = at < 0 ? reference : reference.slice(0, at);
  const colon = tagColon(named);
  const tag = colon < 0 ? undefined : named.slice(colon + 1);
  const path = colon < 0 ? named : named.slice(0, colon);
  const slash = path.indexOf('/');
  const host = slash < 0 ? '' : path.slice(0, slash);
  const isHost = /[.:]/.test(host) || host === 'localhost' || host.startsWith('$');
  const registry = isHost ? canonicalHost(host) : 'docker.io';
  const rest = isHost ? path.slice(slash + 1) : path;
  const repository = registry === 'docker.io' && !rest.includes('/') ? `library/${rest}` : rest;
  return {
    registry,
    repository,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  };
}

/** The colon before the tag: after the last slash and outside of `${…:-…}`. */
function tagColon(text: string): number {
  let depth = 0;
  for (let i = text.length - 1; i >= 0; i--) {
    const c = text[i];
    if (c === '}') depth++;
    else if (c === '{') depth--;
    else if (c === '/' && depth === 0) return -1;
    else if (c === ':' && depth === 0) return i;
  }
  return -1;
}

const canonicalHost = (host: string): string =>
  host === 'index.docker.io' || host === 'registry-1.docker.io' || host === 'registry.hub.docker.com'
    ? 'docker.io'
    : host;

/** Registry and repository without tag and digest, as people say it: `node`, `acme/api`, `ghcr.io/acme/api`. */
export function imageRepository(image: ImageName): string {
  if (image.registry !== 'docker.io') return `${image.registry}/${image.repository}`;
  return image.repository.startsWith('library/')
    ? image.repository.slice('library/'.length)
    : image.repository;
}
