import { z } from 'zod';
import { verdictSchema } from '../../src/core/report/verdict-schema.ts';
import type { Emit } from '../generate.ts';

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly const?: string | number | boolean;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly $defs?: Readonly<Record<string, Schema>>;
}

/** The verdict document as JSON schema, and as a page for people. */
export function generate(emit: Emit): void {
  const schema = z.toJSONSchema(verdictSchema, {
    target: 'draft-2020-12',
    // In TypeScript it means that nobody changes the object; in JSON schema, that a server refuses to take it.
    override: ({ jsonSchema }) => {
      delete jsonSchema.readOnly;
    },
  }) as Schema;
  emit('docs/reference/verdict.schema.json', `${JSON.stringify(schema, undefined, 2)}\n`);
  emit('docs/reference/verdict.md', page(schema));
}

function page(schema: Schema): string {
  const judgement = schema.$defs?.['Judgement'];
  const rowsOf = (part: Schema): string[] => rows(part, '', 0, schema.$defs ?? {});
  return [
    '# The verdict document',
    '',
    '`threatgate check --format json` prints it; the App and the Action carry the same bytes. Keys are sorted, so equal',
    'verdicts are equal files. `schema` is its version: within one major version keys are only added.',
    'The JSON schema is [`verdict.schema.json`](verdict.schema.json).',
    '',
    '| Key | Type | Meaning |',
    '| --- | --- | --- |',
    ...rowsOf(schema),
    '',
    '## Judgement',
    '',
    'A judgement has a state and a reason, and rests on the judgements below it.',
    '',
    '| Key | Type | Meaning |',
    '| --- | --- | --- |',
    ...(judgement ? rowsOf(judgement) : []),
    '',
    '## Exit codes of the command line',
    '',
    '| Code | Meaning |',
    '| --- | --- |',
    '| 0 | pass |',
    '| 1 | blocked: a rule is broken, or people are waited for |',
    '| 2 | could not evaluate: a doubt decides alone, or git, files or the policy could not be read |',
    '| 64 | the arguments are wrong |',
    '',
  ].join('\n');
}

type Definitions = Readonly<Record<string, Schema>>;

function rows(schema: Schema, prefix: string, depth: number, definitions: Definitions): string[] {
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).flatMap(([key, value]) => {
    const name = `${prefix}${key}`;
    const inner = value.items ?? value;
    const optional = required.has(key) ? '' : ' (optional)';
    const own = `| \`${name}\`${optional} | ${typeOf(value, definitions)} | ${value.description ?? inner.description ?? ''} |`;
    const below =
      depth < 3 && inner.properties
        ? rows(inner, `${name}${value.items ? '[]' : ''}.`, depth + 1, definitions)
        : [];
    return [own, ...below];
  });
}

function typeOf(schema: Schema, definitions: Definitions): string {
  const name = schema.$ref?.split('/').at(-1);
  // Named by us, or a part that the export set apart because it is used twice.
  if (name)
    return /^[A-Z]/.test(name)
      ? `[${name}](#${name.toLowerCase()})`
      : typeOf(definitions[name] ?? {}, definitions);
  if (schema.items) return `list of ${typeOf(schema.items, definitions)}`;
  // The long closed lists (signals, categories) are in the schema; here they would drown the page.
  if (schema.enum)
    return schema.enum.length > 8 ? 'one of a closed list' : schema.enum.map((v) => `\`${v}\``).join(', ');
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  return schema.type ?? 'any';
}
