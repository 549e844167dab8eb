import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { diffOf, excerptOf, type DiffLine } from '../../src/web/pages/configuration-diff.ts';
import { ask, textOf } from './pages2-context.ts';

describe('threat models', () => {
  test('are as of a day', async () => {
    const then = await textOf('/models?at=2026-03-01');
    expect(then).toContain('Mailgun');
    expect(then).toContain('sends receipts');
    expect(then).not.toContain('is larger than what is read');
    const now = await textOf('/models');
    expect(now).not.toContain('sends receipts');
    expect(now).toContain('docs/old.md is larger than what is read.');
  });

  test('ratings, owners and what is missing of them are told', async () => {
    const text = await textOf('/models');
    expect(text).toContain('Row-level security');
    expect(text).toContain('Not rated');
    expect(text).toContain('Web → Stripe');
    expect(text).toContain('Stripe keeps card numbers, we never see them.');
    expect(text).toContain('aws_db_instance.orders');
  });

  test('before there was one, none is on record', async () => {
    expect(await textOf('/models?at=2026-01-01')).toContain('No threat model is on record as of');
    expect(await textOf('/models?repository=acme/bank')).toContain('No threat model is on record as of');
  });
});

describe('configuration', () => {
  test('each state holds from one record to another', async () => {
    const text = await textOf('/configuration?from=2026-01-01&to=2027-01-01');
    const row = /reported by anybody(.*?)<\/tr>/s.exec(text)?.[1] ?? '';
    expect(row).toContain('2026-02-03');
    expect(row).toContain('2026-05-01');
    expect(text).toContain('Leaves no trace');
    expect(text).toContain('Nothing may be removed: legal hold');
  });

  test('a later period begins with what still holds, and not with what had ended', async () => {
    const text = await textOf('/configuration?from=2026-07-01&to=2026-08-01');
    expect(text).toContain('reported by App 123456');
    expect(text).not.toContain('reported by anybody');
    expect(text).toContain('Nothing happened to the gate in this time');
  });

  test('a change of the rules is told line by line', async () => {
    const text = await textOf('/configuration/acme/shop/18');
    expect(text).toContain('<del>- mode: observe</del>');
    expect(text).toContain('<ins>+ mode: enforce</ins>');
    expect(text).toContain('<ins>+   teams: [acme/security]</ins>');
  });

  test('the first rules are all new', async () => {
    const text = await textOf('/configuration/acme/shop/2');
    expect(text).toContain('nothing on record');
    expect(text).not.toContain('<del>');
  });

  test('other records are no change of it', async () => {
    for (const address of [
      '/configuration/acme/shop/1',
      '/configuration/acme/shop/9999',
      '/configuration/acme/shop/x',
      '/configuration/acme/vault/6',
    ])
      expect(await ask(address)).toMatchObject({ kind: 'page', status: 404 });
  });
});

describe('differences', () => {
  const text = fc
    .array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 })
    .map((lines) => lines.join('\n'));
  const side = (diff: readonly DiffLine[], other: DiffLine['kind']): readonly string[] =>
    diff.filter(({ kind }) => kind !== other).map((line) => line.text);
  const linesOf = (t: string): readonly string[] => (t === '' ? [] : t.replace(/\n$/, '').split('\n'));

  test('lead from one text to the other, with nothing told that is the same', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const diff = diffOf(before, after);
        expect(side(diff, 'added')).toEqual(linesOf(before));
        expect(side(diff, 'removed')).toEqual(linesOf(after));
        const told = diff.filter(({ kind }) => kind !== 'same').length;
        expect(told).toBeLessThanOrEqual(linesOf(before).length + linesOf(after).length);
        expect(told === 0).toBe(linesOf(before).join('\n') === linesOf(after).join('\n'));
      }),
      { seed: 8, numRuns: 1_000 },
    );
  });

  test('excerpts leave out only what is the same', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const diff = diffOf(before, after);
        const shown = excerptOf(diff).filter((line) => line !== undefined);
        expect(shown.filter(({ kind }) => kind !== 'same')).toEqual(
          diff.filter(({ kind }) => kind !== 'same'),
        );
      }),
      { seed: 9, numRuns: 300 },
    );
  });

  test('a line in the middle of many is found with its surroundings', () => {
    const lines = Array.from({ length: 30 }, (_, n) => `line ${n}`);
    const excerpt = excerptOf(diffOf(lines.join('\n'), lines.with(15, 'other').join('\n')));
    expect(excerpt.map((line) => (line ? `${line.kind[0] ?? ''} ${line.text}` : '…'))).toEqual([
      '…',
      's line 12',
      's line 13',
      's line 14',
      'r line 15',
      'a other',
      's line 16',
      's line 17',
      's line 18',
      '…',
    ]);
  });

  test('texts that are too long to compare are told as a whole', () => {
    const long = (word: string): string => Array.from({ length: 3_000 }, (_, n) => `${word} ${n}`).join('\n');
    const diff = diffOf(long('old'), long('new'));
    expect(diff.map(({ kind }) => kind).join('')).toBe('removed'.repeat(3_000) + 'added'.repeat(3_000));
  });
});
