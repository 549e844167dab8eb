import type { RefusedReference } from '../model/coverage.ts';
import type { Fact } from '../model/fact.ts';
import type { ResourceRef } from '../model/threat-model.ts';
import { compileWildcard, hasWildcard } from '../values/wildcard.ts';
import type { Mention, ModelElement, PatternMention } from './elements.ts';
import { tells } from './names.ts';
import { describeRefusal, makePatternCheck } from './patterns.ts';
import { cloudKey, imageRepository } from './subject.ts';

/** Elements by everything they can be found by. Made once per side, so that a fact costs look-ups and no search. */
export interface ModelIndex {
  readonly elements: readonly ModelElement[];
  readonly explicit: ReadonlyMap<string, readonly Mention[]>;
  readonly patterns: readonly PatternMention[];
  readonly native: ReadonlyMap<string, readonly Mention[]>;
  /** By name, key and native id in small letters: what a policy's mapping names. */
  readonly called: ReadonlyMap<string, readonly Mention[]>;
  /** By each telling word of a name. */
  readonly words: ReadonlyMap<string, readonly ModelElement[]>;
  /** By model and key of the elements they hang on. */
  readonly hanging: ReadonlyMap<string, readonly ModelElement[]>;
  readonly refused: readonly RefusedReference[];
}

/** Most elements that are kept under one key: a word or address that a hundred elements share distinguishes none. */
const MOST_UNDER_KEY = 64;
const LONGEST_REFERENCE = 300;
const MOST_REFUSED = 50;

export function indexModels(elements: readonly ModelElement[], facts: readonly Fact[]): ModelIndex {
  const explicit = new Map<string, Mention[]>();
  const native = new Map<string, Mention[]>();
  const called = new Map<string, Mention[]>();
  const words = new Map<string, ModelElement[]>();
  const hanging = new Map<string, ModelElement[]>();
  const patterns: PatternMention[] = [];
  const refused: RefusedReference[] = [];
  const faultOf = makePatternCheck(facts);
  for (const element of elements) {
    const { node, model } = element;
    for (const id of new Set([node.name, node.key, node.nativeId ?? node.key])) {
      add(called, callName(id), { element, written: id });
      if (element.element !== 'threat') add(native, id, { element, written: id });
    }
    for (const tag of node.tags) add(native, tag, { element, written: tag });
    for (const ref of node.refs) {
      const mention = { element, written: ref.value };
      if (!isPattern(ref)) {
        for (const key of keysOf(ref)) add(ref.from === 'explicit' ? explicit : native, key, mention);
        continue;
      }
      const fault = faultOf(ref.value, patterns.length);
      if (fault === undefined) patterns.push({ ...mention, matches: compileWildcard(ref.value) });
      else if (refused.length < MOST_REFUSED) refused.push(describeRefusal(mention, fault));
    }
    for (const word of new Set(element.names.flatMap((name) => name.words).filter(tells)))
      add(words, word, element);
    for (const key of new Set(element.hangsOn)) add(hanging, hangingKey(model, key), element);
  }
  return { elements, explicit, patterns, native, called, words, hanging, refused };
}

/** A name as mappings write it: case and white space do not count. */
export function callName(name: string): string {
  return name.trim().replace(/\s+/g, ' ').toLowerCase();
}

/** Patterns are taken from the slot that is made for references; in other text a star is mostly emphasis. */
function isPattern({ kind, from, value }: ResourceRef): boolean {
  return from === 'explicit' && (kind === 'address' || kind === 'file') && hasWildcard(value);
}

export function hangingKey(model: string, key: string): string {
  return `${model}\0${key}`;
}

function add<T>(to: Map<string, T[]>, key: string, item: T): void {
  const list = to.get(key);
  if (!list) to.set(key, [item]);
  else if (list.length < MOST_UNDER_KEY) list.push(item);
}

/** Keys under which a literal reference is looked up. */
function keysOf(ref: ResourceRef): readonly string[] {
  const value = ref.value.slice(0, LONGEST_REFERENCE);
  switch (ref.kind) {
    case 'address':
    case 'vendor':
      return [value];
    case 'file':
      return [value.replace(/^\.\//, '').replace(/(:\d+(-\d+)?|#L\d+(-L?\d+)?)$/, '')];
    case 'image':
      return [`image:${imageRepository(value)}`];
    case 'url': {
      const host =
        /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#:@]+)/i.exec(value)?.[1] ??
        /^[^/?#:@\s]+\.[^/?#:@\s]+/.exec(value)?.[0];
      return host === undefined ? [] : [`host:${host.toLowerCase()}`];
    }
    case 'arn': {
      const parts = value.split(':');
      const name = parts
        .slice(5)
        .flatMap((p) => p.split('/'))
        .findLast((p) => p !== '' && p !== '*');
      return [value, ...(name === undefined ? [] : [cloudKey(parts[2] ?? '', name)])];
    }
  }
}
