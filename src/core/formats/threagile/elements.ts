import type {
  Component,
  ComponentKind,
  DataFlow,
  ModelNode,
  TrustBoundary,
} from '../../model/threat-model.ts';
import type { Value } from '../../model/value.ts';
import { get, text, truth } from '../../values/value.ts';
import { isSaid, readConventions } from '../conventions.ts';
import { refOf, uniqueRefs } from '../reading/references.ts';
import { given, normaliseName, oneLine, sortedUnique } from '../reading/text.ts';
import { declared, idsOf, type Declared } from './sources.ts';

/** Ids of the file → keys of the model. */
export type KeyOf = ReadonlyMap<string, string>;

export function idOf(one: Declared): string {
  return text(get(one.value, 'id')) ?? normaliseName(oneLine(one.title)).replace(/ /g, '-');
}

/** Settings that say something about security and have no slot in the neutral model; each becomes `name=value`. */
const ASSET_SETTINGS = [
  'usage',
  'size',
  'internet',
  'machine',
  'encryption',
  'confidentiality',
  'integrity',
  'availability',
  'multi_tenant',
  'redundant',
  'custom_developed_parts',
  'used_as_client_by_human',
];
const LINK_SETTINGS = ['authentication', 'authorization', 'vpn', 'ip_filtered', 'readonly', 'usage'];
const DATA_SETTINGS = ['usage', 'quantity', 'origin', 'confidentiality', 'integrity', 'availability'];

/** Values that were respelled between versions of the tool. */
const RESPELLED: Readonly<Record<string, string>> = {
  'enduser-identity-propagation': 'end-user-identity-propagation',
  'data-with-enduser-individual-key': 'data-with-end-user-individual-key',
};

function settingsOf(value: Value, names: readonly string[]): readonly string[] {
  return names.flatMap((name) => {
    const said = text(get(value, name));
    if (said === undefined || said === '' || said === 'false') return [];
    return [`${name}=${Object.hasOwn(RESPELLED, said) ? (RESPELLED[said] ?? said) : said}`];
  });
}

function listsOf(value: Value, names: readonly string[]): readonly string[] {
  return names.flatMap((name) => idsOf(get(value, name)).map((id) => `${name}=${id}`));
}

function node(one: Declared, key: string, id: string, settings: readonly string[]): ModelNode {
  const description = text(get(one.value, 'description'));
  const said = readConventions(description ?? '');
  const owner = text(get(one.value, 'owner'));
  const tags = idsOf(get(one.value, 'tags'));
  const name = oneLine(one.title);
  return {
    key,
    nativeId: id,
    name,
    refs: uniqueRefs([
      ...said.refs,
      ...refOf(id, 'id'),
      ...tags.flatMap((tag) => refOf(tag, 'tag')),
      ...refOf(name, 'name'),
    ]),
    tags: sortedUnique([...tags, ...settings]),
    location: { file: one.file, line: one.line },
    ...given({
      description: description !== undefined && isSaid(description) ? oneLine(description) : undefined,
      owner: owner !== undefined && isSaid(owner) ? oneLine(owner) : said.owner,
    }),
  };
}

const KINDS: Readonly<Record<string, ComponentKind>> = {
  'external-entity': 'external-entity',
  process: 'process',
  datastore: 'data-store',
};

export function component(one: Declared, key: string, inside: readonly string[]): Component {
  const type = text(get(one.value, 'type')) ?? '';
  const technologies = [
    text(get(one.value, 'technology')) ?? '',
    ...idsOf(get(one.value, 'technologies')),
  ].filter(isSaid);
  const reason = text(get(one.value, 'justification_out_of_scope'));
  const settings = [
    ...settingsOf(one.value, ASSET_SETTINGS),
    ...listsOf(one.value, ['data_assets_processed', 'data_assets_stored']),
  ];
  return {
    ...node(one, key, idOf(one), settings),
    kind: Object.hasOwn(KINDS, type) ? (KINDS[type] ?? 'unknown') : 'unknown',
    boundaries: inside,
    ...given({
      subtype: technologies.length > 0 ? sortedUnique(technologies).join(', ') : undefined,
      outOfScope:
        truth(get(one.value, 'out_of_scope')) === true
          ? given({ reason: reason === undefined || reason === '' ? undefined : oneLine(reason) })
          : undefined,
    }),
  };
}

/** Communication links of one asset. The format gives them no id; asset and title are what its own engine uses. */
export function linksOf(
  asset: Declared,
  keyFor: (id: string) => string,
  components: KeyOf,
): readonly DataFlow[] {
  const source = idOf(asset);
  return declared(get(asset.value, 'communication_links'), asset.file).map((link) => {
    const target = text(get(link.value, 'target'));
    const protocol = text(get(link.value, 'protocol'));
    const id = `${source}>${normaliseName(oneLine(link.title)).replace(/ /g, '-')}`;
    const settings = [
      ...settingsOf(link.value, LINK_SETTINGS),
      ...listsOf(link.value, ['data_assets_sent', 'data_assets_received']),
    ];
    return {
      ...node(link, keyFor(id), id, settings),
      crosses: [],
      ...given({
        source: components.get(source),
        target: components.get(target ?? ''),
        protocol: protocol === '' ? undefined : protocol,
        encrypted: truth(get(link.value, 'vpn')) === true ? true : encrypts(protocol),
      }),
    };
  });
}

function encrypts(protocol: string | undefined): boolean | undefined {
  if (
    protocol === undefined ||
    /^(?:|unknown-protocol|in-process-library-call|container-spawning|local-file-access)$/.test(protocol)
  )
    return undefined;
  if (/encrypted|^(?:https|wss|ssh|ssh-tunnel|sftp|ftps|ldaps|mqtts)$/.test(protocol)) return true;
  return /^(?:http|ws|reverse-proxy-web-protocol|mqtt|jdbc|odbc|sql-access-protocol|nosql-access-protocol|binary|text|smtp|pop3|imap|ftp|ldap|jms|nfs|smb|nrpe|xmpp|iiop|jrmp|telnet)$/.test(
    protocol,
  )
    ? false
    : undefined;
}

export function boundary(
  one: Declared,
  key: string,
  components: KeyOf,
  parent: string | undefined,
): TrustBoundary {
  const members = idsOf(get(one.value, 'technical_assets_inside')).flatMap((id) => components.get(id) ?? []);
  return {
    ...node(one, key, idOf(one), settingsOf(one.value, ['type'])),
    members: sortedUnique(members),
    membership: 'declared',
    ...given({ parent }),
  };
}

export function dataAsset(one: Declared, key: string): ModelNode {
  return node(one, key, idOf(one), settingsOf(one.value, DATA_SETTINGS));
}
