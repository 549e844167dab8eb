import { memoised } from '../values/memoise.ts';
import { LEXICON, TYPES } from './data.generated.ts';
import { compilePath, normalisePath } from './patterns.ts';
import type { AttributeSemantics, Lexicon, LexiconEntry, TypeEntry, TypeSemantics } from './semantics.ts';
import { phraseIndex, phraseOccurs, splitWords } from './words.ts';

const exact = new Map<string, TypeEntry>();

interface Glob {
  readonly literal: number;
  readonly test: RegExp;
  readonly entry: TypeEntry;
}

/** Globs by the first letters before their first `*`, so that a type is tried against few of them; the one with most text wins. */
const globs = new Map<string, Glob[]>();
const STEM = 8;
for (const entry of TYPES)
  for (const name of entry.match)
    if (name.includes('*')) {
      const stem = name.slice(0, Math.min(name.indexOf('*'), STEM));
      const literal = name.replaceAll('*', '').length;
      globs.set(stem, [...(globs.get(stem) ?? []), { literal, test: globOf(name), entry }]);
    } else exact.set(name, entry);

function globOf(name: string): RegExp {
  return new RegExp(`^${name.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`);
}

function byGlob(name: string): Glob | undefined {
  const stems = Array.from({ length: STEM + 1 }, (_, length) => globs.get(name.slice(0, length)) ?? []);
  const fitting = [...new Set(stems)].flat().filter((g) => g.test.test(name));
  return fitting.reduce<Glob | undefined>(
    (best, g) => (best && best.literal >= g.literal ? best : g),
    undefined,
  );
}

/** What a resource type is: by its name, by the longest pattern it fits, else by what its words suggest. */
export const describeType: (stack: string, type: string) => TypeSemantics = memoised(
  (stack = '', type = '') => {
    const name = type.slice(0, 300);
    const qualified = `${stack}:${name}`;
    const entry = exact.get(qualified) ?? exact.get(name) ?? longer(byGlob(qualified), byGlob(name))?.entry;
    return entry ? { ...entry, known: true } : guessType(name);
  },
);

const longer = (a: Glob | undefined, b: Glob | undefined): Glob | undefined =>
  a && (!b || a.literal >= b.literal) ? a : b;

function guessType(type: string): TypeSemantics {
  const words = splitWords(type);
  const found = LEXICON.types.find((t) => matches(t, words));
  return {
    ...(found?.family ? { family: found.family } : {}),
    ...(found?.element ? { element: found.element } : {}),
    categories: found?.categories ?? ['new-component'],
    signals: found?.signals ?? ['resource-added'],
    attributes: [],
    known: false,
  };
}

const phrases = memoised((phrase = '') => phrase.split(' ') as readonly string[]);
const occurs = (list: readonly string[], words: readonly string[]): boolean =>
  list.some((p) => phraseOccurs(phrases(p), words));
const matches = (
  entry: { readonly words: readonly string[]; readonly unless: readonly string[] },
  words: readonly string[],
): boolean => occurs(entry.words, words) && !occurs(entry.unless, words);

/** What a workload is that runs an image, when the image's name is one of well-known software. */
export const describeImage: (reference: string) => Lexicon['images'][number] | undefined = memoised(
  (reference = '') => {
    const name = /([^/:@]{1,200})(?::[^/@]*)?(?:@.*)?$/.exec(reference.slice(0, 500))?.[1] ?? '';
    const words = splitWords(name);
    return LEXICON.images.find((i) => matches(i, words));
  },
);

/** What an attribute of a resource means: what the data says, else noise, else what its name suggests. */
export const describeAttribute: (
  stack: string,
  type: string,
  path: string,
) => AttributeSemantics | 'noise' | undefined = memoised((stack = '', type = '', path = '') => {
  const { attributes, noise } = describeType(stack, type);
  const normal = normalisePath(path);
  if (noise?.some((n) => compilePath(n)(normal))) return 'noise';
  const known = attributes.find((a) => compilePath(a.path)(normal));
  if (known) return known;
  return isNoise(path) ? 'noise' : guess(path, 'attribute');
});

/** What a setting (variable, parameter, module argument) means, by its name alone. */
export const describeSetting: (path: string) => AttributeSemantics | 'noise' | undefined = memoised(
  (path = '') => (isNoise(path) ? 'noise' : guess(path, 'setting')),
);

const noiseSegments = new Set(LEXICON.noise.segments.map(normalisePath));

export function isNoise(path: string): boolean {
  const segments = path.split('.');
  if (segments.some((s) => noiseSegments.has(normalisePath(s)))) return true;
  const words = splitWords(segments.at(-1) ?? '');
  return LEXICON.noise.leaves.some((l) => matches(l, words));
}

function guess(path: string, as: Exclude<LexiconEntry['applies'], 'both'>): AttributeSemantics | undefined {
  const words = namingWords(path);
  const found = LEXICON.attributes.find(
    (e) => (e.applies === 'both' || e.applies === as) && matches(e, words),
  );
  if (!found) return undefined;
  const inverted = outside(found, words).some((w) => LEXICON.inverting.includes(w));
  return { ...found.semantics, ...(inverted ? invert(found.semantics) : {}), path, guessed: true };
}

/** The words beside the phrase that was recognised: `prevent` in `prevent destroy` is part of the name and turns nothing around. */
function outside(entry: LexiconEntry, words: readonly string[]): readonly string[] {
  for (const phrase of entry.words.map((w) => phrases(w))) {
    const at = phraseIndex(phrase, words);
    if (at >= 0) return [...words.slice(0, at), ...words.slice(at + phrase.length)];
  }
  return words;
}

/** Words of the last segment that says something: `logging.enabled` is about logging. */
export function namingWords(path: string): readonly string[] {
  const segments = path.split('.').map(splitWords);
  const last = segments.at(-1) ?? [];
  const before = segments.at(-2) ?? [];
  return last.every((w) => LEXICON.generic.includes(w)) ? [...before, ...last] : last;
}

function invert(semantics: LexiconEntry['semantics']): Partial<LexiconEntry['semantics']> {
  if (semantics.reading === 'opens-when-true') return { reading: 'closes-when-true' };
  return semantics.reading === 'closes-when-true' ? { reading: 'opens-when-true' } : {};
}
