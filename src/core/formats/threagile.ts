import type { SourceFile } from '../model/change.ts';
import type { Capabilities, ThreatModel, TrustBoundary } from '../model/threat-model.ts';
import { get } from '../values/value.ts';
import type { Format } from './format.ts';
import { crossingsOf, zonesByMember } from './reading/crossings.ts';
import { makeKeys } from './reading/keys.ts';
import { given, normaliseName, oneLine } from './reading/text.ts';
import { boundary, component, dataAsset, idOf, linksOf } from './threagile/elements.ts';
import { readRisks } from './threagile/risks.ts';
import { declaredIn, idsOf, readSources, settingOf, type Source } from './threagile/sources.ts';

/** Computed risks are not in the file; what is there are manual risks and the tracking of all. Owners are those of assets. */
const capabilities: Capabilities = {
  components: 'native',
  flows: 'native',
  boundaries: 'native',
  threats: 'native',
  stride: 'native',
  severity: 'native',
  status: 'native',
  mitigation: 'native',
  owner: 'derived',
  ticket: 'native',
  resourceRef: 'native',
};

export const format: Format = {
  id: 'threagile',
  title: 'Threagile',
  about:
    'YAML models with includes, anchors and merge keys: technical assets, communication links, trust boundaries, data assets, manual risks (map or list of categories) and risk tracking. Risks that the tool computes are not in the file.',
  paths: [
    '**/*threagile*.@(yaml|yml)',
    '**/*threagile*/**/*.@(yaml|yml)',
    '**/*threat?(-|_| )model*.@(yaml|yml)',
    '**/threat?(-|_| )@(model|models|modeling|modelling)/**/*.@(yaml|yml)',
    '**/threatmodels/**/*.@(yaml|yml)',
  ],
  capabilities,
  priority: 60,
  recognises: ({ text }) =>
    /^threagile_version\s*:/m.test(text) ||
    (/^technical_assets\s*:/m.test(text) &&
      /^(?:data_assets|trust_boundaries|title|includes)\s*:/m.test(text)),
  read: readModel,
};

function readModel(file: SourceFile, siblings: readonly SourceFile[]): ThreatModel {
  const { sources, diagnostics } = readSources(file, siblings);
  const keys = makeKeys();
  const assets = declaredIn(sources, 'technical_assets');
  const data = declaredIn(sources, 'data_assets').map((one) => ({
    id: idOf(one),
    asset: dataAsset(one, keys.native('data-asset', idOf(one))),
  }));
  const assetKeys = new Map(assets.map((one) => [idOf(one), keys.native('component', idOf(one))]));
  const boundaries = readBoundaries(sources, (id) => keys.native('boundary', id), assetKeys);
  const zonesOf = zonesByMember(boundaries);
  const crosses = crossingsOf(boundaries);
  const components = assets.map((one) => {
    const key = assetKeys.get(idOf(one)) ?? '';
    return component(one, key, zonesOf.get(key) ?? []);
  });
  const flows = assets
    .flatMap((one) => linksOf(one, (id) => keys.native('flow', id), assetKeys))
    .map((flow) => ({ ...flow, crosses: crosses(flow.source, flow.target) }));
  const targets = new Map<string, string>([
    ...data.map((one) => [one.id, one.asset.key] as const),
    ...boundaries.map((one) => [one.nativeId ?? '', one.key] as const),
    ...flows.map((one) => [one.nativeId ?? '', one.key] as const),
    ...flows.map(
      (one) =>
        [
          `${(one.nativeId ?? '').split('>')[0]}>${normaliseName(one.name).replace(/ /g, '-')}`,
          one.key,
        ] as const,
    ),
    ...assetKeys,
  ]);
  const title = settingOf(sources, 'title');
  return {
    file: file.path,
    format: format.id,
    ...given({
      // Of the main file alone: an included fragment has none.
      formatVersion: settingOf(sources.slice(0, 1), 'threagile_version'),
      title: title === undefined ? undefined : oneLine(title),
      owner: settingOf(sources, 'author', 'name'),
      date: settingOf(sources, 'date'),
    }),
    components,
    flows,
    boundaries,
    dataAssets: data.map((one) => one.asset),
    vendors: [],
    threats: readRisks(sources, keys, targets),
    assumptions: [],
    capabilities,
    diagnostics,
  };
}

function readBoundaries(
  sources: readonly Source[],
  keyFor: (id: string) => string,
  assets: ReadonlyMap<string, string>,
): readonly TrustBoundary[] {
  const declared = declaredIn(sources, 'trust_boundaries').map((one) => ({
    one,
    id: idOf(one),
    key: keyFor(idOf(one)),
  }));
  const keyOf = new Map(declared.map(({ id, key }) => [id, key]));
  const parentOf = new Map(
    declared.flatMap(({ one, key }) =>
      idsOf(get(one.value, 'trust_boundaries_nested')).map((id) => [keyOf.get(id) ?? '', key] as const),
    ),
  );
  return declared.map(({ one, key }) => boundary(one, key, assets, parentOf.get(key)));
}
