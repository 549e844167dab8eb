import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseMarkdown } from '../../src/core/syntax/markdown.ts';

const kinds = (text: string) => parseMarkdown(text).blocks.map((block) => block.kind);

test('blocks with their lines, whatever the line ends', () => {
  const text =
    '---\ntitle: x\n---\n# A **b**\n\np\n\n- one\n  - two\n\n| a | b |\n| - | - |\n| `x\\|y` | 1<br>2 |\n\n```Mermaid\ngraph\n```\n> quoted\n';
  for (const source of [text, text.replace(/\n/g, '\r\n'), `\uFEFF${text}`, text.replace(/\n/g, '\r')]) {
    const { blocks, frontMatter, errors } = parseMarkdown(source);
    expect(errors).toEqual([]);
    expect(frontMatter).toBe('title: x');
    expect(blocks.map((block) => [block.kind, block.line])).toEqual([
      ['heading', 4],
      ['paragraph', 6],
      ['list', 8],
      ['table', 11],
      ['code', 16],
      ['paragraph', 18],
    ]);
  }
});

test('text, source and lead of a run of text', () => {
  const [block] = parseMarkdown('**Owner**: [`x`](y) \\* ![alt](z) <b>t</b>  \nnext\nline\n').blocks;
  expect(block).toMatchObject({
    kind: 'paragraph',
    inline: {
      text: 'Owner: x * alt t\nnext line',
      lead: 'Owner',
      strong: true,
      raw: '**Owner**: [`x`](y) \\* ![alt](z) <b>t</b>  \nnext\nline',
    },
  });
});

test('cells know their source without the pipes', () => {
  const [block] = parseMarkdown('| a | b |\n| - | - |\n| **x** | y \\| |\n').blocks;
  expect(block?.kind === 'table' ? block.rows[0]?.map((cell) => cell.raw) : []).toEqual(['**x**', 'y \\|']);
});

test('tables in HTML', () => {
  const [block] = parseMarkdown(
    '<table>\n<tr><th>A</th><th>B</th></tr>\n<tr>\n<td>1 &lt; 2</td><td>x<br/>y</td></tr></table>\n',
  ).blocks;
  expect(block).toMatchObject({
    kind: 'table',
    header: [{ text: 'A', line: 2 }, { text: 'B' }],
    rows: [[{ text: '1 < 2', line: 4 }, { text: 'x\ny' }]],
  });
});

describe('hostile texts', () => {
  test.each([
    'a ',
    '[',
    '](',
    '[a](',
    '![',
    '*a ',
    '**a',
    '_a ',
    '`',
    '`a``',
    '>',
    '> ',
    '- ',
    '1. ',
    '|a',
    '&a;',
    '<a ',
    '<',
    '\\',
    '~',
    '# ',
    '\n',
    'a\n',
    '- a\n',
    '|a|b|\n|-|-|\n',
    '[a]: b\n',
    '\0',
    '>\n',
    '*_',
    '\t',
    'a\n=\n',
    '<td><td>\n',
    '[a]\n',
    ' - a\n   - b\n     - c\n',
    '```\na\n',
  ])('a flood of %j', (unit) => {
    const { blocks, errors } = parseMarkdown(unit.repeat(Math.ceil(300_000 / unit.length)));
    expect(blocks.length).toBeLessThan(60_000);
    for (const error of errors) expect([error.limit, error.line > 0]).toEqual([true, true]);
  });

  test('a bound is told with its line, and the rest is read', () => {
    const { blocks, errors } = parseMarkdown(`# A\n\n${'x'.repeat(30_000)}\n\n# B\n`);
    expect(errors).toEqual([
      { message: 'A line of more than 20000 characters', line: 3, column: 1, limit: true },
    ]);
    expect(kinds(`# A\n\n${'x'.repeat(30_000)}\n\n# B\n`)).toEqual(['heading', 'heading']);
    expect(blocks.at(-1)?.line).toBe(5);
  });

  test('any text gives blocks inside the text', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.constantFrom('# ', '- ', '|', '\n', '```', '> ', '**', '<', '[', '---\n', '\r'),
            fc.string({ unit: 'binary', maxLength: 6 }),
          ),
          { maxLength: 60 },
        ),
        (parts) => {
          const text = parts.join('');
          const lines = text.split(/\r\n?|\n/).length;
          for (const block of parseMarkdown(text).blocks) expect(block.line).toBeLessThanOrEqual(lines + 1);
        },
      ),
      { seed: 3, numRuns: 400 },
    );
  });
});
