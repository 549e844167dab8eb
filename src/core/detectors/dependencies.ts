import type { Fact } from '../model/fact.ts';
import type { Detector, Evidence, Rule } from './detector.ts';
import { dependencyChanges, type DependencyChange } from '../packages/dependency-changes.ts';
import { makeFact } from '../facts/make-fact.ts';
import type { ResourceDelta } from '../model/resource-delta.ts';
import { isDevelopmentTool, isStandardPackage, vendorOfPackage, type Vendor } from '../semantics/vendors.ts';
import { get, text } from '../values/value.ts';

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
const REGISTRY: Rule = {
  id: 'dependencies/registry-added',
  title: 'Further package registry',
  why: 'Names are looked up there too, so whoever controls it can answer for any package.',
  categories: ['external-dependency', 'ci-supply-chain'],
};
const SCRIPT: Rule = {
  id: 'dependencies/install-script',
  title: 'Script that runs on installation added or changed',
  why: 'It runs on every developer’s machine and in every build before anything was tested.',
  categories: ['ci-supply-chain'],
};

/** Other versions of a package are no facts. */
export const detector: Detector = {
  id: 'dependencies',
  title: 'Package dependencies',
  rules: [ADDED, VENDOR, REMOVED, VENDOR_REMOVED, SOURCE, REGISTRY, SCRIPT],
  detect(evidence: Evidence) {
    const { changes, vendorsBefore, vendorsAfter } = dependencyChanges(evidence);
    return [
      ...changes.flatMap((c) =>
        c.op === 'added'
          ? addedFact(c, vendorsBefore)
          : c.op === 'removed'
            ? removedFact(c, vendorsAfter)
            : sourceFact(c),
      ),
      ...evidence.deltas.flatMap((d) => [...registryFact(d, evidence), ...scriptFact(d)]),
    ];
  },
};

/** Purposes with which a package ships, or is needed where the product runs. */
const SHIPS = new Set(['runtime', 'optional']);

function addedFact(c: DependencyChange, vendorsBefore: ReadonlySet<string>): Fact[] {
  const { resource } = c;
  // Kept by a tool or only given a version: another manifest, or another package, asks for it.
  if (c.group === 'locked' || c.group === 'indirect' || c.group === 'managed') return [];
  const vendor = vendorOfPackage(resource.address);
  const why = reasonNotToDecide(c, vendor, vendorsBefore);
  const named = vendor && SHIPS.has(c.group) && !isDevelopmentTool(resource.address);
  const fresh = named && !vendorsBefore.has(vendor.name);
  const rule = fresh ? VENDOR : ADDED;
  const noun = c.group === 'runtime' ? 'runtime' : c.group;
  const behind = named ? ` (${vendor.name}: ${vendor.kind}; ${vendor.data} can flow there)` : '';
  const fact = makeFact({
    rule: rule.id,
    kind: 'dependency-added',
    categories: rule.categories,
    signals: fresh ? ['dependency-added', 'vendor-added'] : ['dependency-added'],
    resource,
    statement: `new ${noun} dependency \`${resource.address}\`${behind} in ${manifests(c)}${why === undefined ? '' : `; ${why}`}`,
    after: c.version,
    deciding: why === undefined,
    family: 'third-party',
    element: 'external-entity',
  });
  const elsewhere =
    c.source === 'git' || c.source === 'url'
      ? [sourceOf(c, `comes from ${c.source === 'git' ? 'a repository' : 'an address'}`)]
      : [];
  return [fact, ...elsewhere];
}

/** Folders of what people and builds run around the product. */
const isSupport = (path: string): boolean =>
  /(?:^|\/)(?:scripts?|hack|docs?|ci|dev|mocks?|mock-[\w-]+|\.github|\.ci|\.circleci|\.hatch)\//i.test(path);

/** Why an added package is listed only; undefined when it decides. */
function reasonNotToDecide(
  c: DependencyChange,
  vendor: Vendor | undefined,
  vendorsBefore: ReadonlySet<string>,
): string | undefined {
  if (c.source === 'path') return 'it is a folder of this repository';
  if (c.own) return 'it is published by the same owner';
  if (isDevelopmentTool(c.resource.address)) return 'it is a tool that does not ship';
  if (isStandardPackage(c.resource.address)) return 'it comes with the language';
  if (isSupport(c.resource.file)) return 'it belongs to scripts that do not ship';
  if (c.group === 'optional' && vendor === undefined) return 'nothing needs it by itself';
  if (!SHIPS.has(c.group)) return 'it does not ship';
  if (c.knownAs === 'direct') return 'it is already a dependency of another manifest here';
  if (c.knownAs === 'transitive' && (vendor === undefined || vendorsBefore.has(vendor.name)))
    return 'another dependency brought it already';
  if (c.replaces !== undefined) return `it takes the place of \`${c.replaces}\` of the same provider`;
  if (c.alongside !== undefined) return `it comes with \`${c.alongside}\` of the same provider`;
  return undefined;
}

function manifests(c: DependencyChange): string {
  const [first, ...others] = c.files;
  if (others.length === 0) return `\`${first ?? ''}\``;
  return `\`${first ?? ''}\` and ${others.length} more ${others.length === 1 ? 'manifest' : 'manifests'}`;
}

function removedFact(c: DependencyChange, vendorsAfter: ReadonlySet<string>): Fact[] {
  if (c.group === 'locked' || c.group === 'indirect' || c.group === 'managed') return [];
  const vendor =
    SHIPS.has(c.group) && !isDevelopmentTool(c.resource.address)
      ? vendorOfPackage(c.resource.address)
      : undefined;
  const gone =
    vendor !== undefined && c.knownAs === undefined && c.replaces === undefined && !c.files.every(isSupport);
  const rule = gone ? VENDOR_REMOVED : REMOVED;
  const left = vendor && vendorsAfter.has(vendor.name) ? '; other packages of the provider stay' : '';
  return [
    makeFact({
      rule: rule.id,
      kind: 'dependency-removed',
      categories: rule.categories,
      signals: ['dependency-removed'],
      resource: c.resource,
      side: 'base',
      statement: `${c.group} dependency \`${c.resource.address}\`${vendor ? ` (${vendor.name}: ${vendor.kind})` : ''} removed from ${manifests(c)}${left}`,
      before: c.version,
      deciding: gone,
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
    statement: `\`${c.resource.address}\` ${how}${c.url === undefined ? '' : ` \`${c.url}\``} in ${manifests(c)}`,
    before: c.before,
    after: c.url ?? c.source,
    deciding: outside && !c.own,
    family: 'third-party',
    element: 'external-entity',
  });
}

function registryFact(d: ResourceDelta, evidence: Evidence): Fact[] {
  const { head } = d;
  if (d.kind !== 'added' || head?.type !== 'package-registry') return [];
  const known = evidence.base.resources.some((r) => r.type === 'package-registry' && r.name === head.name);
  return [
    makeFact({
      rule: REGISTRY.id,
      kind: 'dependency-added',
      categories: REGISTRY.categories,
      signals: ['external-host-added'],
      resource: head,
      statement: `packages of \`${head.file}\` may come from the registry \`${head.name}\`${known ? ', as those of other manifests here' : ''}`,
      after: text(get(head.values, 'url')),
      deciding: !known,
      family: 'third-party',
      element: 'external-entity',
    }),
  ];
}

/** What people use to set up hooks and patches; not worth a word each time. */
const USUAL =
  /^(?:npx )?(?:husky|patch-package|simple-git-hooks|lefthook|is-ci|ngcc|electron-builder install-app-deps)\b/;

function scriptFact(d: ResourceDelta): Fact[] {
  const { head, base } = d;
  if (head?.type !== 'npm-script' || d.kind === 'removed') return [];
  const command = text(get(head.values, 'command')) ?? '';
  const before = base ? text(get(base.values, 'command')) : undefined;
  if (command === before) return [];
  const fetches =
    /\b(?:curl|wget|https?:\/\/)/.test(command) && !/\b(?:curl|wget|https?:\/\/)/.test(before ?? '');
  const deciding = fetches || (before === undefined && head.name !== 'prepare' && !USUAL.test(command));
  return [
    makeFact({
      rule: SCRIPT.id,
      kind: 'setting-changed',
      categories: SCRIPT.categories,
      signals: ['setting-changed'],
      resource: head,
      statement: `npm script \`${head.name}\` of \`${head.file}\` ${before === undefined ? 'runs on installation' : 'changed'}${fetches ? ' and takes something from the network' : ''}`,
      before,
      after: command.slice(0, 200),
      deciding,
      family: 'third-party',
      element: 'process',
    }),
  ];
}
