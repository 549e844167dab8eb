import type { AttributeChange } from '../model/resource-delta.ts';
import type { Value } from '../model/value.ts';
import { get, items, resolve, show, text } from '../values/value.ts';

/** Items of one list that are read. */
const ITEMS = 20_000;

/**
 * The names a value stands for, as far as it is known: scalars as they are, what cannot be computed as `${expression}`.
 * Quotes, `!Sub` and `!Ref` are spellings of the same thing and taken away.
 */
export function namesIn(value: Value | undefined): readonly string[] {
  return items(value)
    .slice(0, ITEMS)
    .flatMap((v) => nameOf(v) ?? []);
}

/** One name, or nothing for an absent value, `null`, a map or an empty text. */
export function nameOf(value: Value | undefined): string | undefined {
  if (!value) return undefined;
  const seen = resolve(value);
  if (seen.kind === 'scalar' && seen.value !== null && seen.value !== '') return String(seen.value);
  if (seen.kind === 'scalar') return emptyName(value);
  if (seen.kind === 'list') return seen.items.length === 0 ? undefined : namesIn(seen).join(', ');
  if (seen.kind === 'map')
    return seen.entries.length === 0 ? undefined : (singleIntrinsic(seen) ?? show(seen, 200));
  return plainReference(unwrap(seen.text));
}

/** What resolves to nothing (a parameter without a default) is filled in later: it goes by its own name. */
function emptyName(value: Value): string | undefined {
  let last: Value | undefined;
  for (let at = value, depth = 0; at.kind === 'expression' && depth < 32; depth++) {
    last = at;
    if (!at.resolved) break;
    at = at.resolved;
  }
  return last?.kind === 'expression' ? plainReference(unwrap(last.text)) : undefined;
}

/** `{ Ref: X }` and the like, in case a reader left it as a map. */
function singleIntrinsic(value: Value): string | undefined {
  const ref = get(value, 'Ref');
  return ref && value.kind === 'map' && value.entries.length === 1 ? `\${${nameOf(ref)}}` : undefined;
}

function unwrap(text: string): string {
  const filled = /^!Sub \["([^"]*)", ?\{(.*)\}\]$/.exec(text.slice(0, 2_000));
  if (filled) return `${filled[1] ?? ''} (${filled[2] ?? ''})`;
  const tagged = /^!(Ref|GetAtt|Sub)\s+/.exec(text);
  const body = unquote(tagged ? text.slice(tagged[0].length) : text);
  if (tagged?.[1] === 'Sub' || body !== text) return tagged?.[1] === 'Sub' || !tagged ? body : `\${${body}}`;
  return `\${${body}}`;
}

const GUARDED =
  /\b(?:try|one|coalesce|tostring|element|join)\((?:"", ?)?([^()]*?)(?:, ?(?:""|null|\[\]|0))?\)/g;
const FIRST = /\[(?:0|\*|count\.index)\]|\.\*(?=\.)/g;

/** Guards against a missing value and the index of the only instance do not change what is meant. */
function plainReference(name: string): string {
  if (!name.includes('${')) return name;
  return name.replace(GUARDED, '$1').replace(FIRST, '');
}

function unquote(text: string): string {
  const quoted = text.length >= 2 && (text[0] === '"' || text[0] === "'") && text.at(-1) === text[0];
  return quoted ? text.slice(1, -1) : text;
}

/** Child of a map by key, whatever its case; `Action` and `action` are one. */
export function child(value: Value | undefined, ...keys: readonly string[]): Value | undefined {
  if (!value) return undefined;
  const seen = resolve(value);
  if (seen.kind !== 'map') return undefined;
  const wanted = keys.map((k) => k.toLowerCase());
  return seen.entries.findLast((e) => e.key.length < 64 && wanted.includes(e.key.toLowerCase()))?.value;
}

/** Everything at a dotted path, through lists, whatever the case of the keys. */
export function valuesAt(value: Value | undefined, path: string): readonly Value[] {
  let at: readonly Value[] = value ? [value] : [];
  for (const segment of path.split('.'))
    at = at.flatMap((v) =>
      items(v)
        .slice(0, ITEMS)
        .flatMap((i) => child(i, segment) ?? []),
    );
  return at;
}

const GENERIC_KEYS = new Set(['value', 'default', 'defaultvalue', 'val']);

/**
 * The name that a changed setting goes by: its key, or for `{name: X, value: …}` the name beside it, or for variables,
 * parameters and locals the name of the resource.
 */
export function settingName(change: AttributeChange, side: 'before' | 'after', resourceName: string): string {
  const key = change.path.slice(change.path.lastIndexOf('.') + 1);
  if (!GENERIC_KEYS.has(key.toLowerCase())) return key;
  const parent = side === 'after' ? change.afterParent : change.beforeParent;
  return nameBeside(parent) ?? resourceName.slice(resourceName.lastIndexOf('.') + 1);
}

/** The name in a map that says what its value is. */
export function nameBeside(parent: Value | undefined): string | undefined {
  return text(get(parent, 'name')) ?? text(get(parent, 'Name')) ?? text(get(parent, 'key'));
}
