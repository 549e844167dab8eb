import { afterAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChangedFile } from '../../src/core/model/change.ts';
import { anchorIn, anchorQuestions } from '../../src/core/report/anchors.ts';
import { stopwatch } from '../stopwatch.ts';

const dir = mkdtempSync(join(tmpdir(), 'threatgate-anchors-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Lines at head that git shows, by the kind of diff it is asked for. */
function shownByGit(base: string, head: string, algorithm: string): ReadonlySet<number> {
  writeFileSync(join(dir, 'base'), base);
  writeFileSync(join(dir, 'head'), head);
  const { stdout, status } = spawnSync(
    'git',
    ['diff', '--no-index', '-U3', '--no-color', '--no-ext-diff', algorithm, 'base', 'head'],
    { cwd: dir, encoding: 'utf8' },
  );
  expect([0, 1]).toContain(status);
  const shown = new Set<number>();
  for (const hunk of stdout.matchAll(/^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@/gm)) {
    const start = Number(hunk[1]);
    for (let i = 0; i < Number(hunk[2] ?? 1); i++) shown.add(start + i);
  }
  return shown;
}

const lines = (n: number, prefix = 'line '): string[] =>
  Array.from({ length: n }, (_, i) => `${prefix}${i + 1}`);
const text = (...all: readonly string[]): string => all.map((l) => `${l}\n`).join('');

describe('where a comment can stand', () => {
  test('anywhere in a new file, nowhere outside it', () => {
    const head = text(...lines(30));
    expect(anchorIn(undefined, head, 7)).toBe(7);
    expect(anchorIn(undefined, head, 30)).toBe(30);
    expect(anchorIn(undefined, head, 31)).toBe(30);
    expect(anchorIn(undefined, head, 41)).toBeUndefined();
    expect(anchorIn(undefined, '', 1)).toBeUndefined();
    expect(anchorIn('', head, 7)).toBe(7);
  });

  test('at an added line, at its context, or near it', () => {
    const base = text(...lines(40));
    const head = text(...lines(20), 'added', ...lines(40).slice(20));
    expect([21, 18, 24].map((line) => anchorIn(base, head, line))).toEqual([21, 18, 24]);
    expect([17, 10, 8, 25, 34].map((line) => anchorIn(base, head, line))).toEqual([18, 18, 18, 24, 24]);
    expect([7, 35, 0, -1, NaN, 1.5, Infinity].map((line) => anchorIn(base, head, line))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('as far away as the resource reaches', () => {
    const base = text(...lines(80));
    const head = text(...lines(60), 'added', ...lines(80).slice(60));
    expect(anchorIn(base, head, 5)).toBeUndefined();
    expect(anchorIn(base, head, 5, { start: 5, end: 57 })).toBeUndefined();
    expect(anchorIn(base, head, 5, { start: 5, end: 58 })).toBe(58);
    expect(anchorIn(base, head, 80, { start: 40, end: 80 })).toBe(64);
  });

  test('not where only removals, copies or moves are: which lines a diff shows then is not certain', () => {
    expect(anchorIn(text(...lines(9)), text(...lines(9).slice(1)), 1)).toBeUndefined();
    expect(anchorIn(text('a', 'b'), text('b', 'a'), 1)).toBeUndefined();
    expect(anchorIn(text('}', 'x'), text('}', 'x', '}'), 3)).toBeUndefined();
    expect(anchorIn('same\n', 'same', 1)).toBeUndefined();
  });

  test('a changed line end is a changed line', () => {
    expect(anchorIn('a\nb\n', 'a\r\nb\r\n', 2)).toBe(2);
  });

  test('binary files have no lines', () => {
    expect(anchorIn(undefined, 'a\0b\n', 1)).toBeUndefined();
    expect(anchorIn('\0', 'a\n', 1)).toBeUndefined();
  });

  test('large files take little time', () => {
    const base = text(...lines(100_000, 'a'));
    const head = text(...lines(100_000, 'b'));
    const took = stopwatch();
    expect(anchorIn(base, head, 50_000)).toBe(50_000);
    expect(took()).toBeLessThan(2_000);
  });
});

describe('against git itself', () => {
  const word = fc.constantFrom<string>('', '}', '{', 'a', 'b', 'c', '  x = 1', '  x = 2', 'resource', 'a\r');
  const block = fc.array(word, { maxLength: 14 });
  /** Texts that have much in common: pieces shared, moved, repeated. */
  const pair = fc
    .record({
      pieces: fc.array(block, { minLength: 1, maxLength: 5 }),
      order: fc.array(fc.nat(6), { maxLength: 6 }),
      fresh: block,
      at: fc.nat(60),
      cut: fc.boolean(),
    })
    .map(({ pieces, order, fresh, at, cut }) => {
      const base = pieces.flat();
      const head = order.flatMap((i) => pieces[i] ?? fresh);
      head.splice(at % (head.length + 1), 0, ...fresh.map((l) => `${l}!`));
      const join = (all: readonly string[]): string => all.join('\n') + (cut || all.length === 0 ? '' : '\n');
      return { base: join(base), head: join(head) };
    });

  test.each(['--diff-algorithm=myers', '--patience', '--histogram', '--minimal'])(
    '%s shows every line that a comment is put on',
    (algorithm) => {
      let anchored = 0;
      fc.assert(
        fc.property(pair, ({ base, head }) => {
          const count = head.split('\n').length;
          const chosen = new Set<number>();
          for (let wanted = 1; wanted <= count + 1; wanted++) {
            const at = anchorIn(base, head, wanted);
            if (at !== undefined) chosen.add(at);
          }
          if (chosen.size === 0) return;
          anchored++;
          const shown = shownByGit(base, head, algorithm);
          expect([...chosen].filter((at) => !shown.has(at))).toEqual([]);
        }),
        { numRuns: 150 },
      );
      expect(anchored).toBeGreaterThan(50);
    },
  );
});

describe('anchors of questions', () => {
  const content = (t: string) => ({ kind: 'text', text: t }) as const;
  const question = (file: string, line: number) => ({
    id: 'OBJ-I1',
    address: 'a',
    scope: '',
    because: [],
    file,
    line,
  });
  const moved = text(...lines(40));
  const added = (path: string, t: string): ChangedFile => ({ path, status: 'added', head: content(t) });

  test('every file is compared with its own past', () => {
    const files: ChangedFile[] = [
      added('new.tf', moved),
      { path: 'old.tf', status: 'modified', base: content(moved), head: content(`added\n${moved}`) },
      { path: 'gone.tf', status: 'removed', base: content('x') },
    ];
    const asked = [
      question('new.tf', 20),
      question('old.tf', 3),
      question('old.tf', 40),
      question('gone.tf', 1),
    ];
    expect(anchorQuestions([...asked, question('new.tf', 20)], files)).toEqual([
      { file: 'new.tf', line: 20, at: 20 },
      { file: 'old.tf', line: 3, at: 3 },
    ]);
  });

  test('a new file that may be a renamed one only has its new lines', () => {
    const files: ChangedFile[] = [
      { path: 'before.tf', status: 'removed', base: content(moved) },
      added('after.tf', moved.replace('line 20\n', 'line twenty\n')),
    ];
    const asked = [question('after.tf', 1), question('after.tf', 20)];
    expect(anchorQuestions(asked, files)).toEqual([{ file: 'after.tf', line: 20, at: 20 }]);
  });

  test('what was not opened or cannot be read has no anchor', () => {
    const files: ChangedFile[] = [
      { path: 'a.tf', status: 'modified', base: { kind: 'unopened', id: '1' }, head: content('x\n') },
      { path: 'b.tf', status: 'added', head: { kind: 'unreadable', reason: 'too-large', detail: '' } },
    ];
    expect(anchorQuestions([question('a.tf', 1), question('b.tf', 1)], files)).toEqual([]);
  });
});
