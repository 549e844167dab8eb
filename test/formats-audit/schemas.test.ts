import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MANIFEST, RECORDS, STATEMENTS } from '../../src/audit/parts.ts';
import { REVIEW_PREDICATE } from '../../src/core/audit/statements/review-predicate.ts';
import { RECORD_KINDS } from '../../src/core/model/record.ts';
import { removeTemporaryFolders } from '../local/temporary-repository.ts';
import { storyPackage } from './story.ts';

afterAll(removeTemporaryFolders);

const schemaOf = (name: string): object =>
  JSON.parse(
    readFileSync(join(import.meta.dirname, `../../docs/reference/${name}.schema.json`), 'utf8'),
  ) as object;

function errorsOf(name: string, values: readonly unknown[]): readonly unknown[] {
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  const validate = ajv.compile(schemaOf(name));
  return values.flatMap((value) => (validate(value) ? [] : [[validate.errors, value]]));
}

describe('the published schemas', () => {
  let folder: string;
  beforeAll(async () => {
    ({ folder } = await storyPackage());
  }, 60_000);
  const linesOf = (name: string): readonly unknown[] =>
    readFileSync(join(folder, name), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);

  test('fit every record, the manifest and every review of a package', () => {
    expect(errorsOf('record', linesOf(RECORDS))).toEqual([]);
    expect(errorsOf('manifest', linesOf(MANIFEST))).toEqual([]);
    const reviews = linesOf(STATEMENTS)
      .map((line) => Buffer.from((line as { payload: string }).payload, 'base64').toString('utf8'))
      .map((text) => JSON.parse(text) as { predicateType: string; predicate: unknown })
      .filter(({ predicateType }) => predicateType === REVIEW_PREDICATE);
    expect(reviews.length).toBeGreaterThan(5);
    expect(
      errorsOf(
        'threat-model-review',
        reviews.map(({ predicate }) => predicate),
      ),
    ).toEqual([]);
  });

  test('fit nothing that lacks a part, or has one of another kind', () => {
    const [record = {}] = linesOf(RECORDS) as readonly object[];
    for (const wrong of [
      { hash: 'x' },
      { kind: 'unheard-of' },
      { sequence: 0 },
      { repository: 7 },
      { more: 1 },
    ])
      expect(errorsOf('record', [{ ...record, ...wrong }])).toHaveLength(1);
    const [manifest = {}] = linesOf(MANIFEST) as readonly object[];
    expect(errorsOf('manifest', [{ ...manifest, files: [{ name: '../x' }] }])).toHaveLength(1);
    expect(errorsOf('threat-model-review', [{}])).toHaveLength(1);
  });

  test('tell the details of each kind that the reference has', () => {
    const { allOf } = schemaOf('record') as { allOf: { if: { properties: { kind: { const: string } } } }[] };
    const told = allOf.map((part) => part.if.properties.kind.const);
    const page = readFileSync(join(import.meta.dirname, '../../docs/reference/records.md'), 'utf8');
    expect(told).toEqual(RECORD_KINDS.filter((kind) => page.includes(`\n| \`${kind}\` |`)));
    expect(JSON.stringify(allOf)).not.toContain('"description":""');
  });
});
