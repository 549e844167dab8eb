import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LIMITS } from '../../src/core/limits.ts';
import { createRenderer } from '../../src/core/syntax/hcl-text.ts';
import type { HclBlock, HclExpression, HclItem } from '../../src/core/syntax/hcl-tree.ts';
import { parseHclOnly, readHcl } from '../../src/core/syntax/hcl.ts';
import { loadParsers } from '../../src/runtime/load-parsers.ts';
import { stopwatch } from '../stopwatch.ts';

beforeAll(async () => {
  await loadParsers();
});

/** The only attribute's value as normalised text. */
const rendered = (expression: string): string => createRenderer()(valueOf(`a = ${expression}\n`));

function valueOf(text: string): HclExpression {
  const { body, errors } = readHcl(text);
  expect(errors).toEqual([]);
  const [item] = body;
  if (item?.kind !== 'attribute') throw new Error('no attribute');
  return item.value;
}

/** `type.label.label 1-3` for blocks, `name 2` for attributes, with what is inside. */
function outline(items: readonly HclItem[]): unknown[] {
  return items.map((item) =>
    item.kind === 'attribute'
      ? `${item.name} ${item.line}`
      : [`${[item.type, ...item.labels].join('.')} ${item.line}-${item.endLine}`, ...outline(item.body)],
  );
}

const literal = (text: string): unknown => {
  const value = valueOf(text);
  return value.kind === 'literal' ? value.value : value.kind;
};

/** The text of a heredoc. */
function heredoc(text: string): string {
  const value = valueOf(text);
  if (value.kind !== 'template') throw new Error(value.kind);
  return value.parts
    .map((p) => (p.kind === 'text' ? p.text : p.kind === 'directive' ? `<${p.text}>` : '<>'))
    .join('');
}

describe('blocks and attributes', () => {
  test('labels, nesting and lines', () => {
    const { body, errors } = readHcl(
      '# first\nresource "a_b" c {\n  x = 1 # one\n\n  inner "l" { y = [\n    2 ]\n  }\n} // end\nz = {\n}',
    );
    expect(errors).toEqual([]);
    expect(outline(body)).toEqual([['resource.a_b.c 2-8', 'x 3', ['inner.l 5-7', 'y 5']], 'z 9']);
  });

  test('a byte-order mark, CRLF and a missing last newline change no line', () => {
    const unix = 'a "b" {\n  x = <<E\nt\nE\n}\nc = 1';
    const windows = `\uFEFF${unix.replaceAll('\n', '\r\n')}`;
    expect(outline(readHcl(windows).body)).toEqual(outline(readHcl(unix).body));
    expect(readHcl(windows).errors).toEqual([]);
  });

  test('a heredoc that ends with the file', () => {
    expect(heredoc('a = <<E\nx\nE')).toBe('x\n');
  });

  test('long runs of white space move nothing', () => {
    const gap = ' '.repeat(500);
    const { body } = readHcl(`a = [${gap}"x${gap}y",${'\n'.repeat(100)}b]\nc${gap}=${gap}2\n`);
    expect(outline(body)).toEqual(['a 1', 'c 102']);
    const [a] = body;
    const items = a?.kind === 'attribute' && a.value.kind === 'tuple' ? a.value.items : [];
    expect(items[0]).toEqual({ kind: 'literal', value: `x${gap}y`, line: 1 });
    expect(items[1]).toEqual({ kind: 'traversal', root: 'b', steps: [], line: 101 });
  });
});

describe('literals', () => {
  test.each([
    ['a = 12', 12],
    ['a = -1.5', -1.5],
    ['a = 1.5e3', 1500],
    ['a = 12345678901234567890', '12345678901234567890'],
    ['a = true', true],
    ['a = null', null],
    ['a = "x y"', 'x y'],
    ['a = ""', ''],
    ['a = "\\"q\\" \\\\ \\t \\u00e9 \\U0001F600"', '"q" \\ \t é 😀'],
    ['a = "$${x} %%{y} $1 100%"', '${x} %{y} $1 100%'],
    ['a = "a # b // c /* d */"', 'a # b // c /* d */'],
  ])('%s', (text, value) => {
    expect(literal(text)).toBe(value);
  });
});

describe('heredocs', () => {
  test('plain ones keep their indentation', () => {
    expect(heredoc('a = <<E\n  x\n\n y $${z}\nE\n')).toBe('  x\n\n y ${z}\n');
  });

  test('indented ones lose what all lines share; blank lines do not count', () => {
    expect(heredoc('a = <<-E\n    x\n\n      y\n  E\n')).toBe('x\n\n  y\n');
  });

  test('interpolations at the start of a line and in its middle', () => {
    expect(heredoc('a = <<-E\n    ${x} a\n      b ${y}\n    ${z}\n  E\n')).toBe('<> a\n  b <>\n<>\n');
  });

  test('directives and trim marks', () => {
    expect(heredoc('a = <<E\n%{ for x in  y ~}\n  k ${~ x}\n%{ endfor }\nE\n')).toBe(
      '<for x in y>k<>\n<endfor>\n',
    );
  });

  test('text that looks like something else stays text', () => {
    expect(heredoc('a = <<E\n# no\n"open\n{ [ (\nresource "x" "y" {\nE2\n E3\nE\n')).toBe(
      '# no\n"open\n{ [ (\nresource "x" "y" {\nE2\n E3\n',
    );
  });
});

describe('expressions', () => {
  test.each([
    ['var.x', 'var.x'],
    ['a.b[0].c["k"][*].d', 'a.b[0].c["k"][*].d'],
    ['a.0.b', 'a[0].b'],
    ['f( a ,b... )', 'f(a, b...)'],
    ['f(a)[0] .x', 'f(a)[0].x'],
    ['( a&&b )||! c', '(a && b) || !c'],
    ['-(1) + 2*x', '-(1) + 2 * x'],
    ['a ?b: c', 'a ? b : c'],
    ['[1,\n 2, # two\n]', '[1, 2]'],
    ['{ a : 1, "b" = 2\n (c) = 3\n "d e"=4, }', '{ a = 1, b = 2, (c) = 3, "d e" = 4 }'],
    ['[ for k,v in x: v.y if k ]', '[for k, v in x : v.y if k]'],
    ['{for k in x: k=>k... }', '{for k in x : k => k...}'],
    ['"a ${ var.x } $${y} \\n"', '"a ${var.x} $${y} \\n"'],
    ['"%{ if a }b%{ else }c%{ endif }"', '"%{ if a }b%{ else }c%{ endif }"'],
    ['provider::aws::f( x )', 'provider::aws::f(x)'],
    ['"${a}" == "b"', '"${a}" == "b"'],
  ])('%s → %s', (written, normal) => {
    expect(rendered(written)).toBe(normal);
    expect(rendered(normal)).toBe(normal);
  });

  test('layout and comments do not show in the text', () => {
    const wide = 'merge(  # all\n  var.a,\r\n\t{ x = 1 // one\n    y = [ "p  q" ] /* y */ },\n)';
    expect(rendered(wide)).toBe('merge(var.a, { x = 1, y = ["p  q"] })');
  });
});

const GOOD = (name: string): string => `resource "t" "${name}" {\n  size = 1\n}\n`;

describe('one broken block does not lose the others', () => {
  test.each([
    ['a brace is missing', 'resource "t" "bad" {\n  x {\n    y = 1\n}\n'],
    ['a quote is missing', 'resource "t" "bad" {\n  x = "open\n  y = 1\n}\n'],
    ['a line of garbage', 'resource "t" "bad" {\n  ?? ! nonsense )\n}\n'],
    ['a placeholder as value', 'resource "t" "bad" {\n  x = {{ value }}\n}\n'],
    ['a half-typed attribute', 'resource "t" "bad" {\n  x =\n}\n'],
    ['conflict marks', '<<<<<<< ours\nresource "t" "bad" {\n  x = 1\n=======\n  x = 2\n>>>>>>> theirs\n}\n'],
    ['a heredoc with a header in it', 'resource "t" "bad" {\n  x = = <<E\nresource "t" "not" {\nE\n}\n'],
  ])('%s', (_, bad) => {
    const { body, errors } = readHcl(`${GOOD('one')}${bad}${GOOD('two')}`);
    const names = body.map((item) => (item.kind === 'block' ? item.labels[1] : item.name));
    expect(names).toEqual(['one', 'bad', 'two']);
    const last = body.at(-1) as HclBlock;
    expect(outline([last])[0]).toEqual([
      `resource.t.two ${4 + bad.split('\n').length - 1}-${6 + bad.split('\n').length - 1}`,
      expect.anything(),
    ]);
    expect(errors.length).toBeGreaterThan(0);
    const bottom = 4 + bad.split('\n').length;
    for (const error of errors) {
      expect(error.limit).toBe(false);
      expect(error.line).toBeGreaterThanOrEqual(4);
      expect(error.line).toBeLessThanOrEqual(bottom);
    }
  });

  test('what is readable of the broken block is kept', () => {
    const { body } = readHcl('a "b" {\n  x = 1\n  y = {{ v }}\n  z = [2]\n}\n');
    expect(outline(body)).toEqual([['a.b 1-5', 'x 2', 'y 3', 'z 4']]);
  });

  test('the message names place and block', () => {
    expect(readHcl('a "b" {\n  x = [1\n}\n').errors[0]?.message).toMatch(/in block `a b`$/);
  });
});

const NESTED = (n: number): string => '"${'.repeat(n) + '1' + '}"'.repeat(n);

describe('hostile input', () => {
  test('nested deeper than is walked: the outer part is kept, the rest is text', () => {
    const { body, errors } = readHcl(`a = ${'['.repeat(1_000)}1${']'.repeat(1_000)}\nb = 2\n`);
    expect(outline(body)).toEqual(['a 1', 'b 2']);
    expect(errors.map((e) => [e.limit, e.line])).toEqual([[true, 1]]);
  });

  test('a text that is too long', () => {
    expect(readHcl(' '.repeat(LIMITS.fileChars + 1)).errors.map((e) => e.limit)).toEqual([true]);
  });

  test('one block that is beyond all bounds is named; the others are read', () => {
    const bomb = `locals {\n  x = "${'${'.repeat(5_000)}"\n}\n`;
    const { body, errors } = readHcl(`${GOOD('one')}${bomb}${GOOD('two')}`);
    expect(body.map((item) => (item.kind === 'block' ? item.type : ''))).toEqual([
      'resource',
      'locals',
      'resource',
    ]);
    expect(errors.map((e) => [e.limit, e.line])).toEqual([[true, 5]]);
  });

  test.each([
    ['template starts', '${'.repeat(100_000)],
    ['template starts in a string', `a = "${'${'.repeat(100_000)}`],
    ['nested templates', `a = ${NESTED(5_000)}\n`],
    ['many nested templates', `a = ${NESTED(40)}\n`.repeat(300)],
    ['open brackets', `a = ${'['.repeat(100_000)}`],
    ['open blocks', 'a {\n'.repeat(50_000)],
    ['spaces', `a ${' '.repeat(900_000)}`],
    ['newlines', `a ${'\n'.repeat(900_000)}`],
    ['one long string', `a = "${'x'.repeat(900_000)}"`],
    ['one long comment', `a = 1 #${'#'.repeat(900_000)}`],
    ['comment starts', '/*'.repeat(100_000)],
    ['a long chain of operators', `a = ${'b + '.repeat(50_000)}b`],
    ['a long chain of conditions', `a = ${'b ? c : '.repeat(30_000)}d`],
    ['heredocs without end', 'a = <<A\n'.repeat(50_000)],
    ['a long heredoc name', `a = <<${'A'.repeat(500_000)}\n`],
    ['long labels', `a "${'b'.repeat(500_000)}" {\n x = \n}\n`],
    ['a header of many words', `${'a '.repeat(200_000)}{\n x = \n}\n`],
    ['NUL', 'a = "\u0000"\n\u0000'.repeat(1_000)],
    ['lone surrogates', `a = "\ud800"\n${'\udc00'.repeat(1_000)}`],
    ['conflict marks', '<<<<<<< a\n=======\n>>>>>>> b\n'.repeat(5_000)],
  ])('%s: bounded, and the next text is read', (_, text) => {
    const took = stopwatch();
    const { errors } = readHcl(text);
    expect(took()).toBeLessThan(8_000);
    expect(errors.length).toBeLessThanOrEqual(25);
    expect(outline(readHcl('a = "ok"\n').body)).toEqual(['a 1']);
  });

  test('arbitrary text, and valid text with a piece knocked out, never throw', () => {
    const sample = `${GOOD('one')}locals {\n  a = [for x in var.y : "\${x}-%{ if z }b%{ endif }" if x != null]\n  b = <<-E\n    t \${f(1)}\n  E\n}\n`;
    const token = fc.constantFrom(
      '"',
      '${',
      '%{',
      '}',
      '{',
      '[',
      ']',
      '(',
      ')',
      '<<E\n',
      'E\n',
      '\n',
      '=',
      '#',
      '/*',
      '*/',
      '\\',
      'a',
      '.',
      ' ',
      '?',
      ':',
      '\u0000',
      '\ud800',
    );
    const edit = fc.record({
      at: fc.nat(sample.length),
      cut: fc.nat(12),
      put: fc.array(token, { maxLength: 4 }),
    });
    const mutated = fc
      .array(edit, { minLength: 1, maxLength: 4 })
      .map((edits) =>
        edits.reduce(
          (text, { at, cut, put }) => text.slice(0, at) + put.join('') + text.slice(at + cut),
          sample,
        ),
      );
    const arbitrary = fc.oneof(
      mutated,
      fc.array(token, { maxLength: 40 }).map((t) => t.join('')),
      fc.string({ unit: 'binary', maxLength: 60 }),
    );
    fc.assert(
      fc.property(arbitrary, (text) => {
        const { body, errors } = readHcl(text);
        const lines = text.split('\n').length + 1;
        for (const { line, column } of errors) expect(line >= 1 && line <= lines && column >= 1).toBe(true);
        for (const item of body)
          expect(item.line >= 1 && item.endLine >= item.line && item.endLine <= lines).toBe(true);
      }),
      { seed: 21, numRuns: 1_500 },
    );
  });

  test('a text that reads without errors is the one the parser calls clean', () => {
    expect(parseHclOnly(GOOD('one'))).toEqual({ hasError: false });
    expect(parseHclOnly('a = = 1\n')).toEqual({ hasError: true });
  });
});
