import type { Fact } from '../model/fact.ts';
import type { Resource } from '../model/resource.ts';
import type { Detector, Evidence, Rule } from './detector.ts';
import {
  dependencyChanges,
  folderOf,
  type DependencyChange,
  type DependencyChanges,
} from '../packages/dependency-changes.ts';
import { publisherOf } from '../packages/publisher.ts';
import { isPlatform, isSupport, reasonNotToDecide, SHIPS, type Decided } from '../packages/reasons.ts';
import { makeFact } from '../facts/make-fact.ts';
import { capabilityOfPackage, type Capability } from '../semantics/capabilities.ts';
import {
  isDevelopmentTool,
  isGlue,
  isStandardPackage,
  vendorOfPackage,
  type Vendor,
} from '../semantics/vendors.ts';

const ADDED: Rule = {
  id: 'dependencies/added',
  title: 'New direct dependency',
  why: 'Its publisher’s code runs with the rights of the component that takes it in, now and after every update. A helper is listed only.',
  categories: ['external-dependency'],
};
const CAPABLE: Rule = {
  id: 'dependencies/capability-added',
  title: 'New dependency that brings a new ability',
  why: 'The component can now do what the model may not know of it: connect, listen, check who comes in, hold keys, open files of others.',
  categories: [
    'external-dependency',
    'data-flow',
    'exposure',
    'identity-access',
    'secrets-crypto',
    'logging-monitoring',
    'trust-boundary',
  ],
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
const SAFEGUARD_REMOVED: Rule = {
  id: 'dependencies/safeguard-removed',
  title: 'Dependency that guards or watches removed',
  why: 'What checked callers, encrypted, kept requests out or told of them is gone or done in another way; the model may still count on it.',
  categories: ['identity-access', 'secrets-crypto', 'trust-boundary', 'logging-monitoring'],
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
  rules: [ADDED, VENDOR, CAPABLE, REMOVED, VENDOR_REMOVED, SAFEGUARD_REMOVED, SOURCE],
  detect(evidence: Evidence) {
    const all = dependencyChanges(evidence);
    const decided: Decided = { packages: new Map(), publishers: new Map(), abilities: new Map() };
    return all.changes.flatMap((c) => {
      if (c.op === 'added') return addedFact(c, all, decided);
      return c.op === 'removed' ? removedFact(c, all, decided) : sourceFact(c);
    });
  },
};

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
    const ability = vendor ? undefined : capabilityOfPackage(resource.address);
    if (ability) decided.abilities.set(`${folderOf(resource)}\n${ability.id}`, resource.address);
    if (publisher !== undefined) decided.publishers.set(publisher, resource.address);
  }
  const fresh = vendor !== undefined && !isGlue(resource.address) && !all.publishersBefore.has(vendor.name);
  const capability = vendor || !SHIPS.has(c.group) ? undefined : capabilityOfPackage(resource.address);
  const service = vendor !== undefined && why === undefined;
  const rule = fresh || service ? VENDOR : capability ? CAPABLE : ADDED;
  const behind = vendor
    ? ` (${vendor.name}: ${vendor.kind}; ${vendor.data} can flow there)`
    : capability
      ? ` (it ${capability.does})`
      : '';
  const fact = makeFact({
    rule: rule.id,
    kind: 'dependency-added',
    categories: capability?.categories ?? rule.categories,
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

/** A list that loses this many at once is tidied up: what went was brought by others. */
const TIDIED = 8;

function removedFact(c: DependencyChange, all: DependencyChanges, decided: Decided): Fact[] {
  const { resource } = c;
  if (!isAskedFor(c)) return [];
  const vendor = shippedVendor(c);
  const succeeded = vendor && !isPlatform(vendor) ? all.come.has(vendor.name) : false;
  const last = c.knownAs === undefined && !isSupport(resource.file);
  const gone = vendor !== undefined && last && !succeeded;
  const safeguard =
    vendor === undefined && last && SHIPS.has(c.group) && (all.goneFrom.get(folderOf(resource)) ?? 0) < TIDIED
      ? safeguardOf(resource, all)
      : undefined;
  const deciding = (gone || safeguard !== undefined) && !decided.packages.has(`removed ${resource.address}`);
  if (deciding) decided.packages.set(`removed ${resource.address}`, resource.file);
  const rule = gone ? VENDOR_REMOVED : safeguard ? SAFEGUARD_REMOVED : REMOVED;
  const left = vendor && all.publishersAfter.has(vendor.name) ? '; other packages of the provider stay' : '';
  return [
    makeFact({
      rule: rule.id,
      kind: 'dependency-removed',
      categories: safeguard?.categories ?? rule.categories,
      signals: ['dependency-removed'],
      resource,
      side: 'base',
      statement: `${c.group} dependency \`${resource.address}\`${vendor ? ` (${vendor.name}: ${vendor.kind})` : safeguard ? ` (it ${safeguard.does})` : ''} removed from \`${resource.file}\`${left}`,
      before: c.version,
      deciding,
      family: 'third-party',
      element: 'external-entity',
    }),
  ];
}

/** What a removed package guarded, unless another one of the kind came or, for what is only missed, stays. */
function safeguardOf(resource: Resource, all: DependencyChanges): Capability | undefined {
  const { address } = resource;
  const ability =
    isDevelopmentTool(address) || isStandardPackage(address) ? undefined : capabilityOfPackage(address);
  if (!ability || all.capabilitiesCome.has(ability.id)) return undefined;
  if (ability.control) return ability;
  return ability.missed && !all.capabilitiesAfter.has(`${folderOf(resource)}\n${ability.id}`)
    ? ability
    : undefined;
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
