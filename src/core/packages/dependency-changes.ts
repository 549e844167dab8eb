import type { Evidence } from '../detectors/detector.ts';
import type { ResourceDelta } from '../model/resource-delta.ts';
import type { Resource } from '../model/resource.ts';
import { withoutRenames } from '../facts/renames.ts';
import { get, text, truth } from '../values/value.ts';
import { capabilityOfPackage } from '../semantics/capabilities.ts';
import { vendorOfPackage } from '../semantics/vendors.ts';
import { publisherOf } from './publisher.ts';

/** One package that came, went, or now comes from somewhere else, in the manifests of one folder. */
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
  /** Whether the other side has it too: shipped by a manifest, or brought by another package. */
  readonly knownAs?: 'direct' | 'transitive' | undefined;
}

export interface DependencyChanges {
  readonly changes: readonly DependencyChange[];
  /** Publishers whose packages some manifest in sight ships, on each side. */
  readonly publishersBefore: ReadonlySet<string>;
  readonly publishersAfter: ReadonlySet<string>;
  /** Publisher → a package of theirs that shipped and went in this change, or came and ships. */
  readonly gone: ReadonlyMap<string, string>;
  readonly come: ReadonlyMap<string, string>;
  /** What the packages that a folder ships can do, on each side: `<folder>\n<capability>`. */
  readonly capabilitiesBefore: ReadonlySet<string>;
  readonly capabilitiesAfter: ReadonlySet<string>;
  /** Capabilities of packages that came and ship, in any folder. */
  readonly capabilitiesCome: ReadonlySet<string>;
  /** Addresses that shipped and went, or are only brought by others now; and how many went from each folder. */
  readonly goneAddresses: ReadonlySet<string>;
  readonly goneFrom: ReadonlyMap<string, number>;
}

const ECOSYSTEMS = new Set(['npm', 'pypi', 'go', 'maven', 'cargo', 'nuget', 'rubygems', 'composer']);
const isDependency = (r: Resource | undefined): r is Resource =>
  r?.stack === 'packages' && ECOSYSTEMS.has(r.type);

const value = (r: Resource, key: string): string | undefined => text(get(r.values, key));
const groupOf = (r: Resource): string => value(r, 'group') ?? 'runtime';
const ships = (r: Resource): boolean => groupOf(r) === 'runtime' || groupOf(r) === 'optional';
const isTransitive = (r: Resource): boolean => groupOf(r) === 'locked' || groupOf(r) === 'indirect';

const RANK = ['runtime', 'optional', 'build', 'test', 'development', 'managed', 'indirect', 'locked'];
const rank = (r: Resource): number => RANK.indexOf(groupOf(r));

export function dependencyChanges(evidence: Evidence): DependencyChanges {
  const deltas = withoutRenames(evidence.deltas, isDependency).filter((d) => isDependency(d.head ?? d.base));
  const owner = evidence.change.repository.includes('/')
    ? (evidence.change.repository.split('/')[0]?.toLowerCase() ?? '')
    : '';
  const before = deltas.length === 0 ? [] : evidence.base.resources.filter(isDependency);
  const after = deltas.length === 0 ? [] : evidence.head.resources.filter(isDependency);
  const come = deltas.flatMap((d) => (d.head && (d.kind === 'added' || promoted(d)) ? [d.head] : []));
  const gone = deltas.flatMap((d) => (d.base && d.kind === 'removed' ? [d.base] : []));
  const demoted = deltas.flatMap((d) =>
    d.base && d.head && ships(d.base) && !ships(d.head) ? [d.base] : [],
  );
  return {
    changes: [
      ...summaries('added', come, byAddress(before), owner),
      ...summaries('removed', gone, byAddress(after), owner),
      ...deltas.flatMap((d) => sourceChange(d, owner)),
    ],
    publishersBefore: new Set(byPublisher(before).keys()),
    publishersAfter: new Set(byPublisher(after).keys()),
    gone: byPublisher(gone),
    come: byPublisher(come),
    capabilitiesBefore: abilities(before),
    capabilitiesAfter: abilities(after),
    capabilitiesCome: new Set(come.filter(ships).flatMap(capabilityIds)),
    goneAddresses: new Set([...gone.filter(ships), ...demoted].map((r) => r.address)),
    goneFrom: new Map(
      [...Map.groupBy(gone.filter(ships), folderOf)].map(([folder, list]) => [folder, list.length]),
    ),
  };
}

const abilities = (resources: readonly Resource[]): ReadonlySet<string> =>
  new Set(resources.filter(ships).flatMap((r) => capabilityIds(r).map((id) => `${folderOf(r)}\n${id}`)));

export const folderOf = (r: Resource): string => r.file.replace(/[^/]*$/, '');

function capabilityIds(r: Resource): readonly string[] {
  const found = vendorOfPackage(r.address) ? undefined : capabilityOfPackage(r.address);
  return found ? [found.id] : [];
}

/** A package that only checked or tested before, or was brought by another one, and is asked for now. */
const promoted = (d: ResourceDelta): boolean =>
  d.base !== undefined && d.head !== undefined && ships(d.head) && !ships(d.base);

function byAddress(resources: readonly Resource[]): Map<string, Resource[]> {
  return Map.groupBy(resources, (r) => r.address);
}

/** One change for each package and folder: a list compiled from another stands beside it. In order of path and address. */
function summaries(
  op: 'added' | 'removed',
  list: readonly Resource[],
  otherSide: ReadonlyMap<string, readonly Resource[]>,
  owner: string,
): DependencyChange[] {
  const folders = Map.groupBy(list, (r) => `${folderOf(r)}\n${r.address}`);
  return [...folders.values()]
    .flatMap((group): DependencyChange[] => {
      const [resource] = [...group].sort((x, y) => rank(x) - rank(y) || (x.file < y.file ? -1 : 1));
      if (!resource) return [];
      const others = otherSide.get(resource.address) ?? [];
      const knownAs = others.some(ships) ? 'direct' : others.some(isTransitive) ? 'transitive' : undefined;
      return [{ op, ...described(resource, owner), knownAs }];
    })
    .sort((x, y) => (place(x) < place(y) ? -1 : 1));
}

const place = (c: DependencyChange): string => `${c.resource.file}\n${c.resource.address}`;

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

/** Names that registries give to one owner only: npm scopes, Go modules on a forge, Composer vendors. */
function isOwnedBy(owner: string, resource: Resource): boolean {
  if (owner === '') return false;
  const { type, name } = resource;
  if (value(resource, 'source') === 'git') return forgeOwner(value(resource, 'url') ?? '') === owner;
  if (type === 'npm') return name.startsWith(`@${owner}/`);
  if (type === 'composer') return name.startsWith(`${owner}/`);
  return (
    type === 'go' && /^(?:github|gitlab|bitbucket)\.(?:com|org)\//.test(name) && name.split('/')[1] === owner
  );
}

/** Owner of a repository on a forge: `github:owner/name`, `https://github.com/owner/name.git`. */
const forgeOwner = (url: string): string | undefined =>
  /(?:^|[/@.:])(?:github|gitlab|bitbucket)(?:\.com|\.org)?[:/]([^/]{1,100})\//.exec(url.toLowerCase())?.[1];

/** Publisher → first of their shipped packages by address. */
function byPublisher(resources: readonly Resource[]): ReadonlyMap<string, string> {
  const out = new Map<string, string>();
  for (const address of [...new Set(resources.filter(ships).map((r) => r.address))].sort()) {
    const publisher = publisherOf(address);
    if (publisher !== undefined && !out.has(publisher)) out.set(publisher, address);
  }
  return out;
}

function sourceChange(d: ResourceDelta, owner: string): DependencyChange[] {
  const { base, head } = d;
  if (!base || !head || promoted(d)) return [];
  const before = value(base, 'url') ?? value(base, 'source');
  const after = value(head, 'url') ?? value(head, 'source');
  const outside = (r: Resource): boolean => ['git', 'url'].includes(value(r, 'source') ?? '');
  if (before === after || (!outside(base) && !outside(head))) return [];
  return [{ op: 'source', ...described(head, owner), before }];
}
