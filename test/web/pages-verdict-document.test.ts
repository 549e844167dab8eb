/** Stored verdicts: read whole, read in part, or not read; never believed, and never thrown over. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Verdict } from '../../src/core/model/verdict.ts';
import { renderJson } from '../../src/core/report/json.ts';
import { readVerdict } from '../../src/web/pages/verdict-document.ts';
import { OTHER_FORM } from './pages-ledger.ts';
import { makeVerdicts } from './pages-verdicts.ts';

const verdicts = await makeVerdicts();

describe('a stored verdict', () => {
  test.each(Object.entries<Verdict>({ ...verdicts }))('%s is read as it was written', (_, verdict) => {
    expect(readVerdict(renderJson(verdict))).toEqual({ verdict, unread: [], schema: verdict.schema });
  });

  test('of a later form keeps what is known of it', () => {
    const read = readVerdict(OTHER_FORM(verdicts.waiting));
    expect(read?.unread).toEqual(['facts']);
    expect(read?.schema).toBe('2.3');
    expect(read?.verdict.facts).toEqual(verdicts.waiting.facts);
    expect(read?.verdict.judgement).toEqual(verdicts.waiting.judgement);
  });

  test('without its tree says so in place of the tree', () => {
    const read = readVerdict(JSON.stringify({ ...verdicts.waiting, judgement: { id: 7 } }));
    expect(read?.unread).toEqual(['judgement']);
    expect(read?.verdict.judgement.state).toBe('info');
  });

  test.each(['', 'null', '[]', '7', '{}', '{"title":"Zürich"}', '{', '['.repeat(100_000)])(
    'is not %p',
    (text) => {
      expect(readVerdict(text.slice(0, 200_000))).toBeUndefined();
    },
  );

  test('may have anything anywhere', () => {
    const paths = pathsIn(verdicts.waiting, []).filter((path) => path.length > 0);
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.jsonValue(), (path, value) => {
        const copy: unknown = structuredClone(verdicts.waiting);
        put(copy, path, value);
        const read = readVerdict(JSON.stringify(copy));
        // Whatever is returned can be drawn: it has every part.
        if (read)
          expect(Array.isArray(read.verdict.facts) && Array.isArray(read.verdict.judgement.children)).toBe(
            true,
          );
      }),
      { seed: 7, numRuns: 150 },
    );
  });
});

type Path = readonly (string | number)[];

function pathsIn(value: unknown, at: Path): readonly Path[] {
  if (typeof value !== 'object' || value === null || at.length > 5) return [at];
  return [
    at,
    ...Object.entries(value).flatMap(([key, inside]) =>
      pathsIn(inside, [...at, Array.isArray(value) ? Number(key) : key]),
    ),
  ];
}

function put(value: unknown, path: Path, content: unknown): void {
  const inside = path
    .slice(0, -1)
    .reduce<unknown>((at, key) => (at as Record<string | number, unknown>)[key], value);
  (inside as Record<string | number, unknown>)[path.at(-1) ?? ''] = content;
}
