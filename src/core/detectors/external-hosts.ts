import { HOSTS } from '../access/data.generated.ts';
import { nameBeside, nameOf, settingName } from '../access/names.ts';
import { hostOfName, hostsInText, isDocument, namesItself, type OutsideHost } from '../access/hosts.ts';
import { isWellKnown, publisherOf, publishersOf, sourcesOf } from '../access/publishers.ts';
import { isKubernetesRbac } from '../access/kubernetes-rbac.ts';
import { makeDeltaFact, subject } from '../facts/make-fact.ts';
import { LIMITS } from '../limits.ts';
import type { Fact } from '../model/fact.ts';
import type { AttributeChange, ResourceDelta } from '../model/resource-delta.ts';
import type { Resource } from '../model/resource.ts';
import type { Value } from '../model/value.ts';
import { vendorOfHost } from '../semantics/vendors.ts';
import { splitWords } from '../semantics/words.ts';
import { text } from '../values/value.ts';
import type { Detector, Evidence, Rule } from './detector.ts';

const rules: readonly Rule[] = [
  {
    id: 'external-hosts/added',
    title: 'The system talks to a host outside',
    why: 'Data leaves to, or is taken from, somebody else; the model needs the party, the flow and the boundary between.',
    categories: ['external-dependency', 'data-flow'],
  },
  {
    id: 'external-hosts/removed',
    title: 'The system no longer talks to a host outside',
    why: 'A flow over the boundary went away; the model should no longer show it.',
    categories: ['external-dependency', 'data-flow'],
  },
  {
    id: 'external-hosts/subdomain-added',
    title: 'Another host of a known party',
    why: 'The party is known already; the new host may still take other data.',
    categories: ['external-dependency'],
  },
  {
    id: 'external-hosts/egress-added',
    title: 'A mesh lets workloads reach a host outside',
    why: 'A service entry opens a way out of the mesh.',
    categories: ['external-dependency', 'data-flow', 'trust-boundary'],
  },
  {
    id: 'external-hosts/publisher-added',
    title: 'Infrastructure code comes from a new publisher',
    why: 'A module or remote base runs with the rights of whoever applies it; its publisher becomes part of the supply chain.',
    categories: ['external-dependency'],
  },
];

/** Hosts and publishers outside the system that were not there before. */
export const detector: Detector = {
  id: 'external-hosts',
  title: 'External hosts',
  rules,
  detect(evidence) {
    const told = evidence.deltas.filter((d) => !STACKS_APART.has(subject(d).stack));
    const [base, head] = [lazyHosts(evidence.base.resources), lazyHosts(evidence.head.resources)];
    const published = lazy(() => new Set(evidence.base.resources.flatMap((r) => publishersOf(r))));
    return [
      ...once(told.flatMap((d) => hostFacts(d, 'after', base, evidence))),
      ...once(
        told.filter((d) => d.kind !== 'removed').flatMap((d) => hostFacts(d, 'before', head, evidence)),
      ),
      ...told.flatMap((d) => publisherFacts(d, published, evidence)),
    ];
  },
};

/** Dependencies and workflows are described by detectors of their own. */
const STACKS_APART = new Set(['packages', 'github-actions', 'dockerfile']);
const CONNECTS = new Set(HOSTS.connects);
const DESCRIBES = new Set(HOSTS.describes);
const OWN = new Set(HOSTS.own);

/** One host in ten places of a change is one party: the first place is the evidence. */
function once(found: readonly (readonly [string, Fact])[]): readonly Fact[] {
  return [...new Map(found.toReversed()).values()].reverse();
}

interface Known {
  readonly hosts: ReadonlySet<string>;
  readonly domains: ReadonlySet<string>;
}

function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

const lazyHosts = (resources: readonly Resource[]): (() => Known) => lazy(() => knownHosts(resources));

function knownHosts(resources: readonly Resource[]): Known {
  const budget = { left: LIMITS.nodes * 4 };
  const found = resources
    .filter((r) => !STACKS_APART.has(r.stack))
    .flatMap((r) => collect(r.values, '', r, 0, budget));
  return { hosts: new Set(found.map((h) => h.host)), domains: new Set(found.map((h) => h.domain)) };
}

function collect(
  value: Value,
  key: string,
  resource: Resource,
  depth: number,
  budget: { left: number },
): OutsideHost[] {
  if (depth > LIMITS.depth || budget.left-- <= 0) return [];
  if (value.kind === 'map') {
    const beside = nameBeside(value);
    return value.entries.flatMap((e) =>
      collect(e.value, e.key === 'value' ? (beside ?? key) : e.key, resource, depth + 1, budget),
    );
  }
  if (value.kind === 'list') return value.items.flatMap((v) => collect(v, key, resource, depth + 1, budget));
  if (value.kind === 'expression' && value.resolved)
    return collect(value.resolved, key, resource, depth + 1, budget);
  return hostsOf(value, key, resource);
}

/** Hosts that one leaf names. */
function hostsOf(value: Value, key: string, resource: Resource): OutsideHost[] {
  if (splitWords(key).some((w) => DESCRIBES.has(w))) return [];
  const written = value.kind === 'expression' ? value.text : text(value);
  if (written === undefined || written.length < 4) return [];
  if (written.includes('://')) return [...hostsInText(written)];
  if (value.kind === 'expression') return [];
  const bare =
    splitWords(key).some((w) => CONNECTS.has(w)) || resource.type === 'ServiceEntry'
      ? hostOfName(written)
      : undefined;
  return bare ? [bare] : [];
}

function hostFacts(
  delta: ResourceDelta,
  side: 'before' | 'after',
  other: () => Known,
  evidence: Evidence,
): readonly (readonly [string, Fact])[] {
  const resource = side === 'after' ? delta.head : delta.base;
  if (
    !resource ||
    resource.type === 'Kustomization' ||
    namesItself(resource.type) ||
    isKubernetesRbac(resource.type)
  )
    return [];
  return delta.changes.flatMap((change) => {
    const value = change[side];
    if (
      !value ||
      change.indirect ||
      (resource.type === 'module' && change.path === 'source') ||
      isReadingMatter(change.path) ||
      isBareNote(change.path, value)
    )
      return [];
    const budget = { left: 5_000 };
    const ours = splitWords(settingName(change, side, resource.name)).some((w) => OWN.has(w));
    return collect(value, settingName(change, side, resource.name), resource, 0, budget)
      .filter((h) => !isOurs(h, evidence) && !other().hosts.has(h.host) && (!ours || vendorOfHost(h.host)))
      .map((h) => [`${side}|${h.host}`, hostFact(delta, change, side, h, other())] as const);
  });
}

/** Any segment of the path that says "text for people" or "not a place": labels, descriptions, images. */
function isReadingMatter(path: string): boolean {
  return path.split('.').some((segment) => DESCRIBES.has(segment.toLowerCase()));
}

/** Annotations hold the system's own names; only a full address in one is somewhere else. */
function isBareNote(path: string, value: Value): boolean {
  return /(?:^|\.)annotations\./.test(path) && !(text(value) ?? '').includes('://');
}

/** The repository's owner is not somebody else. */
function isOurs(h: OutsideHost, evidence: Evidence): boolean {
  const owner = evidence.change.repository.split('/')[0]?.toLowerCase() ?? '';
  return owner !== '' && h.host.includes('/') && h.host.endsWith(`/${owner}`);
}

function hostFact(
  delta: ResourceDelta,
  change: AttributeChange,
  side: 'before' | 'after',
  h: OutsideHost,
  other: Known,
): Fact {
  const address = subject(delta).address;
  const known = other.domains.has(h.domain);
  const egress = subject(delta).type === 'ServiceEntry' && side === 'after';
  const name = side === 'before' ? 'removed' : egress ? 'egress-added' : known ? 'subdomain-added' : 'added';
  return makeDeltaFact(delta, {
    rule: `external-hosts/${name}`,
    kind: 'setting-changed',
    categories:
      name === 'subdomain-added'
        ? ['external-dependency']
        : ['external-dependency', 'data-flow', ...(egress ? (['trust-boundary'] as const) : [])],
    signals:
      side === 'after'
        ? ['external-host-added', ...(vendorOfHost(h.host) && !known ? (['vendor-added'] as const) : [])]
        : ['network-path-removed'],
    change: {
      ...change,
      side: side === 'after' ? 'head' : 'base',
      line: (side === 'after' ? change.after : change.before)?.line ?? change.line,
    },
    statement: `\`${address}\` ${side === 'after' ? 'now names' : 'no longer names'} the outside host ${h.host}${vendorNote(h)}`,
    [side]: h.host,
    deciding: egress || (!known && !(isDocument(change.path) && !vendorOfHost(h.host))),
    detail: h.host,
  });
}

/** Who is behind a host, and what usually flows there. */
function vendorNote(h: OutsideHost): string {
  const vendor = vendorOfHost(h.host);
  return vendor ? ` (${vendor.name}: ${vendor.data})` : '';
}

function publisherFacts(
  delta: ResourceDelta,
  published: () => ReadonlySet<string>,
  evidence: Evidence,
): readonly Fact[] {
  if (!delta.head || delta.changes.length === 0) return [];
  const before = new Set(delta.base ? publishersOf(delta.base) : []);
  const owner = evidence.change.repository.split('/')[0]?.toLowerCase() ?? '';
  const fresh = sourcesOf(delta.head).flatMap((v) => {
    const publisher = publisherOf(nameOf(v) ?? '');
    return publisher === undefined || before.has(publisher) || publisher === owner
      ? []
      : [{ publisher, line: v.line }];
  });
  return [...new Map(fresh.toReversed().map((f) => [f.publisher, f])).values()].reverse().map((f) =>
    makeDeltaFact(delta, {
      rule: 'external-hosts/publisher-added',
      kind: 'dependency-added',
      categories: ['external-dependency'],
      signals: ['dependency-added'],
      side: 'head',
      line: f.line,
      statement: `\`${subject(delta).address}\` now comes from ${f.publisher}`,
      after: f.publisher,
      deciding: !isWellKnown(f.publisher) && !published().has(f.publisher),
      detail: f.publisher,
    }),
  );
}
