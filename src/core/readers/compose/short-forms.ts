import type { Entry, MapValue, Value } from '../../model/value.ts';
import { entries, entry, get, items, list, map, resolve, scalar, text } from '../../values/value.ts';

/** One way to write every setting that Compose allows to be written in several. */
const NORMAL_FORMS: ReadonlyMap<string, (value: Value) => Value> = new Map<string, (value: Value) => Value>([
  ['ports', (value) => each(value, readPort)],
  ['volumes', (value) => each(value, readVolume)],
  ['environment', (value) => readAssignments(value)],
  ['labels', (value) => readAssignments(value)],
  ['depends_on', (value) => readNames(value, 'condition', 'service_started')],
  ['networks', (value) => readNames(value)],
  ['secrets', (value) => each(value, readGrant)],
  ['configs', (value) => each(value, readGrant)],
  ['build', (value) => readBuild(value)],
]);

export function normaliseService(service: MapValue): MapValue {
  const normal = service.entries.map((e): Entry => {
    const form = NORMAL_FORMS.get(e.key);
    return form ? { ...e, value: form(e.value) } : e;
  });
  return map(normal, service.line);
}

function each(value: Value, read: (item: Value) => Value): Value {
  if (value.kind === 'scalar' && value.value === null) return value;
  return list(items(value).map(read), value.line);
}

/** A list of `NAME=value`, or a map, as a map of texts; a name alone is passed through from outside and is null. */
export function readAssignments(value: Value): Value {
  const seen = resolve(value);
  if (seen.kind === 'map')
    return map(
      seen.entries.map((e) => ({ ...e, value: asText(e.value) })),
      seen.line,
    );
  if (seen.kind !== 'list') return value;
  return map(seen.items.flatMap(readAssignment), seen.line);
}

function readAssignment(item: Value): readonly Entry[] {
  const written = raw(item);
  if (written === undefined) return [];
  const equals = written.indexOf('=');
  if (equals < 0) return [entry(written, scalar(null, item.line), item.line)];
  return [entry(written.slice(0, equals), scalar(written.slice(equals + 1), item.line), item.line)];
}

/** Compose hands every setting on as text, so 1 and "1" are the same. */
function asText(value: Value): Value {
  return value.kind === 'scalar' && value.value !== null ? scalar(String(value.value), value.line) : value;
}

function readNames(value: Value, key?: string, usual = ''): Value {
  const seen = resolve(value);
  if (seen.kind !== 'list') return value;
  return map(
    seen.items.flatMap((item) => {
      const name = raw(item);
      if (name === undefined) return [];
      const { line } = item;
      return [
        entry(name, key ? map([entry(key, scalar(usual, line), line)], line) : scalar(null, line), line),
      ];
    }),
    seen.line,
  );
}

/** `name`, or `{source, target, …}`. */
function readGrant(item: Value): Value {
  const name = raw(item);
  return name === undefined ? item : fields(item.line, [['source', name]]);
}

function readBuild(value: Value): Value {
  const context = raw(value);
  return context === undefined ? value : fields(value.line, [['context', context]]);
}

/**
 * `[[address:]published:]target[/protocol]` or the long form → `{published, target, host_ip, protocol}`. The defaults
 * are written out, so that leaving out `127.0.0.1` shows as opening to every address.
 */
function readPort(item: Value): Value {
  const written = raw(item);
  if (written === undefined) return readLongPort(item);
  const slash = written.lastIndexOf('/');
  const protocol = slash < 0 ? 'tcp' : written.slice(slash + 1);
  const parts = splitOutside(slash < 0 ? written : written.slice(0, slash));
  const target = parts.pop() ?? '';
  const published = parts.pop() ?? '';
  const address = parts.join(':').replace(/^\[|\]$/g, '') || '0.0.0.0';
  return fields(item.line, [
    ['published', published],
    ['target', target],
    ['host_ip', address],
    ['protocol', protocol.toLowerCase()],
  ]);
}

function readLongPort(item: Value): Value {
  if (item.kind !== 'map') return item;
  const usual = entries(fields(item.line, PORT_DEFAULTS)).filter(({ key }) => !get(item, key));
  return map([...item.entries.map((e) => ({ ...e, value: asText(e.value) })), ...usual], item.line);
}

const PORT_DEFAULTS = [
  ['published', ''],
  ['host_ip', '0.0.0.0'],
  ['protocol', 'tcp'],
] as const;

/** `[source:]target[:mode]` or the long form → `{type, source, target, mode}`. */
function readVolume(item: Value): Value {
  const written = raw(item);
  if (written === undefined) {
    const readOnly = text(get(item, 'read_only')) === 'true';
    const mode = entry('mode', scalar(readOnly ? 'ro' : 'rw', item.line), item.line);
    return item.kind === 'map'
      ? map([...item.entries.filter((e) => e.key !== 'read_only'), mode], item.line)
      : item;
  }
  const [first = '', second, third] = splitOutside(written);
  const source = second === undefined ? '' : first;
  return fields(item.line, [
    ['type', isPath(source) ? 'bind' : 'volume'],
    ['source', source],
    ['target', second ?? first],
    ['mode', third ?? 'rw'],
  ]);
}

export function isPath(source: string): boolean {
  return /^(?:[./~$\\]|[A-Za-z]:[\\/])/.test(source);
}

/** Splits at colons, but not within `${…}`, `[…]` or after the drive letter of a Windows path. */
function splitOutside(written: string): string[] {
  const parts: string[] = [];
  let from = 0;
  let depth = 0;
  for (let at = 0; at < written.length; at++) {
    const character = written[at] ?? '';
    if (character === '{' || character === '[') depth++;
    if (character === '}' || character === ']') depth--;
    if (character !== ':' || depth > 0 || isDrive(written, from, at)) continue;
    parts.push(written.slice(from, at));
    from = at + 1;
  }
  return [...parts, written.slice(from)];
}

function isDrive(written: string, from: number, colon: number): boolean {
  return colon === from + 1 && /[A-Za-z]/.test(written[from] ?? '') && /[\\/]/.test(written[colon + 1] ?? '');
}

/** The text that was written, with its variables. */
function raw(value: Value): string | undefined {
  return value.kind === 'expression' ? value.text : text(value);
}

/** Every field as text, whichever way it was written; variables are looked at later. */
function fields(line: number, pairs: readonly (readonly [string, string])[]): MapValue {
  return map(
    pairs.map(([key, value]) => entry(key, scalar(value, line), line)),
    line,
  );
}
