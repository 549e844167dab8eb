import type { Reference } from '../../model/resource.ts';
import type { Value } from '../../model/value.ts';
import { hostsOfSetting } from '../../values/hosts.ts';
import { entries, get, items, text, texts } from '../../values/value.ts';
import { isPath } from './short-forms.ts';

/** What one service mentions; its values are in normal form. */
export function referencesOf(
  own: string,
  values: Value,
  addresses: ReadonlySet<string>,
): readonly Reference[] {
  const found = new Map<string, Reference>();
  const add = (to: string, path: string) => {
    if (to !== own) found.set(`${to}\n${path}`, { to, path });
  };
  if (!own.startsWith('service/')) return [];
  for (const { key } of entries(get(values, 'depends_on'))) add(`service/${key}`, 'depends_on');
  for (const { key } of entries(get(values, 'networks'))) add(`network/${key}`, 'networks');
  for (const path of ['links', 'volumes_from', 'external_links'])
    for (const link of texts(get(values, path))) add(`service/${link.split(':')[0] ?? link}`, path);
  for (const path of ['network_mode', 'ipc', 'pid']) {
    const shared = text(get(values, path));
    if (shared?.startsWith('service:')) add(`service/${shared.slice(8)}`, path);
  }
  for (const volume of items(get(values, 'volumes'))) {
    const source = text(get(volume, 'source'));
    const kind = text(get(volume, 'type'));
    if (source && (kind === undefined || kind === 'volume') && !isPath(source))
      add(`volume/${source}`, 'volumes.source');
  }
  for (const word of ['secret', 'config'])
    for (const grant of items(get(values, `${word}s`))) {
      const source = text(get(grant, 'source'));
      if (source) add(`${word}/${source}`, `${word}s.source`);
    }
  addExtended(values, add);
  addHosts(values, addresses, add);
  return [...found.values()];
}

/** `extends: service` of the same file, or `{file, service}` of another, which is kept as `file#service`. */
function addExtended(values: Value, add: (to: string, path: string) => void): void {
  const extended = get(values, 'extends');
  const service = text(extended) ?? text(get(extended, 'service'));
  if (!extended || service === undefined) return;
  const file = text(get(extended, 'file'));
  add(file ? `${file}#${service}` : `service/${service}`, 'extends');
}

/** Settings that name another service as host: a data flow. */
function addHosts(
  values: Value,
  addresses: ReadonlySet<string>,
  add: (to: string, path: string) => void,
): void {
  const settings = [
    ...entries(get(values, 'environment')).map((e) => ({
      key: e.key,
      value: e.value,
      path: `environment.${e.key}`,
    })),
    ...['command', 'entrypoint'].flatMap((path) =>
      items(get(values, path)).map((value) => ({ key: '', value, path })),
    ),
  ];
  for (const { key, value, path } of settings)
    for (const host of hostsOfSetting(key, text(value) ?? (value.kind === 'expression' ? value.text : '')))
      if (addresses.has(`service/${host}`)) add(`service/${host}`, path);
}
