import { LIMITS } from '../../limits.ts';
import type { Value } from '../../model/value.ts';
import { at, get } from '../../values/value.ts';
import type { Draft } from './manifests.ts';
import { POD_PLACES } from './reference-paths.ts';
import { labelsOf, selects, type Labels, type Selector } from './selectors.ts';

/** The manifests of one directory, to be looked up by name and by label. */
export interface Directory {
  /** Address of a manifest; when none is here, the address that it would have. */
  address(kind: string, name: string, namespace: string): string;
  /** Address of the Service that a host name stands for inside the cluster, if it is here. */
  serviceOf(host: string, namespace: string): string | undefined;
  /** Addresses of what a selector selects. */
  selected(kind: 'pods' | 'services', selector: Selector, namespace: string): readonly string[];
  /** Whether selectors match more than is followed. */
  exhausted(): boolean;
}

/** The pod within a manifest: its spec, its labels and where it is. */
export interface Pod {
  readonly spec: Value;
  readonly path: string;
  readonly labels: Labels;
}

export function podOf(draft: Draft): Pod | undefined {
  for (const place of POD_PLACES) {
    const holder = at(draft.values, ...place);
    const spec = get(holder, 'spec');
    if (!spec || !get(spec, 'containers') || (place.length === 0 && draft.kind !== 'Pod')) continue;
    return { spec, path: [...place, 'spec'].join('.'), labels: labelsOf(get(holder, 'metadata')) };
  }
  return undefined;
}

const CLUSTER_WIDE = /^(?:Cluster[A-Z].*|.*Class|PersistentVolume|Namespace|Node)$/;

export function indexDirectory(drafts: readonly Draft[]): Directory {
  const named = indexNames(drafts);
  const pods = indexLabels(drafts, (draft) => podOf(draft)?.labels);
  const services = indexLabels(drafts, (d) =>
    d.kind === 'Service' ? labelsOf(get(d.values, 'metadata')) : undefined,
  );
  let comparisons: number = LIMITS.nodes;

  function find(kind: string, name: string, namespace: string): string | undefined {
    const spaces = named.get(`${kind}/${name}`);
    // A manifest without a namespace gets one when it is applied, and may well get this one.
    const any = namespace === '-' ? spaces?.values().next().value : undefined;
    return spaces?.get(namespace) ?? spaces?.get('-') ?? any;
  }

  return {
    address: (kind, name, namespace) =>
      find(kind, name, namespace) ?? `${kind}/${CLUSTER_WIDE.test(kind) ? '-' : namespace}/${name}`,
    serviceOf(host, own) {
      const [name = '', namespace, suffix] = host.split('.');
      if (namespace === undefined) return find('Service', name, own);
      if (suffix === 'svc') return find('Service', name, namespace);
      // `name.namespace` looks like any domain: only a namespace that is written counts.
      return suffix === undefined ? named.get(`Service/${name}`)?.get(namespace) : undefined;
    },
    selected(kind, selector, namespace) {
      const found: string[] = [];
      for (const { draft, labels } of narrowest(kind === 'pods' ? pods : services, selector)) {
        if (--comparisons < 0) break;
        const near = draft.namespace === namespace || draft.namespace === '-' || namespace === '-';
        if (near && selects(selector, labels)) found.push(draft.address);
      }
      return found;
    },
    exhausted: () => comparisons < 0,
  };
}

/** `kind/name` → namespace → address. */
function indexNames(drafts: readonly Draft[]): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const named = new Map<string, Map<string, string>>();
  for (const { kind, name, namespace, address } of drafts) {
    const key = `${kind}/${name}`;
    const spaces = named.get(key) ?? new Map<string, string>();
    named.set(key, spaces.set(namespace, address));
  }
  return named;
}

interface Labelled {
  readonly draft: Draft;
  readonly labels: Labels;
}
interface LabelIndex {
  readonly all: readonly Labelled[];
  readonly by: ReadonlyMap<string, readonly Labelled[]>;
}

function indexLabels(drafts: readonly Draft[], labelsFor: (draft: Draft) => Labels | undefined): LabelIndex {
  const all: Labelled[] = [];
  const by = new Map<string, Labelled[]>();
  for (const draft of drafts) {
    const labels = labelsFor(draft);
    if (!labels) continue;
    const labelled = { draft, labels };
    all.push(labelled);
    for (const [key, value] of labels) {
      const label = JSON.stringify([key, value]);
      const known = by.get(label);
      if (known) known.push(labelled);
      else by.set(label, [labelled]);
    }
  }
  return { all, by };
}

/** The fewest candidates that hold everything selected. */
function narrowest(index: LabelIndex, selector: Selector): readonly Labelled[] {
  return selector.exact.reduce<readonly Labelled[]>((fewest, label) => {
    const some = index.by.get(JSON.stringify(label)) ?? [];
    return some.length < fewest.length ? some : fewest;
  }, index.all);
}
