import type { Fact } from '../model/fact.ts';
import type { Detector, Evidence, Rule } from './detector.ts';
import {
  dependencyChanges,
  type DependencyChange,
  type DependencyChanges,
} from '../packages/dependency-changes.ts';
import { publisherOf } from '../packages/publisher.ts';
import { makeFact } from '../facts/make-fact.ts';
import { isDevelopmentTool, isStandardPackage, vendorOfPackage, type Vendor } from '../semantics/vendors.ts';

const ADDED: Rule = {
  id: 'dependencies/added',
  title: 'New direct dependency',
  why: 'Its publisher’s code runs with the rights of the component that takes it in, now and after every update.',
  categories: ['external-dependency'],
};
const VENDOR: Rule = {
  id: 'dependencies/vendor-added',
  title: 'New dependency of a service provider',
  why: 'The library is there to send data to the provider; the model needs the provider, the flow and what it carries.',
  categories: ['external-dependency', 'data-flow'],
};
const REMOVED: Rule = {
  id: 'dependencies/removed',
  title: 'Direct dependency removed',
  why: 'One publisher less to trust.',
  categories: ['external-dependency'],
};
const VENDOR_REMOVED: Rule = {
  id: 'dependencies/vendor-removed',
  title: 'Dependency of a service provider removed',
  why: 'A flow to the provider went away; the model should no longer show it.',
  categories: ['external-dependency', 'data-flow'],
};
const SOURCE: Rule = {
  id: 'dependencies/source-changed',
  title: 'Dependency taken from somewhere else than the registry',
  why: 'A repository or address is not versioned, signed or scanned like a registry, and is somebody else’s to change.',
  categories: ['external-dependency', 'ci-supply-chain'],
};
/** Other versions of a package are no facts. */
export const detector: Detector = {
  id: 'dependencies',
  title: 'Package dependencies',
  rules: [ADDED, VENDOR, REMOVED, VENDOR_REMOVED, SOURCE],
  detect(evidence: Evidence) {
    const all = dependencyChanges(evidence);
    const decided: Decided = { packages: new Map(), publishers: new Map() };
    return all.changes.flatMap((c) => {
      if (c.op === 'added') return addedFact(c, all, decided);
      return c.op === 'removed' ? removedFact(c, all, decided) : sourceFact(c);
    });
  },
};

/** What decided already, so that the same news decides once: package and publisher → where or by which package. */
interface Decided {
  readonly packages: Map<string, string>;
  readonly publishers: Map<string, string>;
}

/** Purposes with which a package ships, or is needed where the product runs. */
const SHIPS = new Set(['runtime', 'optional']);

/** Kept by a tool or only given a version: another manifest, or another package, asks for it. */
const isAskedFor = (c: DependencyChange): boolean => !['locked', 'indirect', 'managed'].includes(c.group);

function addedFact(c: DependencyChange, all: DependencyChanges, decided: Decided): Fact[] {
  const { resource } = c;
  if (!isAskedFor(c)) return [];
  const vendor = shippedVendor(c);
  const why = reasonNotToDecide(c, all, decided);
  const publisher = publisherOf(resource.address);
  if (why === undefined) {
    decided.packages.set(`added ${resource.address}`, resource.file);
    if (publisher !== undefined) decided.publishers.set(publisher, resource.address);
  }
  const fresh = vendor !== undefined && !all.publishersBefore.has(vendor.name);
  const rule = fresh ? VENDOR : ADDED;
  const behind = vendor ? ` (${vendor.name}: ${vendor.kind}; ${vendor.data} can flow there)` : '';
  const fact = makeFact({
    rule: rule.id,
    kind: 'dependency-added',
    categories: rule.categories,
    signals: fresh ? ['dependency-added', 'vendor-added'] : ['dependency-added'],
    resource,
    statement: `new ${c.group} dependency \`${resource.address}\`${behind} in \`${resource.file}\`${why === undefined ? '' : `; ${why}`}`,
    after: c.version,
    deciding: why === undefined,
    family: 'third-party',
    element: 'external-entity',
  });
  if (c.source !== 'git' && c.source !== 'url') return [fact];
  return [fact, sourceOf(c, `comes from ${c.source === 'git' ? 'a repository' : 'an address'}`)];
}

function shippedVendor(c: DependencyChange): Vendor | undefined {
  return SHIPS.has(c.group) && !isDevelopmentTool(c.resource.address)
    ? vendorOfPackage(c.resource.address)
    : undefined;
}

/** Folders of what people and builds run around the product. */
const isSupport = (path: string): boolean =>
  /(?:^|\/)(?:scripts?|hack|docs?|ci|dev|mocks?|mock-[\w-]+|\.github|\.ci|\.circleci|\.hatch)\//i.test(path);

/** Why an added package is listed only; undefined when it decides. */
function reasonNotToDecide(
  c: DependencyChange,
  all: DependencyChanges,
  decided: Decided,
): string | undefined {
  const { address } = c.resource;
  if (c.source === 'path') return 'it is a folder of this repository';
  if (c.own) return 'it is published by the same owner';
  if (isDevelopmentTool(address)) return 'it is a tool that does not ship';
  if (isStandardPackage(address)) return 'it comes with the language';
  if (isSupport(c.resource.file)) return 'it belongs to scripts that do not ship';
  if (!SHIPS.has(c.group)) return 'it does not ship';
  if (c.group === 'optional' && vendorOfPackage(address) === undefined) return 'nothing needs it by itself';
  return c.knownAs === 'direct'
    ? 'it is already a dependency of another manifest here'
    : reasonOfOthers(c, all, decided);
}

/** What other packages of the same publisher say about it. */
function reasonOfOthers(c: DependencyChange, all: DependencyChanges, decided: Decided): string | undefined {
  const { address } = c.resource;
  const publisher = publisherOf(address);
  const vendor = vendorOfPackage(address);
  const known = publisher !== undefined && all.publishersBefore.has(publisher);
  const same = decided.packages.get(`added ${address}`);
  if (same !== undefined) return `it is new in \`${same}\` too`;
  if (c.knownAs === 'transitive' && (vendor === undefined || known))
    return 'another dependency brought it already';
  const successorOf = vendor && known && !isPlatform(vendor) ? all.gone.get(vendor.name) : undefined;
  if (successorOf !== undefined) return `it takes the place of \`${successorOf}\` of the same provider`;
  const alongside = publisher !== undefined && !known ? decided.publishers.get(publisher) : undefined;
  return alongside === undefined ? undefined : `it comes with \`${alongside}\` of the same publisher`;
}

/** A platform's packages are doors to different services: one is no successor of another. */
const isPlatform = (vendor: Vendor): boolean => vendor.kind === 'cloud';

function removedFact(c: DependencyChange, all: DependencyChanges, decided: Decided): Fact[] {
  const { resource } = c;
  if (!isAskedFor(c)) return [];
  const vendor = shippedVendor(c);
  const succeeded = vendor && !isPlatform(vendor) ? all.come.has(vendor.name) : false;
  const gone = vendor !== undefined && c.knownAs === undefined && !succeeded && !isSupport(resource.file);
  const deciding = gone && !decided.packages.has(`removed ${resource.address}`);
  if (deciding) decided.packages.set(`removed ${resource.address}`, resource.file);
  const rule = gone ? VENDOR_REMOVED : REMOVED;
  const left = vendor && all.publishersAfter.has(vendor.name) ? '; other packages of the provider stay' : '';
  return [
    makeFact({
      rule: rule.id,
      kind: 'dependency-removed',
      categories: rule.categories,
      signals: ['dependency-removed'],
      resource,
      side: 'base',
      statement: `${c.group} dependency \`${resource.address}\`${vendor ? ` (${vendor.name}: ${vendor.kind})` : ''} removed from \`${resource.file}\`${left}`,
      before: c.version,
      deciding,
      family: 'third-party',
      element: 'external-entity',
    }),
  ];
}

function sourceFact(c: DependencyChange): Fact[] {
  return [
    sourceOf(
      c,
      c.source === 'registry' ? 'comes from the registry again' : 'no longer comes from the registry but',
    ),
  ];
}

function sourceOf(c: DependencyChange, how: string): Fact {
  const outside = c.source === 'git' || c.source === 'url';
  return makeFact({
    rule: SOURCE.id,
    kind: 'setting-changed',
    categories: SOURCE.categories,
    signals: ['origin-changed'],
    resource: c.resource,
    statement: `\`${c.resource.address}\` ${how}${c.url === undefined ? '' : ` \`${c.url}\``} in \`${c.resource.file}\``,
    before: c.before,
    after: c.url ?? c.source,
    deciding: outside && !c.own,
    family: 'third-party',
    element: 'external-entity',
  });
}
