import type {
  Component,
  DataFlow,
  ModelNode,
  ResourceRef,
  ThreatModel,
  TrustBoundary,
} from '../../model/threat-model.ts';
import { readConventions, readResources } from '../conventions.ts';
import { crossingsOf, zonesByMember } from '../reading/crossings.ts';
import { makeKeys, type Keys } from '../reading/keys.ts';
import { kindOf, kindOfName } from '../reading/kinds.ts';
import { refOf, uniqueRefs } from '../reading/references.ts';
import { given, oneLine, sortedUnique } from '../reading/text.ts';
import { assembleThreats } from './assemble-threats.ts';
import type { Drafts, ElementDraft } from './drafts.ts';
import { impliedEnds, impliedZones, mergeByName, withoutRedrawn } from './merge.ts';
import { makeNames, splitNames, type Names } from './names.ts';

/** The lists of a threat model, with every name looked up. */
export type Assembled = Pick<
  ThreatModel,
  'components' | 'flows' | 'boundaries' | 'dataAssets' | 'vendors' | 'threats' | 'assumptions'
>;

export function assemble(drafts: Drafts, file: string): Assembled {
  const keys = makeKeys();
  const names = makeNames();
  const of = (element: ElementDraft['element']): readonly ElementDraft[] =>
    drafts.elements.filter((draft) => draft.element === element);
  const flowDrafts = withoutRedrawn(of('flow'));
  const zones = mergeByName([...of('boundary'), ...impliedZones(of('component'))]);
  const zoneKeys = zones.map((draft) => register(draft, keys, names));
  const parts = mergeByName([
    ...of('component'),
    ...impliedEnds(flowDrafts, [...of('component'), ...zones, ...of('vendor'), ...of('data-asset')]),
  ]);
  const partKeys = parts.map((draft) => register(draft, keys, names));
  const vendors = mergeByName(of('vendor')).map((draft) => node(draft, register(draft, keys, names), file));
  const dataAssets = mergeByName(of('data-asset')).map((draft) =>
    node(draft, register(draft, keys, names), file),
  );
  const members = memberships(zones, zoneKeys, parts, partKeys, names);
  const boundaries = zones.map((draft, index) =>
    boundary(draft, zoneKeys[index] ?? '', members, names, file),
  );
  const zonesOf = zonesByMember(boundaries);
  const components = parts.map((draft, index) => component(draft, partKeys[index] ?? '', zonesOf, file));
  const crosses = crossingsOf(boundaries);
  const flows = flowDrafts.map((draft) => flow(draft, keys, names, crosses, file));
  for (const one of flows) names.add(one.key, one.name, one.nativeId);
  const threats = assembleThreats(drafts, { keys, names, file });
  return {
    components,
    flows,
    boundaries,
    dataAssets,
    vendors,
    threats,
    assumptions: sortedUnique(drafts.assumptions),
  };
}

function register(draft: ElementDraft, keys: Keys, names: Names): string {
  const key = keys.named(draft.element, draft.name);
  names.add(key, draft.name, draft.id);
  return key;
}

/** Boundary key → keys of its members, from both sides' statements. */
function memberships(
  zones: readonly ElementDraft[],
  zoneKeys: readonly string[],
  parts: readonly ElementDraft[],
  partKeys: readonly string[],
  names: Names,
): ReadonlyMap<string, ReadonlySet<string>> {
  const members = new Map<string, Set<string>>(zoneKeys.map((key) => [key, new Set<string>()]));
  const own = new Set(partKeys);
  zones.forEach((zone, index) => {
    for (const name of zone.members ?? []) {
      const key = names.find(name);
      if (key !== undefined && own.has(key)) members.get(zoneKeys[index] ?? '')?.add(key);
    }
  });
  parts.forEach((part, index) => {
    for (const name of (part.boundary ?? '').split(/[,;\n]/))
      members.get(names.find(name) ?? '')?.add(partKeys[index] ?? '');
  });
  return members;
}

function node(draft: ElementDraft, key: string, file: string): ModelNode {
  const said = readConventions(draft.raw);
  return {
    key,
    name: oneLine(draft.name),
    refs: refsOf(draft, said.refs),
    tags: sortedUnique(draft.tags),
    location: { file, line: draft.line },
    ...given({
      nativeId: draft.id,
      description: draft.description === undefined ? undefined : oneLine(draft.description),
      owner: draft.owner ?? said.owner,
      outOfScope: draft.outOfScope,
    }),
  };
}

function refsOf(draft: ElementDraft, said: readonly ResourceRef[]): readonly ResourceRef[] {
  const slot = draft.resource === undefined ? [] : readResources(draft.resource);
  return uniqueRefs([...slot, ...said, ...refOf(draft.id, 'id'), ...refOf(draft.name, 'name')]);
}

function component(
  draft: ElementDraft,
  key: string,
  zonesOf: ReadonlyMap<string, readonly string[]>,
  file: string,
): Component {
  const byType = kindOf(draft.type ?? '');
  return {
    ...node(draft, key, file),
    kind: byType === 'unknown' ? kindOfName(draft.name) : byType,
    ...given({ subtype: draft.type === undefined ? undefined : oneLine(draft.type) }),
    boundaries: zonesOf.get(key) ?? [],
  };
}

function boundary(
  draft: ElementDraft,
  key: string,
  members: ReadonlyMap<string, ReadonlySet<string>>,
  names: Names,
  file: string,
): TrustBoundary {
  const inside = [...(members.get(key) ?? [])];
  const parent = draft.parent === undefined ? undefined : names.find(draft.parent);
  return {
    ...node(draft, key, file),
    members: inside,
    membership: inside.length > 0 ? 'declared' : 'unknown',
    ...given({ parent: parent === key ? undefined : parent }),
    tags: sortedUnique([...draft.tags, ...between(draft)]),
  };
}

/** A boundary told by the two sides it separates. */
function between(draft: ElementDraft): readonly string[] {
  return draft.source !== undefined && draft.target !== undefined
    ? [`between=${oneLine(draft.source)} | ${oneLine(draft.target)}`]
    : [];
}

function flow(
  draft: ElementDraft,
  keys: Keys,
  names: Names,
  crosses: ReturnType<typeof crossingsOf>,
  file: string,
): DataFlow {
  const source = draft.source === undefined ? undefined : names.find(draft.source);
  const target = draft.target === undefined ? undefined : names.find(draft.target);
  const stated = (draft.boundary === undefined ? [] : splitNames(draft.boundary, names)).map((name) =>
    names.find(name),
  );
  return {
    ...node(draft, keys.named('flow', draft.source ?? '', draft.target ?? '', draft.name), file),
    crosses: sortedUnique([
      ...stated.filter((key) => key !== undefined && key.startsWith('boundary:')),
      ...crosses(source, target),
    ] as string[]),
    ...given({
      source,
      target,
      bidirectional: draft.bidirectional,
      protocol: draft.protocol,
      encrypted: draft.encrypted,
    }),
  };
}
