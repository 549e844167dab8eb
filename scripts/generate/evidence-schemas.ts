import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { manifestSchema } from '../../src/audit/package.ts';
import { reviewPredicate } from '../../src/core/audit/statements/review-predicate.ts';
import { RECORD_KINDS } from '../../src/core/model/record.ts';
import type { Emit } from '../generate.ts';

type Schema = Readonly<Record<string, unknown>>;

/** Schemas of what a package holds for programs: its records, its manifest, and what is stated of each merge. */
export function generate(emit: Emit, root: string): void {
  const write = (name: string, title: string, schema: Schema): void => {
    const { $schema = 'https://json-schema.org/draft/2020-12/schema', ...rest } = schema;
    emit(`docs/reference/${name}.schema.json`, `${JSON.stringify({ $schema, title, ...rest }, null, 2)}\n`);
  };
  write('manifest', 'manifest.json of an evidence package', schemaOf(manifestSchema));
  write('threat-model-review', 'Predicate threat-model-review/v1', schemaOf(reviewPredicate));
  const page = readFileSync(join(root, 'docs/reference/records.md'), 'utf8');
  write('record', 'A line of records.jsonl', recordSchema(page));
}

const schemaOf = (type: z.ZodType): Schema => ({ ...z.toJSONSchema(type, { target: 'draft-2020-12' }) });

const text = { type: 'string' };
const digest = { type: 'string', pattern: '^sha256:[0-9a-f]{64}$' };
const account = {
  type: 'object',
  required: ['id', 'login', 'kind', 'role'],
  properties: { id: text, login: text, kind: { enum: ['user', 'bot', 'organisation'] }, role: text },
};

/** What details there are, and what they mean, stands in the tables of the page and nowhere else. */
export function recordSchema(page: string): Schema {
  const rows = page.split('\n').map((line) => line.split('|').slice(1, -1));
  const meanings = new Map(
    rows
      .filter((row) => row.length === 2)
      .flatMap(([keys = '', meaning = '']) => quoted(keys).map((key) => [key, meaning.trim()] as const)),
  );
  const details = rows.flatMap(([kind = '', , , , keys]) => {
    const [name] = quoted(kind);
    return keys === undefined || name === undefined ? [] : [[name, quoted(keys)] as const];
  });
  return {
    description: 'Within a version keys are only added, so that a reader passes over what it does not know.',
    type: 'object',
    required: ['kind', 'source', 'repository', 'at', 'details', 'sequence', 'previous', 'hash'],
    additionalProperties: false,
    properties: {
      kind: { enum: [...RECORD_KINDS] },
      source: text,
      repository: {
        type: 'object',
        required: ['id', 'name'],
        additionalProperties: false,
        properties: { id: { type: 'integer' }, name: text },
      },
      at: { type: 'string', format: 'date-time' },
      actor: account,
      pullRequest: { type: 'integer', minimum: 1 },
      commit: text,
      digest: text,
      details: { type: 'object' },
      sequence: { type: 'integer', minimum: 1 },
      previous: digest,
      hash: digest,
    },
    allOf: details.map(([kind, keys]) => ({
      if: { properties: { kind: { const: kind } } },
      then: {
        properties: {
          details: {
            properties: Object.fromEntries(
              keys.map((key) => [key, { description: meanings.get(key) ?? '' }]),
            ),
          },
        },
      },
    })),
  };
}

const quoted = (cell: string): readonly string[] =>
  [...cell.matchAll(/`([a-zA-Z-]+)`/g)].map(([, name = '']) => name);
