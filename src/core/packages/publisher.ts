import { vendorOfPackage } from '../semantics/vendors.ts';

/** Go hosts where the first part of the path is an owner. */
const FORGES = new Set(['github.com', 'gitlab.com', 'bitbucket.org', 'codeberg.org', 'gopkg.in']);

/**
 * Who publishes a package, as far as its name says: the provider the vendor data knows, an npm scope, the owner of a
 * Go module, a Maven group, a Composer vendor. Undefined where names say nothing (PyPI, plain npm, crates, gems).
 */
export function publisherOf(address: string): string | undefined {
  const vendor = vendorOfPackage(address);
  if (vendor) return vendor.name;
  const colon = address.indexOf(':');
  const ecosystem = address.slice(0, colon);
  const parts = address.slice(colon + 1).split('/');
  const [first = '', second] = parts;
  if (ecosystem === 'npm') return first.startsWith('@') ? `npm:${first}` : undefined;
  if (ecosystem === 'composer') return `composer:${first}`;
  if (ecosystem === 'maven') return `maven:${first.split(':')[0] ?? first}`;
  if (ecosystem === 'go') return FORGES.has(first) ? `go:${first}/${second ?? ''}` : `go:${first}`;
  return undefined;
}
