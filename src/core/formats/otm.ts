import type { SourceFile } from '../model/change.ts';
import type {
  Capabilities,
  Component,
  DataFlow,
  ModelNode,
  ThreatModel,
  TrustBoundary,
} from '../model/threat-model.ts';
import type { Value } from '../model/value.ts';
import { parseJson } from '../syntax/json.ts';
import type { SyntaxProblem } from '../syntax/problem.ts';
import { parseYaml } from '../syntax/yaml.ts';
import { at, get, items, text, texts, truth } from '../values/value.ts';
import { isSaid, readConventions } from './conventions.ts';
import type { Format } from './format.ts';
import { attributeLines, attributeRefs, representationRefs } from './otm/attributes.ts';
import { readCatalogue, readThreats } from './otm/instances.ts';
import { zoneOf, type Parent } from './otm/zones.ts';
import { fromProblems } from './reading/diagnostics.ts';
import { crossingsOf } from './reading/crossings.ts';
import { makeKeys, type Keys } from './reading/keys.ts';
import { kindOf, kindOfName } from './reading/kinds.ts';
import { refOf, uniqueRefs } from './reading/references.ts';
import { given, oneLine, sortedUnique } from './reading/text.ts';

const capabilities: Capabilities = {
  components: 'native',
  flows: 'native',
  boundaries: 'native',
  threats: 'native',
  stride: 'extension',
  severity: 'derived',
  status: 'native',
  mitigation: 'native',
  owner: 'extension',
  ticket: 'extension',
  resourceRef: 'native',
};

export const format: Format = {
  id: 'otm',
  title: 'Open Threat Model (OTM)',
  about:
    'JSON or YAML of versions 0.1 and 0.2: trust zones, components, data flows, assets, the catalogue of threats and mitigations and where they apply. Owners, tickets and dates are free attributes or lines of text.',
  paths: [
    '**/*.otm',
    '**/*.otm.@(json|yaml|yml)',
    '**/otm.@(json|yaml|yml)',
    '**/.iriusrisk/**/*.@(otm|json|yaml|yml)',
    '**/*threat?(-|_| )model*.@(json|yaml|yml)',
    '**/threat?(-|_| )@(model|models|modeling|modelling)/**/*.@(json|yaml|yml)',
  ],
  capabilities,
  priority: 70,
  recognises: ({ path, text: source }) =>
    /["']?otmVersion["']?\s*:/.test(source) || (/\.otm$/i.test(path) && source.trim() !== ''),
  read: readModel,
};

/** One file, whose keys are found by its own ids. */
interface Context {
  readonly file: string;
  readonly keys: Keys;
}

function parse(source: string): { readonly value?: Value; readonly errors: readonly SyntaxProblem[] } {
  if (/^\s*[{[]/.test(source)) return parseJson(source);
  const { documents, errors } = parseYaml(source);
  const value = documents.find((document) => document.value)?.value;
  return value ? { value, errors } : { errors };
}

function readModel(file: SourceFile): ThreatModel {
  const { value, errors } = parse(file.text);
  const context: Context = { file: file.path, keys: makeKeys() };
  const zones = readNodes(get(value, 'trustZones') ?? get(value, 'trustzones'), 'boundary', context);
  const parts = readNodes(get(value, 'components'), 'component', context);
  const assets = readNodes(get(value, 'assets'), 'data-asset', context);
  const parentOf = parents(parts, zones);
  const keyOf = new Map([...assets, ...parts, ...zones].map((one) => [one.id, one.node.key]));
  const flows = readNodes(get(value, 'dataflows') ?? get(value, 'dataFlows'), 'flow', context);
  const placed = parts.map((one) =>
    component(one, keyOf.get(zoneOf(one.id, parentOf) ?? ''), parentOf, keyOf),
  );
  const membersOf = new Map<string, string[]>(zones.map((one) => [one.node.key, []]));
  for (const part of placed) membersOf.get(part.boundaries[0] ?? '')?.push(part.key);
  const boundaries = zones.map((one) => boundary(one, membersOf.get(one.node.key) ?? [], keyOf));
  const crosses = crossingsOf(boundaries);
  const owner = text(at(value, 'project', 'owner'));
  return {
    file: file.path,
    format: format.id,
    ...given({
      formatVersion: text(get(value, 'otmVersion')),
      title: text(at(value, 'project', 'name')),
      owner: owner !== undefined && isSaid(owner) ? owner : undefined,
    }),
    components: placed,
    flows: flows.map((one) => flow(one, keyOf, crosses)),
    boundaries,
    dataAssets: assets.map((one) => ({
      ...one.node,
      tags: sortedUnique([...one.node.tags, ...riskTags(one.value)]),
    })),
    vendors: [],
    threats: readThreats(
      [...parts, ...flows].map((one) => ({ key: one.node.key, id: one.id, value: one.value })),
      readCatalogue(value),
      context.keys,
      file.path,
    ),
    assumptions: [],
    capabilities,
    diagnostics: fromProblems(file.path, errors),
  };
}

interface Raw {
  readonly id: string;
  readonly node: ModelNode;
  readonly value: Value;
}

function readNodes(
  list: Value | undefined,
  element: 'component' | 'flow' | 'boundary' | 'data-asset',
  context: Context,
): readonly Raw[] {
  return items(list).flatMap((value) => {
    const id = text(get(value, 'id')) ?? text(get(value, 'name'));
    return id === undefined || value.kind !== 'map'
      ? []
      : [{ id, node: readNode(value, id, context.keys.native(element, id), context.file), value }];
  });
}

function readNode(value: Value, id: string, key: string, file: string): ModelNode {
  const name = oneLine(text(get(value, 'name')) ?? id);
  const description = text(get(value, 'description'));
  const tags = texts(get(value, 'tags'));
  const said = readConventions([description ?? '', ...attributeLines(value)].join('\n'));
  return {
    key,
    nativeId: id,
    name,
    refs: uniqueRefs([
      ...said.refs,
      ...refOf(id, 'id'),
      ...tags.flatMap((tag) => refOf(tag, 'tag')),
      ...representationRefs(value),
      ...attributeRefs(value),
      ...refOf(name, 'name'),
    ]),
    tags: sortedUnique(tags),
    location: { file, line: (get(value, 'name') ?? get(value, 'id') ?? value).line },
    ...given({
      description: description !== undefined && isSaid(description) ? oneLine(description) : undefined,
      owner: said.owner,
    }),
  };
}

function parents(parts: readonly Raw[], zones: readonly Raw[]): ReadonlyMap<string, Parent> {
  const known = new Set(zones.map((one) => one.id));
  return new Map(
    parts.map(({ id, value }) => {
      const parent = get(value, 'parent');
      const zone = text(get(parent, 'trustZone')) ?? text(get(parent, 'trustzone'));
      const part = text(get(parent, 'component'));
      // Some files name a zone where a component is asked for.
      const asZone = zone ?? (part !== undefined && known.has(part) ? part : undefined);
      return [id, { ...given({ zone: asZone, part: asZone === undefined ? part : undefined }) }];
    }),
  );
}

function component(
  one: Raw,
  zone: string | undefined,
  parentOf: ReadonlyMap<string, Parent>,
  keyOf: ReadonlyMap<string, string>,
): Component {
  const type = text(get(one.value, 'type'));
  const byType = kindOf((type ?? '').replace(/[-_]/g, ' '));
  const part = parentOf.get(one.id)?.part;
  const within = part !== undefined && keyOf.has(part) ? [`parent=${part}`] : [];
  const data = ['processed', 'stored'].flatMap((use) =>
    texts(at(one.value, 'assets', use)).map((asset) => `${use}=${asset}`),
  );
  return {
    ...one.node,
    tags: sortedUnique([...one.node.tags, ...within, ...data]),
    kind: byType === 'unknown' ? kindOfName(one.node.name) : byType,
    boundaries: zone === undefined ? [] : [zone],
    ...given({ subtype: type }),
  };
}

function flow(
  one: Raw,
  keyOf: ReadonlyMap<string, string>,
  crosses: ReturnType<typeof crossingsOf>,
): DataFlow {
  const source = text(get(one.value, 'source'));
  const target = text(get(one.value, 'destination'));
  const ends = [keyOf.get(source ?? ''), keyOf.get(target ?? '')] as const;
  const protocol = text(at(one.value, 'attributes', 'protocol'));
  return {
    ...one.node,
    tags: sortedUnique([
      ...one.node.tags,
      ...texts(get(one.value, 'assets')).map((asset) => `data=${asset}`),
    ]),
    crosses: crosses(...ends),
    ...given({
      source: ends[0],
      target: ends[1],
      bidirectional: truth(get(one.value, 'bidirectional')),
      protocol,
    }),
  };
}

function boundary(one: Raw, members: readonly string[], keyOf: ReadonlyMap<string, string>): TrustBoundary {
  const parent = text(at(one.value, 'parent', 'trustZone')) ?? text(at(one.value, 'parent', 'component'));
  const rating = text(at(one.value, 'risk', 'trustRating'));
  const type = text(get(one.value, 'type'));
  const tags = [
    ...(rating === undefined ? [] : [`trustRating=${rating}`]),
    ...(type === undefined ? [] : [`type=${type}`]),
  ];
  return {
    ...one.node,
    tags: sortedUnique([...one.node.tags, ...tags]),
    members: sortedUnique(members),
    membership: 'declared',
    ...given({ parent: keyOf.get(parent ?? '') }),
  };
}

function riskTags(value: Value): readonly string[] {
  return ['confidentiality', 'integrity', 'availability'].flatMap((name) => {
    const said = text(at(value, 'risk', name));
    return said === undefined ? [] : [`${name}=${said}`];
  });
}
