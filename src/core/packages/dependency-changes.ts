import type { Evidence } from '../detectors/detector.ts';
import type { ResourceDelta } from '../model/resource-delta.ts';
import type { Resource } from '../model/resource.ts';
import { withoutRenames } from '../facts/renames.ts';
import { vendorOfPackage } from '../semantics/vendors.ts';
import { get, text, truth } from '../values/value.ts';

/** One package that came, went, or now comes from somewhere else, over all manifests of the change. */
export interface DependencyChange {
  readonly op: 'added' | 'removed' | 'source';
  /** In the first manifest by path, of the most exposed purpose. */
  readonly resource: Resource;
  readonly group: string;
  readonly source: string;
  readonly url?: string | undefined;
  readonly version?: string | undefined;
  /** Where it came from before, for `source`. */
  readonly before?: string | undefined;
  /** Published by whoever publishes the manifest, or owns the repository. */
  readonly own: boolean;
  /** Manifests, sorted. */
  readonly files: readonly string[];
  /** Whether the other side has it too: in a manifest, or brought by another package. */
  readonly knownAs?: 'direct' | 'transitive' | undefined;
  /** Address of a package of the same provider that went (for `added`) or came (for `removed`) in the same change. */
  readonly replaces?: string | undefined;
  /** For `added`: address of another new package of a provider that is new here, which speaks for this one too. */
  readonly alongside?: string | undefined;
}

export interface DependencyChanges {
  readonly changes: readonly DependencyChange[];
  /** Names of the providers whose packages some manifest in sight has as a shipped dependency, on each side. */
  readonly vendorsBefore: ReadonlySet<string>;
  readonly vendorsAfter: ReadonlySet<string>;
}

const ECOSYSTEMS = new Set(['npm', 'pypi', 'go', 'maven', 'cargo', 'nuget', 'rubygems', 'composer']);
const isDependency = (r: Resource | undefined): r is Resource =>
  r?.stack === 'packages' && ECOSYSTEMS.has(r.type);

const value = (r: Resource, key: string): string | undefined => text(get(r.values, key));
const groupOf = (r: Resource): string => value(r, 'group') ?? 'runtime';
const isTransitive = (r: Resource): boolean => groupOf(r) === 'locked' || groupOf(r) === 'indirect';

const RANK = ['runtime', 'optional', 'build', 'test', 'development', 'managed', 'indirect', 'locked'];
const rank = (r: Resource): number => RANK.indexOf(groupOf(r));

export function dependencyChanges(evidence: Evidence): DependencyChanges {
  const deltas = withoutRenames(evidence.deltas, isDependency).filter((d) => isDependency(d.head ?? d.base));
  if (deltas.length === 0) return { changes: [], vendorsBefore: new Set(), vendorsAfter: new Set() };
  const owner = evidence.change.repository.includes('/')
    ? (evidence.change.repository.split('/')[0]?.toLowerCase() ?? '')
    : '';
  const before = byAddress(evidence.base.resources);
  const after = byAddress(evidence.head.resources);
  const come = grouped(deltas, (d) => (d.kind === 'added' || promoted(d) ? d.head : undefined));
  const gone = grouped(deltas, (d) => (d.kind === 'removed' ? d.base : undefined));
  const comeVendors = vendorAddresses(come);
  const goneVendors = vendorAddresses(gone);
  const known = vendors(before);
  const changes = [
    ...[...come].map(([address, list]) =>
      withCompanion(summary('added', list, before.get(address), goneVendors, owner), comeVendors, known),
    ),
    ...[...gone]
      .filter(([address]) => !come.has(address))
      .map(([address, list]) => summary('removed', list, after.get(address), comeVendors, owner)),
    ...deltas.flatMap((d) => sourceChange(d, owner)),
  ];
  return { changes, vendorsBefore: known, vendorsAfter: vendors(after) };
}

function byAddress(resources: readonly Resource[]): Map<string, Resource[]> {
  const out = new Map<string, Resource[]>();
  for (const r of resources) {
    if (!isDependency(r)) continue;
    const list = out.get(r.address) ?? [];
    out.set(r.address, list);
    list.push(r);
  }
  return out;
}

/** A package that only checked or tested before, or was brought by another one, and is asked for now. */
function promoted(d: ResourceDelta): boolean {
  if (!d.base || !d.head) return false;
  const ships = (r: Resource): boolean => groupOf(r) === 'runtime' || groupOf(r) === 'optional';
  return ships(d.head) && !ships(d.base);
}

function grouped(
  deltas: readonly ResourceDelta[],
  pick: (d: ResourceDelta) => Resource | undefined,
): Map<string, Resource[]> {
  return byAddress(deltas.flatMap((d) => pick(d) ?? []));
}

function summary(
  op: 'added' | 'removed',
  list: readonly Resource[],
  otherSide: readonly Resource[] | undefined,
  counterparts: ReadonlyMap<string, string>,
  owner: string,
): DependencyChange {
  const sorted = [...list].sort((x, y) => rank(x) - rank(y) || (x.file < y.file ? -1 : 1));
  const resource = sorted[0] as Resource;
  const shipped = (otherSide ?? []).filter((r) => groupOf(r) === 'runtime' || groupOf(r) === 'optional');
  const knownAs =
    shipped.length > 0 ? 'direct' : (otherSide ?? []).some(isTransitive) ? 'transitive' : undefined;
  const vendor = vendorOfPackage(resource.address);
  return {
    op,
    ...described(resource, owner),
    files: [...new Set(list.map((r) => r.file))].sort(),
    knownAs,
    replaces: vendor && counterparts.get(vendor.name),
  };
}

function described(
  resource: Resource,
  owner: string,
): Pick<DependencyChange, 'resource' | 'group' | 'source' | 'url' | 'version' | 'own'> {
  return {
    resource,
    group: groupOf(resource),
    source: value(resource, 'source') ?? 'registry',
    url: value(resource, 'url'),
    version: value(resource, 'version'),
    own: truth(get(resource.values, 'own')) === true || isOwnedBy(owner, resource),
  };
}

/** A new provider usually comes with several packages: the first by address decides for all of them. */
function withCompanion(
  c: DependencyChange,
  come: ReadonlyMap<string, string>,
  known: ReadonlySet<string>,
): DependencyChange {
  const vendor = vendorOfPackage(c.resource.address);
  const first = vendor && !known.has(vendor.name) ? come.get(vendor.name) : undefined;
  return first === undefined || first === c.resource.address ? c : { ...c, alongside: first };
}

/** Names that registries give to one owner only: npm scopes, Go modules on a forge, Composer vendors. */
function isOwnedBy(owner: string, resource: Resource): boolean {
  if (owner === '') return false;
  const { type, name } = resource;
  if (type === 'npm') return name.startsWith(`@${owner}/`);
  if (type === 'composer') return name.startsWith(`${owner}/`);
  return (
    type === 'go' && /^(?:github|gitlab|bitbucket)\.(?:com|org)\//.test(name) && name.split('/')[1] === owner
  );
}

/** Vendor → one of its packages in these, first by address. */
function vendorAddresses(groups: ReadonlyMap<string, readonly Resource[]>): ReadonlyMap<string, string> {
  const out = new Map<string, string>();
  for (const address of [...groups.keys()].sort()) {
    const vendor = vendorOfPackage(address);
    if (vendor && !out.has(vendor.name)) out.set(vendor.name, address);
  }
  return out;
}

function vendors(side: ReadonlyMap<string, readonly Resource[]>): Set<string> {
  const shipped = [...side].filter(([, list]) =>
    list.some((r) => groupOf(r) === 'runtime' || groupOf(r) === 'optional'),
  );
  return new Set(shipped.flatMap(([address]) => vendorOfPackage(address)?.name ?? []));
}

function sourceChange(d: ResourceDelta, owner: string): DependencyChange[] {
  const { base, head } = d;
  if (!base || !head || promoted(d)) return [];
  const before = value(base, 'url') ?? value(base, 'source');
  const after = value(head, 'url') ?? value(head, 'source');
  const outside = (r: Resource): boolean => ['git', 'url'].includes(value(r, 'source') ?? '');
  if (before === after || (!outside(base) && !outside(head))) return [];
  return [{ op: 'source', ...described(head, owner), before, files: [head.file] }];
}
