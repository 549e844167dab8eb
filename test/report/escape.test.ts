import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmTableFromMarkdown } from 'mdast-util-gfm-table';
import { gfmTable } from 'micromark-extension-gfm-table';
import {
  code,
  csv,
  fence,
  html,
  markdown,
  mermaid,
  plain,
  sentence,
  terminal,
  uri,
} from '../../src/core/report/escape.ts';
import { stopwatch } from '../stopwatch.ts';

interface MdNode {
  readonly type: string;
  readonly value?: string;
  readonly children?: readonly MdNode[];
}

const parse = (source: string): MdNode =>
  fromMarkdown(source, { extensions: [gfmTable()], mdastExtensions: [gfmTableFromMarkdown()] });

const typesIn = (node: MdNode): string[] => [node.type, ...(node.children ?? []).flatMap(typesIn)];
const textIn = (node: MdNode): string =>
  node.value !== undefined && node.type !== 'html' ? node.value : (node.children ?? []).map(textIn).join('');

/** What attackers write, glued to anything else. */
const nasty = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.constantFrom(
        '@octocat',
        '#12',
        'GH-7',
        'https://evil.example',
        'www.evil.example',
        '[x](y)',
        '![x](y)',
        '`',
        '``',
        '|',
        '\\',
        '\\|',
        '<img src=x>',
        '<!--',
        '-->',
        '&amp;',
        '*',
        '**',
        '_',
        '~~',
        '$x$',
        '\n',
        '\r\n',
        '\n\n# h',
        '- ',
        '1. ',
        '> ',
        '---',
        '```',
        '"',
        "'",
        '\u001b[2J',
        '\u0007',
        '\u202e',
        '\u2028',
        '\u200b',
        '\u0000',
        '::error::',
        '##[group]',
        '=cmd',
        '+1',
        '-1',
        '\ud800',
        'end',
        '"]',
        ';',
        '%%',
        ':tada:',
        'a@b.example',
        '%2e%2e',
        '..',
        '/',
        '{0}',
        '__proto__',
        '\t=1',
      ),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));
const runs = { numRuns: 400, seed: 7 };

// Written as code points, so that the test does not share the pattern of the code.
const isInvisible = (c: string): boolean => {
  const p = c.codePointAt(0) ?? 0;
  return (
    p < 0x20 ||
    (p >= 0x7f && p < 0xa0) ||
    (p >= 0x200b && p <= 0x200f) ||
    (p >= 0x2028 && p <= 0x202e) ||
    (p >= 0x2060 && p <= 0x206f) ||
    p === 0xfeff
  );
};

describe('plain and terminal', () => {
  test('nothing invisible, no line end and no lone surrogate is left', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        for (const shown of [plain(text), terminal(text)]) {
          expect(Array.from(shown).filter(isInvisible)).toEqual([]);
          expect(shown.isWellFormed()).toBe(true);
        }
      }),
      runs,
    );
  });

  test('what was hidden is named', () => {
    expect(terminal('a\u001b[31mb\u202ec')).toBe('a<U+001B>[31mb<U+202E>c');
    expect(terminal('two\r\nlines\tand a tab')).toBe('two lines and a tab');
  });

  test('a build runner sees no command, wherever a line is broken', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const shown = terminal(text);
        expect(shown).not.toContain('##[');
        for (const word of shown.split(' ')) expect(word.startsWith('::')).toBe(false);
      }),
      runs,
    );
  });

  test('ordinary text and addresses are left alone', () => {
    for (const text of [
      'aws_s3_bucket.logs',
      'AWS::S3::Bucket Logs',
      'Deployment/prod/api',
      'naïve café 東京 🙂',
      'a: b',
    ])
      expect(terminal(text)).toBe(text);
  });
});

describe('markdown', () => {
  const body = 'Before ⟦%⟧ after';

  test('in prose it is text and nothing else, and reads as what was written', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const tree = parse(body.replace('%', () => markdown(text)));
        expect(new Set(typesIn(tree))).toEqual(new Set(['root', 'paragraph', 'text']));
        expect(textIn(tree).replaceAll('\u200b', '')).toBe(body.replace('%', () => plain(text).trim()));
      }),
      runs,
    );
  });

  test('alone on a line or in a list item it begins no block', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        expect(new Set(typesIn(parse(`x\n\n${markdown(text)}y\n`))).size).toBeLessThanOrEqual(3);
        const tree = parse(`- ${markdown(text)} end`);
        expect(new Set(typesIn(tree))).toEqual(new Set(['root', 'list', 'listItem', 'paragraph', 'text']));
      }),
      runs,
    );
  });

  test('in a table cell it stays in its cell', () => {
    fc.assert(
      fc.property(nasty, nasty, (a, b) => {
        const tree = parse(`| h | i |\n| --- | --- |\n| ${markdown(a)} | ${code(b)} |\n`);
        const rows = tree.children?.[0]?.children ?? [];
        expect(tree.children).toHaveLength(1);
        expect(rows).toHaveLength(2);
        expect(rows[1]?.children).toHaveLength(2);
        expect(textIn(rows[1]?.children?.[0] as MdNode).replaceAll('\u200b', '')).toBe(plain(a).trim());
        expect(textIn(rows[1]?.children?.[1] as MdNode)).toBe(plain(b).trim());
      }),
      runs,
    );
  });

  test('nobody is mentioned, nothing is linked', () => {
    const shown = (text: string): string => textIn(parse(`x ${markdown(text)}`));
    expect(shown('@octocat')).not.toMatch(/@[a-z]/);
    expect(shown('see #12 and GH-12 and owner/repo#3')).not.toMatch(/#\d|GH-\d/);
    expect(shown('https://evil.example www.evil.example mailto:a@b.example')).not.toMatch(
      /:\/\/|www\.|mailto:|@b/,
    );
    expect(shown(':tada:')).not.toContain(':tada:');
  });

  test('ordinary text stays readable in the source', () => {
    expect(markdown('ingress of aws_security_group.api widened to 0.0.0.0/0, port 22')).toBe(
      'ingress of aws_security_group.api widened to 0.0.0.0/0, port 22',
    );
  });
});

describe('code', () => {
  test('is one code span or one code element, whatever it holds', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const tree = parse(`x ${code(text)} y`);
        const inside = (tree.children?.[0]?.children ?? []).map((n) =>
          n.type === 'html' ? n.value : n.type,
        );
        if (plain(text).trim() === '') expect(inside).toEqual(['text']);
        else
          expect([
            ['text', 'inlineCode', 'text'],
            ['text', '<code>', 'text', '</code>', 'text'],
          ]).toContainEqual(inside);
        expect(textIn(tree)).toContain(plain(text).trim());
      }),
      runs,
    );
  });

  test('a name without oddities is a plain span', () => {
    expect(code('AWS::S3::Bucket Logs')).toBe('`AWS::S3::Bucket Logs`');
  });
});

test('sentence: names are code, the rest is prose, a lone backtick is neither', () => {
  const shown = (text: string): string => sentence(text, code, markdown);
  expect(shown('`aws_s3_bucket.logs` was added to `infra`.')).toBe(
    '`aws_s3_bucket.logs` was added to `infra`.',
  );
  expect(shown('`a` and *b* and `c')).toBe('`a` and &#42;b&#42; and &#96;c');
  fc.assert(
    fc.property(nasty, (text) => {
      const types = new Set(typesIn(parse(`x ${shown(text)}`)));
      for (const type of types) expect(['root', 'paragraph', 'text', 'inlineCode', 'html']).toContain(type);
      for (const raw of shown(text).match(/<[^>]*>/g) ?? []) expect(['<code>', '</code>']).toContain(raw);
    }),
    runs,
  );
});

test('fence: what is inside cannot end it', () => {
  fc.assert(
    fc.property(fc.array(nasty, { maxLength: 4 }), (lines) => {
      const tree = parse(`${fence(lines)}\n`);
      expect(tree.children?.map((n) => n.type)).toEqual(['code']);
    }),
    runs,
  );
});

test('html: no tag, no quote, no reference of its own', () => {
  fc.assert(
    fc.property(nasty, (text) => {
      expect(html(text).replace(/&#\d+;/g, '')).not.toMatch(/[<>"'`&=]/);
    }),
    runs,
  );
});

test('mermaid: a label cannot be left, and reads as what was written', () => {
  fc.assert(
    fc.property(nasty, (text) => {
      const shown = mermaid(text);
      expect(shown.replace(/#\d+;/g, '')).toMatch(/^[\p{L}\p{N} .,_/-]*$/u);
      expect(shown.replace(/#(\d+);/g, (_, n: string) => String.fromCodePoint(Number(n)))).toBe(plain(text));
    }),
    runs,
  );
});

test('uri: decodes to the path, and resolves to a place below the root', () => {
  fc.assert(
    fc.property(nasty, (path) => {
      expect(decodeURIComponent(uri(path))).toBe(path.toWellFormed());
      expect(uri(path)).toMatch(/^(?:[\w.~/-]|%[0-9A-F]{2})*$/);
    }),
    runs,
  );
  expect(uri('a b/ü#?.tf')).toBe('a%20b/%C3%BC%23%3F.tf');
  expect(uri('../../etc/passwd')).not.toContain('..');
});

test('csv: one cell, and no formula', () => {
  fc.assert(
    fc.property(nasty, (text) => {
      const cell = csv(text);
      expect(cell.slice(1, -1).replaceAll('""', '')).not.toContain('"');
      expect(cell.slice(1, -1).trimStart()).not.toMatch(/^[=+\-@]/);
      expect(cell).not.toContain('\n');
    }),
    runs,
  );
});

test('a megabyte of anything is escaped in linear time', () => {
  const took = stopwatch();
  for (const unit of [
    '`',
    ':a',
    '@',
    '#',
    '\u202e',
    '|',
    '<',
    '_',
    '$',
    ' ::',
    '[x](',
    '\\',
    'w',
    'mailto',
    '1',
    '-',
  ])
    for (const escape of [
      terminal,
      markdown,
      code,
      html,
      mermaid,
      uri,
      csv,
      (s: string) => fence([s]),
      (s: string) => sentence(s, code, markdown),
    ])
      escape(unit.repeat(100_000));
  // Far above what it takes (about a second) and far below what anything quadratic would.
  expect(took()).toBeLessThan(30_000);
});
