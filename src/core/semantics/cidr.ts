/** An address range as an inclusive interval of one IP version. */
export interface Range {
  readonly version: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

const BITS = { 4: 32n, 6: 128n } as const;

/** Words that mean "from anywhere" in the languages at hand. A prefix list or a service tag is not an address range. */
const ANYWHERE = new Set(['*', 'any', 'internet', 'all', '0.0.0.0', '::', '0/0', 'anywhere']);

/** Both versions of "everything", as what a word such as `*` or `Internet` stands for. */
const EVERYTHING: readonly Range[] = [
  { version: 4, first: 0n, last: (1n << BITS[4]) - 1n },
  { version: 6, first: 0n, last: (1n << BITS[6]) - 1n },
];

/**
 * The ranges a text stands for: `10.0.0.0/8`, a single address, `a-b`, or a word for everything.
 * Undefined when the text is something else (a security group, a prefix list, a host name).
 */
export function parseRanges(text: string): readonly Range[] | undefined {
  const trimmed = text.trim();
  if (trimmed.length > 100) return undefined;
  if (ANYWHERE.has(trimmed.toLowerCase())) return EVERYTHING;
  const dash = trimmed.indexOf('-');
  if (dash > 0) return spanned(trimmed.slice(0, dash), trimmed.slice(dash + 1));
  const slash = trimmed.indexOf('/');
  const address = parseAddress(slash < 0 ? trimmed : trimmed.slice(0, slash));
  if (!address) return undefined;
  const bits = BITS[address.version];
  const prefix = slash < 0 ? bits : parsePrefix(trimmed.slice(slash + 1), bits);
  if (prefix === undefined) return undefined;
  const size = 1n << (bits - prefix);
  const first = (address.value / size) * size;
  return [{ version: address.version, first, last: first + size - 1n }];
}

function spanned(from: string, to: string): readonly Range[] | undefined {
  const a = parseAddress(from.trim());
  const b = parseAddress(to.trim());
  if (!a || !b || a.version !== b.version || b.value < a.value) return undefined;
  return [{ version: a.version, first: a.value, last: b.value }];
}

function parsePrefix(text: string, bits: bigint): bigint | undefined {
  if (!/^\d{1,3}$/.test(text)) return undefined;
  const prefix = BigInt(text);
  return prefix <= bits ? prefix : undefined;
}

function parseAddress(text: string): { readonly version: 4 | 6; readonly value: bigint } | undefined {
  const four = parseFour(text);
  if (four !== undefined) return { version: 4, value: four };
  const six = text.includes(':') ? parseSix(text) : undefined;
  return six === undefined ? undefined : { version: 6, value: six };
}

function parseFour(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((p) => /^\d{1,3}$/.test(p) && Number(p) <= 255)) return undefined;
  return parts.reduce((sum, p) => (sum << 8n) + BigInt(p), 0n);
}

function parseSix(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map(groups);
  if (!head || (halves.length === 2 && !tail)) return undefined;
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const all = [...head, ...Array<bigint>(Math.max(0, missing)).fill(0n), ...(tail ?? [])];
  return all.reduce((sum, g) => (sum << 16n) + g, 0n);
}

function groups(text: string): bigint[] | undefined {
  if (text === '') return [];
  const out: bigint[] = [];
  const parts = text.split(':');
  for (const [i, part] of parts.entries()) {
    const four = i === parts.length - 1 && part.includes('.') ? parseFour(part) : undefined;
    if (four !== undefined) out.push(four >> 16n, four & 0xffffn);
    else if (/^[0-9a-f]{1,4}$/i.test(part)) out.push(BigInt(`0x${part}`));
    else return undefined;
  }
  return out;
}

/** Sorted, disjoint, with neighbours joined: two halves of the internet are the internet. */
export function mergeRanges(ranges: readonly Range[]): readonly Range[] {
  const sorted = [...ranges].sort(
    (a, b) => a.version - b.version || order(a.first, b.first) || order(a.last, b.last),
  );
  const out: Range[] = [];
  for (const range of sorted) {
    const top = out.at(-1);
    if (top && top.version === range.version && range.first <= top.last + 1n) {
      if (range.last > top.last) out[out.length - 1] = { ...top, last: range.last };
    } else out.push(range);
  }
  return out;
}

const order = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);

/** Whether every address of `range` is in one of `merged` (a result of `mergeRanges`). */
export function coversRange(merged: readonly Range[], range: Range): boolean {
  let low = 0;
  let high = merged.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const at = merged[middle];
    if (!at) return false;
    if (at.version < range.version || (at.version === range.version && at.last < range.first))
      low = middle + 1;
    else if (at.version > range.version || at.first > range.first) high = middle - 1;
    else return at.last >= range.last;
  }
  return false;
}

/** How far a text opens: to the whole internet, to some public addresses, to private ones only; undefined when it is no range. */
export type Openness = 'world' | 'public' | 'private';

const PRIVATE = mergeRanges(
  [
    '10.0.0.0/8',
    '172.16.0.0/12',
    '192.168.0.0/16',
    '100.64.0.0/10',
    '127.0.0.0/8',
    '169.254.0.0/16',
    'fc00::/7',
    'fe80::/10',
    '::1',
  ].flatMap((t) => parseRanges(t) ?? []),
);

/** Halves of the internet count as the internet: nobody writes `0.0.0.0/1` to mean a network. */
const WORLD_PREFIX = 8n;

export function opennessOf(text: string): Openness | undefined {
  const ranges = parseRanges(text);
  if (!ranges) return undefined;
  if (ranges.some((r) => r.last - r.first + 1n > 1n << (BITS[r.version] - WORLD_PREFIX))) return 'world';
  return ranges.every((r) => coversRange(PRIVATE, r)) ? 'private' : 'public';
}

export interface RangeComparison {
  /** Texts of `after` that open something `before` did not; as written, sorted. */
  readonly gained: readonly string[];
  /** Texts of `before` of which `after` does not keep everything. */
  readonly lost: readonly string[];
}

/** Exact comparison of two lists of sources; what is no address range is compared as a name. */
export function compareRanges(before: readonly string[], after: readonly string[]): RangeComparison {
  return { gained: beyond(after, before), lost: beyond(before, after) };
}

function beyond(these: readonly string[], those: readonly string[]): readonly string[] {
  const merged = mergeRanges(those.flatMap((t) => parseRanges(t) ?? []));
  const names = new Set(those);
  const out = [...new Set(these)].filter((t) => {
    if (names.has(t)) return false;
    const ranges = parseRanges(t);
    return ranges ? !ranges.every((r) => coversRange(merged, r)) : true;
  });
  return out.sort();
}
