import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmTableFromMarkdown } from 'mdast-util-gfm-table';
import { gfmTable } from 'micromark-extension-gfm-table';
import { questionById } from '../../src/core/catalogue/questions.ts';
import { renderJson } from '../../src/core/report/json.ts';
import { renderMarkdown } from '../../src/core/report/markdown.ts';
import { renderPicture } from '../../src/core/report/picture.ts';
import { renderSarif } from '../../src/core/report/sarif.ts';
import { renderTerminal, type TerminalOptions } from '../../src/core/report/terminal.ts';
import { width } from '../../src/core/report/text.ts';
import { verdictSchema } from '../../src/core/report/verdict-schema.ts';
import { expectGolden } from '../golden.ts';
import { bucket, doubtful, hostile, observed, opened, quiet, uncovered, verdict } from './verdicts.ts';

const samples = { quiet, uncovered, observed, doubtful };
const plainly: TerminalOptions = { columns: 100, colour: false, verbose: false, question: questionById };
const onGitHub = { question: questionById, most: 65_000 };
const describeRule = (id: string) =>
  id === opened.rule ? { title: 'Reach widened', why: 'More people can try the door.' } : undefined;

describe.each(Object.entries(samples))('%s', (name, sample) => {
  test('is a verdict document', () => {
    expect(verdictSchema.parse(sample)).toEqual(sample);
  });

  test('on a terminal', () => expectGolden(`report/golden/${name}.txt`, renderTerminal(sample, plainly)));
  test('as Markdown', () => expectGolden(`report/golden/${name}.md`, renderMarkdown(sample, onGitHub)));
  test('as SARIF', () => expectGolden(`report/golden/${name}.sarif`, renderSarif(sample, describeRule)));
  test('as JSON, which reads back as the same verdict', () => {
    const text = renderJson(sample);
    expect(JSON.parse(text)).toEqual(sample);
    expect(text.endsWith('}\n')).toBe(true);
  });
});

test('a narrow terminal and a verbose one', () => {
  expectGolden('report/golden/uncovered-narrow.txt', renderTerminal(uncovered, { ...plainly, columns: 60 }));
  expectGolden(
    'report/golden/uncovered-verbose.txt',
    renderTerminal(uncovered, { ...plainly, verbose: true }),
  );
});

test('prose keeps to the width', () => {
  for (const columns of [50, 80, 120])
    for (const line of renderTerminal(uncovered, { ...plainly, columns }).split('\n'))
      // What is to be pasted, and file names one can click, are not broken.
      if (width(line) > columns) expect(line).toMatch(/^ +(?:- \*\*|\S+:\d+ )/);
});

test('colours are codes around the same text', () => {
  for (const sample of Object.values(samples)) {
    const coloured = renderTerminal(sample, { ...plainly, colour: true });
    expect(coloured).toContain('\u001b[');
    expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(renderTerminal(sample, plainly));
  }
});

test('a quiet change is one line that says why', () => {
  expect(renderTerminal(quiet, plainly).split('\n')).toHaveLength(2);
  expect(renderTerminal(quiet, plainly)).toContain('3 changed files looked at');
});

test('JSON does not depend on the order in which keys were made', () => {
  const reversed = JSON.parse(JSON.stringify(uncovered), (_, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).reverse())
      : value,
  ) as typeof uncovered;
  expect(renderJson(reversed)).toBe(renderJson(uncovered));
});

test('the schema is strict', () => {
  expect(verdictSchema.safeParse({ ...quiet, extra: 1 }).success).toBe(false);
  expect(verdictSchema.safeParse({ ...quiet, digest: 'sha256:12' }).success).toBe(false);
  const { doubts, ...without } = quiet;
  expect(doubts).toEqual([]);
  expect(verdictSchema.safeParse(without).success).toBe(false);
  const odd = {
    ...quiet,
    judgement: { ...quiet.judgement, children: [{ ...quiet.judgement, state: 'green' }] },
  };
  expect(verdictSchema.safeParse(odd).success).toBe(false);
});

test('a summary that would be too long is cut by counting, and fits', () => {
  const facts = Array.from({ length: 900 }, (_, i) => ({
    ...bucket,
    id: `f${i}`,
    address: `aws_s3_bucket.b${i}`,
  }));
  const big = verdict({ ...uncovered, facts, doubts: doubtful.doubts });
  for (const most of [65_000, 20_000, 4_000, 2_000]) {
    const text = renderMarkdown(big, { ...onGitHub, most });
    expect(text.length).toBeLessThanOrEqual(most);
    expect(text).toMatch(/and \d+ more|more than fits/);
  }
});

interface MdNode {
  readonly type: string;
  readonly value?: string;
  readonly depth?: number;
  readonly children?: readonly MdNode[];
}
const nodesIn = (node: MdNode): MdNode[] => [node, ...(node.children ?? []).flatMap(nodesIn)];
const parse = (source: string): MdNode[] =>
  nodesIn(fromMarkdown(source, { extensions: [gfmTable()], mdastExtensions: [gfmTableFromMarkdown()] }));

const nasty = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 5 }),
      fc.constantFrom(
        '@octocat',
        '[x](y)',
        '`',
        '```',
        '|',
        '\\',
        '<img src=x>',
        '\n',
        '\n\n## h\n',
        '- ',
        '> ',
        '\u001b[2J',
        '\u202e',
        '::error::',
        '##[group]',
        '"]',
        'end',
        '../',
        '%',
        ' ',
      ),
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map((parts) => parts.join(''));
const runs = { numRuns: 150, seed: 11 };

describe('nothing a contributor names can leave its place', () => {
  test('terminal', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const shown = renderTerminal(hostile(text), { ...plainly, verbose: true });
        expect(shown).not.toMatch(
          /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u202a-\u202e\u2066-\u2069]/,
        );
        expect(shown).not.toContain('##[');
        expect(shown.split('\n').filter((line) => line.trimStart().startsWith('::'))).toEqual([]);
        expect(shown.split('\n').filter((line) => /^\S/.test(line)).length).toBeLessThan(40);
      }),
      runs,
    );
  });

  test('Markdown', () => {
    const allowed = new Set([
      'root',
      'heading',
      'paragraph',
      'text',
      'inlineCode',
      'list',
      'listItem',
      'code',
      'strong',
      'html',
      'table',
      'tableRow',
      'tableCell',
    ]);
    const shapeOf = (text: string): string[] =>
      parse(renderMarkdown(hostile(text), onGitHub))
        .filter(
          (n) =>
            n.type === 'heading' ||
            n.type === 'table' ||
            n.type === 'tableRow' ||
            n.type === 'tableCell' ||
            n.type === 'code' ||
            n.type === 'listItem',
        )
        .map((n) => n.type);
    const expected = shapeOf('plain');
    fc.assert(
      fc.property(
        nasty.filter((text) => text.trim() !== ''),
        (text) => {
          const nodes = parse(renderMarkdown(hostile(text), onGitHub));
          // GitHub mentions nobody inside code, be it written as a span or as an element.
          let inCode = false;
          for (const node of nodes) {
            expect(allowed).toContain(node.type);
            if (node.type === 'html') expect(node.value).toMatch(/^<\/?(?:code|sub)>$/);
            if (node.value === '<code>' || node.value === '</code>') inCode = node.value === '<code>';
            if (node.type === 'text' && !inCode) expect(node.value).not.toMatch(/@[a-z]|#\d/i);
          }
          expect(shapeOf(text)).toEqual(expected);
        },
      ),
      runs,
    );
  });

  test('Mermaid', () => {
    const line =
      /^(?:flowchart LR| {2}outside\(\["outside the system"\]\)| {2}(?:subgraph s\d+\["LABEL"\]|end|outside --> n\d+|n\d+ --> n\d+|classDef .*)| {2,4}n\d+(?:\[\("LABEL"\)\]|\["LABEL"\]):::\w+)$/;
    fc.assert(
      fc.property(nasty, (text) => {
        const picture = renderPicture(hostile(text)) ?? '';
        for (const l of picture.split('\n'))
          expect(
            l.replace(/"(?:[\p{L}\p{N} .,_/-]|#\d+;|<br\/>)*"/gu, (m) =>
              m === '"outside the system"' ? m : '"LABEL"',
            ),
          ).toMatch(line);
      }),
      runs,
    );
  });

  test('SARIF and JSON', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const log = JSON.parse(renderSarif(hostile(text), describeRule)) as {
          runs: { results: { locations: { physicalLocation: { artifactLocation: { uri: string } } }[] }[] }[];
        };
        for (const result of log.runs[0]?.results ?? [])
          for (const { physicalLocation } of result.locations)
            expect(physicalLocation.artifactLocation.uri).toMatch(/^(?:[\w.~/-]|%[0-9A-F]{2})*$/);
        const json = renderJson(hostile(text));
        expect(JSON.parse(json)).toEqual(hostile(text));
        expect(json).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u202a-\u202e\u2066-\u2069]/);
      }),
      runs,
    );
  });
});
