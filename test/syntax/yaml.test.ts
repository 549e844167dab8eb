import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LIMITS } from '../../src/core/limits.ts';
import type { Value } from '../../src/core/model/value.ts';
import { PROBLEMS_KEPT } from '../../src/core/syntax/problem.ts';
import { maskTemplates, touchesMask } from '../../src/core/syntax/templates.ts';
import { parseYaml, parseYamlOnly, type YamlOptions } from '../../src/core/syntax/yaml.ts';
import { canonical } from '../../src/core/values/canonical.ts';
import { at, entries, get, items } from '../../src/core/values/value.ts';
import { HOSTILE_YAML } from '../support/hostile-yaml.ts';

const written = (text: string, options?: YamlOptions): string => {
  const value = parseYaml(text, options).documents[0]?.value;
  return value ? canonical(value, 'written') : '';
};
const only = (text: string, options?: YamlOptions): Value => {
  const { documents, errors } = parseYaml(text, options);
  expect(errors).toEqual([]);
  const value = documents[0]?.value;
  if (!value) throw new Error('nothing was read');
  return value;
};

/** Counts what a consumer would walk, and fails when that is without end. */
function count(value: Value, depth = 1): { nodes: number; depth: number } {
  const children =
    value.kind === 'list'
      ? value.items
      : value.kind === 'map'
        ? value.entries.map((e) => e.value)
        : value.kind === 'expression' && value.resolved
          ? [value.resolved]
          : [];
  return children
    .map((child) => count(child, depth + 1))
    .reduce((sum, c) => ({ nodes: sum.nodes + c.nodes, depth: Math.max(sum.depth, c.depth) }), {
      nodes: 1,
      depth,
    });
}

describe('scalars', () => {
  test('core schema: null, booleans and numbers; yes and on are text', () => {
    expect(written('[~, null, true, False, 12, -3, 2.5, yes, on, "12", \'true\', 0]')).toBe(
      '[null,null,true,false,12,-3,2.5,"yes","on","12","true",0]',
    );
  });

  test('a number that would print differently stays text', () => {
    expect(written('[012345678901, 1.10, 1e3, 0x1F, 0o17, +1, .5, 12345678901234567890, 1_000]')).toBe(
      '["012345678901","1.10","1e3","0x1F","0o17","+1",".5","12345678901234567890","1_000"]',
    );
  });

  test('YAML’s own tags are obeyed', () => {
    expect(written('[!!str 12, !!int "3", !!bool "true", ! 4, !!binary aGk=]')).toBe(
      '["12",3,true,"4","aGk="]',
    );
  });

  test('block scalars keep their text', () => {
    expect(written('a: |\n  x\n   y\nb: >-\n  one\n  two\n')).toBe('{"a":"x\\n y\\n","b":"one two"}');
  });
});

describe('positions', () => {
  const text = '# head\na:\n  b: 1\n\n  c:\n    - x\n    - |\n      y\nd:\n';
  test('entries have the line of the key, values their own', () => {
    const value = only(text);
    expect(entries(value).map((e) => [e.key, e.line, e.value.line])).toEqual([
      ['a', 2, 3],
      ['d', 9, 9],
    ]);
    expect(items(at(value, 'a', 'c')).map((v) => v.line)).toEqual([6, 7]);
  });

  test('CRLF counts like LF', () => {
    const crlf = only(text.replaceAll('\n', '\r\n'));
    expect(crlf).toEqual(only(text));
  });

  test('documents know their first and last line', () => {
    const { documents } = parseYaml(
      '# c\n---\na: 1\nb:\n  - 2\n\n# after\n---\n# nothing\n---\nz: |\n  1\n  2\n',
    );
    expect(documents.map((d) => [d.startLine, d.endLine, d.value !== undefined])).toEqual([
      [3, 5, true],
      [8, 8, false],
      [11, 13, true],
    ]);
  });

  test('errors have line and column, and the rest is kept', () => {
    const { documents, errors } = parseYaml('a: 1\nb: [2\nc: 3\n');
    expect(errors[0]).toMatchObject({ line: 3, limit: false });
    expect(get(documents[0]?.value, 'a')).toMatchObject({ value: 1 });
  });

  test('messages do not repeat the text that they are about', () => {
    const { errors } = parseYaml('a: 1\n}\nhunter2secret\n');
    expect(errors.length).toBeGreaterThan(0);
    expect(JSON.stringify(errors)).not.toContain('hunter2secret');
  });
});

describe('aliases and merge keys', () => {
  test('an alias is its anchor’s value, at the anchor’s line', () => {
    const value = only('a: &a {x: 1}\nb: *a\n');
    expect(canonical(value, 'written')).toBe('{"a":{"x":1},"b":{"x":1}}');
    expect(get(value, 'b')?.line).toBe(1);
  });

  test('merged keys give way to written ones, and earlier sources win', () => {
    const text = 'x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\nz:\n  <<: [*x, *y]\n  c: 3\n';
    expect(canonical(at(only(text), 'z') as Value, 'written')).toBe('{"a":1,"b":1,"c":3}');
  });

  test('a quoted "<<" is a key like any other, and so is one before a scalar', () => {
    expect(written('"<<": {a: 1}')).toBe('{"<<":{"a":1}}');
    expect(written('<<: 1')).toBe('{"<<":1}');
  });

  test('an anchor that is defined again counts from there', () => {
    expect(written('[&a 1, *a, &a 2, *a]')).toBe('[1,1,2,2]');
  });

  test('an alias to nothing, or to itself, is a problem and stays as written', () => {
    const { documents, errors } = parseYaml('a: *none\nb: &b [*b]\n');
    expect(errors.map((e) => [e.line, e.limit])).toEqual([
      [1, false],
      [2, false],
    ]);
    expect(canonical(documents[0]?.value as Value, 'written')).toBe('{"a":(*none),"b":[(*b)]}');
  });

  test('repeated keys are kept, and the last one is found', () => {
    const value = only('a: 1\na: 2\n');
    expect(entries(value)).toHaveLength(2);
    expect(get(value, 'a')).toMatchObject({ value: 2 });
  });

  test('keys that are not text become text', () => {
    expect(entries(only('8080: a\ntrue: b\n~: c\n? [x, y]\n: d\n')).map((e) => e.key)).toEqual([
      '8080',
      'true',
      '~',
      '[x, y]',
    ]);
  });
});

describe('tags', () => {
  test('CloudFormation functions are expressions with the names that they mention', () => {
    const value = only(
      'a: !Ref X\nb: !GetAtt Y.Arn\nc: !Sub "${Z.Arn}-${!No}-${W}"\nd: !If [Cond, !Ref P, q]\n',
    );
    expect(
      entries(value).map((e) => (e.value.kind === 'expression' ? [e.value.text, e.value.references] : [])),
    ).toEqual([
      ['!Ref X', ['X']],
      ['!GetAtt Y.Arn', ['Y']],
      ['!Sub "${Z.Arn}-${!No}-${W}"', ['Z', 'W']],
      ['!If [Cond, !Ref P, q]', ['Conditions.Cond', 'P']],
    ]);
    expect(entries(value).every((e) => e.value.kind === 'expression' && !e.value.resolved)).toBe(true);
  });

  test('any other tag resolves to its plain value', () => {
    expect(canonical(only('a: !vault |\n  abc\n'), 'effective')).toBe('{"a":"abc\\n"}');
    expect(written('a: !x {b: [1, two words]}')).toBe('{"a":(!x {b: [1, "two words"]})}');
  });

  test('quoting and layout do not change the text of an expression', () => {
    expect(written('a: !Join\n  - ","\n  - - x\n    - !Ref  Y\n')).toBe(
      written('a: !Join [\',\', ["x", !Ref Y]]'),
    );
  });

  test('a reader may have its own way with tags', () => {
    const value = only('a: !Ref X', { tag: (tag, plain) => ({ ...plain, line: tag.length }) });
    expect(get(value, 'a')).toMatchObject({ value: 'X', line: 4 });
  });
});

describe('templates', () => {
  const text =
    'a: {{ .Values.x }}\n{{- if y }}\nb: "q {{ include "z" . }}"\n{{- end }}\nc: ${{ secrets.T }}\n{{k}}: v\nd: |\n  one\n  {{#loop}}\n  two\n';

  test('masking moves nothing, and blanks lines of nothing but actions', () => {
    const { text: masked, masked: any } = maskTemplates(text);
    expect(any).toBe(true);
    expect(masked.length).toBe(text.length);
    expect(masked.split('\n').map((l) => l.length)).toEqual(text.split('\n').map((l) => l.length));
    expect(masked.split('\n')[1]?.trim()).toBe('');
    expect(masked.split('\n')[0]).toMatch(/^a: x+$/);
    expect(masked).toContain('${{ secrets.T }}');
  });

  test('a masked value is an expression of its own text', () => {
    const value = only(text, { templates: true });
    expect(get(value, 'a')).toMatchObject({
      kind: 'expression',
      text: '{{ .Values.x }}',
      references: ['Values.x'],
      line: 1,
    });
    expect(get(value, 'b')).toMatchObject({ kind: 'expression', text: 'q {{ include "z" . }}', line: 3 });
    expect(get(value, 'c')).toMatchObject({ kind: 'scalar', value: '${{ secrets.T }}' });
    expect(get(value, '{{k}}')).toMatchObject({ value: 'v', line: 6 });
    expect(get(value, 'd')).toMatchObject({ kind: 'expression', text: 'one {{#loop}} two' });
  });

  test('doubled braces that stand bare are noticed without masking', () => {
    expect(parseYaml('a: {{ x }}\n').braced).toBe(true);
    expect(parseYaml('a: "{{ x }}"\nb: {c: {d: 1}}\n').braced).toBe(false);
  });

  test('what is masked is told by range', () => {
    const { ranges } = maskTemplates('ab{{c}}de{%f%}');
    expect(ranges).toEqual([
      [2, 7],
      [9, 14],
    ]);
    expect([
      touchesMask(ranges, 0, 2),
      touchesMask(ranges, 0, 3),
      touchesMask(ranges, 7, 9),
      touchesMask(ranges, 8, 20),
    ]).toEqual([false, true, false, true]);
  });

  test('masking is the identity without actions, and keeps length and line breaks with any', () => {
    const piece = fc.constantFrom(
      '{{',
      '}}',
      '{%',
      '%}',
      '{#',
      '#}',
      '{{{',
      '}}}',
      'a',
      ': ',
      '\n',
      '\r\n',
      '  ',
      '"',
      '$',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const source = pieces.join('');
        const { text: masked, masked: any, ranges } = maskTemplates(source);
        expect(masked.length).toBe(source.length);
        expect(masked.replace(/[^\n]/g, '')).toBe(source.replace(/[^\n]/g, ''));
        expect(any).toBe(ranges.length > 0);
        if (!any) expect(masked).toBe(source);
      }),
      { seed: 7, numRuns: 500 },
    );
  });
});

describe('hostile text', () => {
  test.each(Object.entries(HOSTILE_YAML))('%s: bounded, and no throw', (_, text) => {
    for (const templates of [false, true]) {
      const { documents, errors } = parseYaml(text, { templates });
      expect(errors.length).toBeLessThanOrEqual(PROBLEMS_KEPT);
      const sizes = documents.flatMap((d) => (d.value ? [count(d.value)] : []));
      expect(sizes.reduce((sum, s) => sum + s.nodes, 0)).toBeLessThanOrEqual(LIMITS.nodes + 1);
      expect(Math.max(0, ...sizes.map((s) => s.depth))).toBeLessThanOrEqual(2 * LIMITS.depth);
    }
  });

  test('what is left out is told', () => {
    for (const name of [
      'explicit keys',
      'nested dashes',
      'alias bomb',
      'alias chain',
      'merge bomb',
      'many documents',
      'too long',
    ])
      expect([name, parseYaml(HOSTILE_YAML[name] ?? '').errors.some((e) => e.limit)]).toEqual([name, true]);
  });

  test('keys of objects are keys like any other', () => {
    expect(written(HOSTILE_YAML['proto keys'] ?? '')).toBe(
      '{"__proto__":{"a":1},"constructor":{"prototype":{"b":2}},"hasOwnProperty":3}',
    );
  });

  test('arbitrary text: no throw, and positions lie within it', () => {
    const piece = fc.constantFrom(
      'a',
      ': ',
      '- ',
      '\n',
      '  ',
      '{',
      '}',
      '[',
      ']',
      ',',
      '"',
      "'",
      '|',
      '>',
      '&a ',
      '*a',
      '!t ',
      '#',
      '<<: ',
      '? ',
      '---\n',
      '...\n',
      '\t',
      '%',
      '{{ x }}',
      '\r\n',
      '\0',
    );
    const source = fc.oneof(
      fc.array(piece, { maxLength: 60 }).map((p) => p.join('')),
      fc.string({ unit: 'binary', maxLength: 80 }),
    );
    fc.assert(
      fc.property(source, fc.boolean(), (text, templates) => {
        const { documents, errors } = parseYaml(text, { templates });
        const last = text.split('\n').length;
        for (const e of errors) expect(e.line >= 1 && e.line <= last && e.column >= 1).toBe(true);
        for (const d of documents)
          expect(d.startLine >= 1 && d.startLine <= d.endLine && d.endLine <= last).toBe(true);
      }),
      { seed: 11, numRuns: 1_500 },
    );
  });
});

describe('layout does not matter', () => {
  const leaf = fc.oneof(fc.integer(), fc.boolean(), fc.constant(null), fc.string({ maxLength: 12 }));
  const tree = fc.letrec<{ node: unknown }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      leaf,
      fc.array(tie('node'), { maxLength: 4 }),
      fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), tie('node'), { maxKeys: 4 }),
    ),
  })).node;

  /** Block YAML of plain data, at an indentation, with keys in either order and comments between. */
  function block(data: unknown, step: number, reverse: boolean, margin: string): string {
    if (Array.isArray(data) && data.length > 0)
      return data
        .map((d) => `\n${margin}# c\n${margin}-${block(d, step, reverse, margin + ' '.repeat(step))}`)
        .join('');
    if (data !== null && typeof data === 'object' && !Array.isArray(data) && Object.keys(data).length > 0) {
      const pairs = Object.entries(data);
      return (reverse ? pairs.reverse() : pairs)
        .map(([k, v]) => `\n${margin}"${k}":${block(v, step, reverse, margin + ' '.repeat(step))}`)
        .join('');
    }
    return ` ${JSON.stringify(data)} # c`;
  }

  test('indentation, order of keys, comments and line ends give the same canonical text', () => {
    fc.assert(
      fc.property(tree, fc.integer({ min: 1, max: 6 }), (data, step) => {
        const flow = written(JSON.stringify(data));
        const other = block(data, step, true, '').replaceAll('\n', '\r\n');
        expect(written(other)).toBe(flow);
        expect(written(block(data, 2, false, ''))).toBe(flow);
      }),
      { seed: 3, numRuns: 300 },
    );
  });
});

test('parsing alone can be measured', () => {
  expect(parseYamlOnly('a: 1\n---\nb: 2\n')).toBe(2);
});
