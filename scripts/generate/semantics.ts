/** `src/core/semantics/data/*.yaml` → `src/core/semantics/data.generated.ts`. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Emit } from '../generate.ts';
import { CATEGORIES, SIGNALS } from '../../src/core/model/fact.ts';
import { normalisePath } from '../../src/core/semantics/patterns.ts';
import { ASPECTS, FAMILIES, READINGS } from '../../src/core/semantics/semantics.ts';

const FOLDER = 'src/core/semantics/data';
const TARGET = 'src/core/semantics/data.generated.ts';

const category = z.enum(CATEGORIES);
const signal = z.enum(SIGNALS);
const element = z.enum(['process', 'data-store', 'external-entity', 'data-flow', 'trust-boundary']);
const family = z.enum(FAMILIES);
const texts = z
  .union([z.string(), z.array(z.string()).min(1)])
  .transform((v) => (typeof v === 'string' ? [v] : v));

const meaning = {
  aspect: z.enum(ASPECTS),
  reading: z.enum(READINGS),
  levels: z.array(z.string()).min(2).optional(),
  absent: z.string().optional(),
  signals: z.array(signal).optional(),
  categories: z.array(category).optional(),
  decides: z.literal(false).optional(),
  notable: z.literal(true).optional(),
  inPlace: z.literal(true).optional(),
};
const levelled = (a: { reading: string; levels?: unknown }) =>
  (a.reading === 'levels') === (a.levels !== undefined);
const LEVELS_RULE = 'give `levels` with reading `levels`, and with no other';

const attribute = z.strictObject({ path: texts, ...meaning }).refine(levelled, LEVELS_RULE);
const kind = {
  element: element.optional(),
  categories: z.array(category),
  signals: z.array(signal).default(['resource-added']),
};
const variant = z.strictObject({
  when: z.strictObject({ path: z.string(), is: z.array(z.string()).min(1) }),
  family: family.optional(),
  ...kind,
});
const entry = z.strictObject({
  match: texts,
  family: family.optional(),
  ...kind,
  use: z.array(z.string()).default([]),
  attributes: z.array(attribute).default([]),
  noise: z.array(z.string()).optional(),
  plumbingNames: z.array(z.string()).optional(),
  variants: z.array(variant).optional(),
  also: z
    .array(
      z.strictObject({
        when: z.strictObject({ path: texts, is: z.array(z.string()).min(1) }),
        categories: z.array(category).min(1),
      }),
    )
    .optional(),
});
const groups = z.record(z.string(), z.array(attribute));
const typesFile = z.strictObject({ family, types: z.array(entry).min(1) });

const unless = z.array(z.string()).default([]);
const lexiconFile = z.strictObject({
  noise: z.strictObject({
    segments: z.array(z.string()),
    leaves: z.array(z.strictObject({ words: texts, unless })),
  }),
  generic: z.array(z.string()),
  inverting: z.array(z.string()),
  attributes: z.array(
    z
      .strictObject({
        words: texts,
        unless,
        applies: z.enum(['setting', 'attribute', 'both']).default('both'),
        ...meaning,
      })
      .refine(levelled, LEVELS_RULE),
  ),
  types: z.array(z.strictObject({ words: texts, unless, family: family.optional(), ...kind })),
  images: z.array(z.strictObject({ words: texts, unless, family, ...kind })),
});

export function generate(emit: Emit, root: string): void {
  const folder = join(root, FOLDER);
  const shared = read(folder, 'groups.yaml', groups);
  const types = readdirSync(folder)
    .filter((f) => f.endsWith('.yaml') && !['groups.yaml', 'lexicon.yaml'].includes(f))
    .sort()
    .flatMap((f) => entriesOf(f, read(folder, f, typesFile), shared));
  rejectDuplicates(types);
  emit(TARGET, render(types, lexiconOf(read(folder, 'lexicon.yaml', lexiconFile))));
}

function read<T>(folder: string, name: string, schema: z.ZodType<T>): T {
  const result = schema.safeParse(parse(readFileSync(join(folder, name), 'utf8')));
  if (result.success) return result.data;
  throw new Error(
    `${FOLDER}/${name} does not follow the schema in scripts/generate/semantics.ts:\n${z.prettifyError(result.error)}`,
  );
}

type Entry = z.infer<typeof entry>;
type Attribute = z.infer<typeof attribute>;

function entriesOf(file: string, data: z.infer<typeof typesFile>, shared: z.infer<typeof groups>) {
  return data.types.map(({ use, attributes, family: own, ...rest }: Entry) => {
    const used = use.flatMap((name) => {
      const group = Object.hasOwn(shared, name) ? shared[name] : undefined;
      if (!group)
        throw new Error(
          `${FOLDER}/${file}: ${rest.match[0]} uses group "${name}", which groups.yaml does not have.`,
        );
      return group;
    });
    const where = `${FOLDER}/${file}: ${rest.match[0]}`;
    return {
      family: own ?? data.family,
      ...rest,
      attributes: merge(where, attributes.flatMap(spread), used.flatMap(spread)),
      file,
    };
  });
}

const spread = ({ path, ...rest }: Attribute) => path.map((p) => ({ path: p, ...rest }));
type Spread = ReturnType<typeof spread>[number];

/** One meaning per path: spellings that differ only in case, `_` and `-` are one path, and an entry's own attribute replaces a group's. */
function merge(where: string, own: readonly Spread[], used: readonly Spread[]): Spread[] {
  const byPath = new Map<string, Spread>();
  for (const a of own) {
    const key = normalisePath(a.path);
    const other = byPath.get(key);
    if (other && JSON.stringify({ ...other, path: '' }) !== JSON.stringify({ ...a, path: '' }))
      throw new Error(`${where} says two things about ${a.path}; only the first would count. Keep one.`);
    if (!other) byPath.set(key, a);
  }
  for (const a of used) if (!byPath.has(normalisePath(a.path))) byPath.set(normalisePath(a.path), a);
  return [...byPath.values()];
}

function rejectDuplicates(
  types: readonly { readonly match: readonly string[]; readonly file: string }[],
): void {
  const seen = new Map<string, string>();
  for (const type of types)
    for (const name of type.match) {
      const other = seen.get(name);
      if (other)
        throw new Error(
          `${FOLDER}/${type.file}: type ${name} is already described in ${other}; describe it once.`,
        );
      seen.set(name, type.file);
    }
}

function lexiconOf(data: z.infer<typeof lexiconFile>) {
  return {
    ...data,
    attributes: data.attributes.map(({ words, unless: not, applies, ...semantics }) => ({
      words,
      unless: not,
      applies,
      semantics,
    })),
  };
}

/** As JSON inside the module: the engine reads that four times faster than the same data as code, and a type checker not at all. */
function render(types: readonly object[], lexicon: object): string {
  const lines = types.map((type) => literal(JSON.stringify({ ...type, file: undefined })));
  return [
    '// Generated by scripts/generate/semantics.ts from data/*.yaml; no need to edit.',
    "import type { Lexicon, TypeEntry } from './semantics.ts';",
    '',
    'export const TYPES = JSON.parse(`[',
    lines.join(',\n'),
    ']`) as readonly TypeEntry[];',
    '',
    `export const LEXICON = JSON.parse(\`${literal(JSON.stringify(lexicon, null, 1))}\`) as Lexicon;`,
    '',
  ].join('\n');
}

/** Inside a template literal. */
const literal = (json: string): string => json.replace(/[\\`]|\$\{/g, '\\$&');
