import { memoised } from '../values/memoise.ts';
import { GLUE, STANDARD, TOOLS, VENDORS } from './vendors.generated.ts';

/** As written in `vendors.yaml`: packages are `<ecosystem>:<name>`, `*` at the end; hosts may begin with `*.`. */
export interface VendorEntry {
  readonly name: string;
  readonly kind: string;
  readonly data: string;
  readonly packages: readonly string[];
  readonly hosts: readonly string[];
}

/** Somebody outside to whom data flows: what for, and which. */
export interface Vendor {
  readonly name: string;
  /** `payments`, `llm`, `monitoring` … */
  readonly kind: string;
  /** What usually flows there, as a phrase: "card, payment and customer data". */
  readonly data: string;
}

/** Exact names, and prefixes from the longest to the shortest. */
interface Patterns<T> {
  readonly exact: ReadonlyMap<string, T>;
  readonly prefixes: readonly { readonly prefix: string; readonly value: T }[];
}

function compile<T>(patterns: readonly (readonly [string, T])[]): Patterns<T> {
  const prefixes = patterns
    .filter(([p]) => p.endsWith('*'))
    .map(([p, value]) => ({ prefix: p.slice(0, -1), value }));
  return {
    exact: new Map(patterns.filter(([p]) => !p.endsWith('*'))),
    prefixes: prefixes.sort((a, b) => b.prefix.length - a.prefix.length || (a.prefix < b.prefix ? -1 : 1)),
  };
}

function find<T>(patterns: Patterns<T>, name: string): T | undefined {
  return patterns.exact.get(name) ?? patterns.prefixes.find((p) => name.startsWith(p.prefix))?.value;
}

const packages = compile(VENDORS.flatMap((v) => v.packages.map((p) => [p, v] as const)));
const standard = compile(STANDARD.map((p) => [p, true] as const));
const glue = compile(GLUE.map((p) => [p, true] as const));
const tools = compile(TOOLS.map((p) => [p, true] as const));
const hosts = new Map(VENDORS.flatMap((v) => v.hosts.map((h) => [h, v] as const)));

/**
 * Vendor behind a package, by the address of a dependency resource: `npm:stripe`, `maven:com.stripe:stripe-java`.
 * A Go module counts as its vendor's too when it lies below a listed one (`github.com/stripe/stripe-go/client`).
 */
export const vendorOfPackage: (address: string) => Vendor | undefined = memoised((address = '') => {
  const found = find(packages, address);
  if (found || !address.startsWith('go:')) return found;
  for (let at = address.lastIndexOf('/'); at > 0; at = address.lastIndexOf('/', at - 1)) {
    const above = packages.exact.get(address.slice(0, at));
    if (above) return above;
  }
  return undefined;
});

/** Whether a package is listed by its own name, not as one of many: it is the way to all of its provider, not to one service. */
export const isListedByName = (address: string): boolean => packages.exact.has(address);

/** Vendor behind a host name, `api.stripe.com`; the most exact entry wins. */
export function vendorOfHost(host: string): Vendor | undefined {
  const name = host.toLowerCase().replace(/\.$/, '');
  const exact = hosts.get(name);
  if (exact) return exact;
  for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
    const found = hosts.get(`*${name.slice(dot)}`);
    if (found) return found;
  }
  return undefined;
}

/** Whether a package checks, builds or tests and does not ship, whatever section it stands in. */
export const isDevelopmentTool = (address: string): boolean => find(tools, address) === true;

/** Whether a package comes from the makers of the language or runtime itself. */
export const isStandardPackage = (address: string): boolean => find(standard, address) === true;

/** Whether a package is only what its provider's other packages are built on. */
export const isGlue = (address: string): boolean => find(glue, address) === true;
