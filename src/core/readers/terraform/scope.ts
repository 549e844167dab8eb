import type { Value } from '../../model/value.ts';
import type { HclExpression } from '../../syntax/hcl-tree.ts';
import type { Renderer } from '../../syntax/hcl-text.ts';
import { LIMITS } from '../../limits.ts';
import { entry, list, map } from '../../values/value.ts';
import { type Bound, eachMention } from './mentions.ts';

/** What the files of one directory say about names, as far as it is known without running anything. */
export interface Scope {
  readonly variables: ReadonlyMap<string, Value>;
  readonly locals: ReadonlyMap<string, Value>;
  /** Values of names bound by `for` and dynamic blocks; a bound name without a value is absent from this map. */
  readonly bindings: ReadonlyMap<string, Value>;
  readonly bound: Bound;
  readonly render: Renderer;
  readonly allowance: Allowance;
}

/**
 * What may still be copied while references are resolved. Locals that use each other double with every step, so the
 * copies of one directory are counted; beyond the bound references stay as written.
 */
export interface Allowance {
  left: number;
  exhausted: boolean;
}

/** Nodes of one resolved reference, and of all of a directory; long texts count as many nodes. */
const ONE_COPY = 20_000;
const ALL_COPIES = 2 * LIMITS.nodes;
const CHARACTERS_PER_NODE = 100;
/** Characters of one computed text. */
const TEXT = 20_000;

export function createAllowance(): Allowance {
  return { left: ALL_COPIES, exhausted: false };
}

const weigh = (text: string): number => 1 + Math.floor(text.length / CHARACTERS_PER_NODE);

/** A computed text, when it is not too long: texts that use each other double like lists do. */
export function affordText(scope: Scope, text: string): string | undefined {
  if (text.length > TEXT) scope.allowance.exhausted = true;
  return text.length <= TEXT && spend(scope.allowance, weigh(text)) ? text : undefined;
}

export function spend(allowance: Allowance, amount: number): boolean {
  allowance.left -= amount;
  if (allowance.left < 0) allowance.exhausted = true;
  return allowance.left >= 0;
}

/**
 * A copy that stands at `line`: lines of a value that comes from elsewhere mean nothing in the file that mentions it.
 * Undefined when it is too large, too deep, or the directory's allowance is used up.
 */
export function relocate(value: Value, line: number, allowance: Allowance): Value | undefined {
  const one = { left: Math.min(ONE_COPY, allowance.left) };
  const before = one.left;
  const copy = copyAt(value, line, one, LIMITS.depth);
  if (!copy) allowance.exhausted = true;
  return spend(allowance, before - Math.max(0, one.left)) ? copy : undefined;
}

function copyAt(value: Value, line: number, one: { left: number }, depth: number): Value | undefined {
  one.left -= value.kind === 'scalar' && typeof value.value === 'string' ? weigh(value.value) : 1;
  if (one.left < 0 || depth === 0) return undefined;
  switch (value.kind) {
    case 'scalar':
      return value.line === line ? value : { ...value, line };
    case 'list': {
      const items = copyAll(value.items, (item) => copyAt(item, line, one, depth - 1));
      return items && list(items, line);
    }
    case 'map': {
      const entries = copyAll(value.entries, (e) => {
        const copy = copyAt(e.value, line, one, depth - 1);
        return copy && entry(e.key, copy, line);
      });
      return entries && map(entries, line);
    }
    case 'expression': {
      if (!value.resolved) return { ...value, line };
      const resolved = copyAt(value.resolved, line, one, depth - 1);
      return resolved && { ...value, resolved, line };
    }
  }
}

function copyAll<T>(from: readonly T[], copy: (item: T) => T | undefined): T[] | undefined {
  const copies: T[] = [];
  for (const item of from) {
    const one = copy(item);
    if (one === undefined) return undefined;
    copies.push(one);
  }
  return copies;
}

/** Names mentioned by an expression, each once, in the order of first mention. */
export function namesIn(expression: HclExpression, bound: Bound): string[] {
  const names = new Set<string>();
  eachMention(expression, '', bound, (address) => names.add(address));
  return [...names];
}
