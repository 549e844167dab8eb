import type { Resource } from '../model/resource.ts';
import type { Value } from '../model/value.ts';
import { get, items } from '../values/value.ts';
import { HOSTS } from './data.generated.ts';
import { nameOf } from './names.ts';

/** Where a resource takes code from: a module's source, a Kustomization's remote parts, a chart's repository. */
export function publishersOf(resource: Resource): readonly string[] {
  return sourcesOf(resource).flatMap((v) => publisherOf(nameOf(v) ?? '') ?? []);
}

const REMOTE_PARTS: readonly string[] = ['resources', 'components', 'bases'];

export function sourcesOf(resource: Resource): readonly Value[] {
  if (resource.type === 'module') return items(get(resource.values, 'source'));
  if (resource.type !== 'Kustomization') return [];
  return REMOTE_PARTS.flatMap((key) => items(get(resource.values, key))).filter((v) =>
    /:\/\/|^github\.com\/|^git@|\?ref=/.test((nameOf(v) ?? '').slice(0, 500)),
  );
}

/**
 * Who publishes a module or a remote base: `owner` on the public registry and on GitHub (where the registry takes its
 * modules from), `host/owner` elsewhere; nothing for paths of the repository.
 */
export function publisherOf(source: string): string | undefined {
  const text = source.trim().slice(0, 500);
  if (
    text === '' ||
    /^\.{0,2}\//.test(text) ||
    text.startsWith('.') ||
    text.includes('${') ||
    text.startsWith('s3::') ||
    text.startsWith('gcs::')
  )
    return undefined;
  const address =
    /^(?:git::)?(?:ssh:\/\/|https?:\/\/|git:\/\/)?(?:[\w.-]+@)?([a-z0-9-]+(?:\.[a-z0-9-]+)+)[/:]([\w.~-]+)/i.exec(
      text,
    );
  if (address)
    return (address[1] === 'github.com' ? `${address[2]}` : `${address[1]}/${address[2]}`).toLowerCase();
  const registry = /^([\w-]+)\/[\w-]+\/[\w-]+(?:\/\/|$)/.exec(text);
  return registry?.[1]?.toLowerCase();
}

const WELL_KNOWN = new Set(HOSTS.publishers);

/** Whether nearly everybody builds upon a publisher's modules, the platform's own among them. */
export const isWellKnown = (publisher: string): boolean => WELL_KNOWN.has(publisher);
