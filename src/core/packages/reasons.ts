import { capabilityOfPackage, type Capability } from '../semantics/capabilities.ts';
import {
  isDevelopmentTool,
  isGlue,
  isListedByName,
  isStandardPackage,
  vendorOfPackage,
  type Vendor,
} from '../semantics/vendors.ts';
import { folderOf, type DependencyChange, type DependencyChanges } from './dependency-changes.ts';
import { publisherOf } from './publisher.ts';

/** What decided already, so that the same news decides once: package, publisher and ability → where or by which package. */
export interface Decided {
  readonly packages: Map<string, string>;
  readonly publishers: Map<string, string>;
  readonly abilities: Map<string, string>;
}

/** Purposes with which a package ships, or is needed where the product runs. */
export const SHIPS = new Set(['runtime', 'optional']);

/** Folders of what people, tests and builds run around the product. */
export const isSupport = (path: string): boolean =>
  /(?:^|\/)(?:scripts?|hack|docs?|ci|dev|tools|tests?|testdata|e2e|fixtures?|examples?|samples?|bench(?:marks?)?|mocks?|mock-[\w-]+|\.github|\.ci|\.circleci|\.hatch)\//i.test(
    path,
  );

/** Why an added package is listed only; undefined when it decides. */
export function reasonNotToDecide(
  c: DependencyChange,
  all: DependencyChanges,
  decided: Decided,
): string | undefined {
  const { address } = c.resource;
  if (c.source === 'path') return 'it is a folder of this repository';
  if (c.own) return 'it is published by the same owner';
  if (isDevelopmentTool(address)) return 'it is a tool that does not ship';
  if (isStandardPackage(address)) return 'it comes with the language';
  if (isGlue(address)) return 'other packages of its provider are built on it';
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
  const split = splitFrom(address, all);
  if (split !== undefined) return `it is a part of \`${split}\`, which went`;
  const alongside = publisher !== undefined && !known ? decided.publishers.get(publisher) : undefined;
  if (alongside !== undefined) return `it comes with \`${alongside}\` of the same publisher`;
  if (vendor)
    return known && (!isPlatform(vendor) || isListedByName(address))
      ? 'its provider is known here already'
      : undefined;
  return reasonOfAbility(c, all, decided);
}

/** Without a provider behind it, a package counts by what it can do that the component could not. */
function reasonOfAbility(c: DependencyChange, all: DependencyChanges, decided: Decided): string | undefined {
  const { address } = c.resource;
  const ability: Capability | undefined = capabilityOfPackage(address);
  if (!ability) return 'by its name a helper, which reaches nothing by itself';
  if (ability.control || ability.each) return undefined;
  const key = `${folderOf(c.resource)}\n${ability.id}`;
  if (all.capabilitiesBefore.has(key)) return 'another dependency here does that already';
  const first = decided.abilities.get(key);
  return first === undefined ? undefined : `\`${first}\` does that too`;
}

/** A Go module that lies within one that went: the same code, published in parts. */
function splitFrom(address: string, all: DependencyChanges): string | undefined {
  if (!address.startsWith('go:')) return undefined;
  for (let at = address.lastIndexOf('/'); at > 0; at = address.lastIndexOf('/', at - 1))
    if (all.goneAddresses.has(address.slice(0, at))) return address.slice(0, at);
  return undefined;
}

/** A platform's packages are doors to different services: one is no successor of another. */
export const isPlatform = (vendor: Vendor): boolean => vendor.kind === 'cloud';
