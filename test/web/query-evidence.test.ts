import { describe, expect, test } from '@jest/globals';
import { controlOf, KINDS_OF_EVIDENCE, kindsFor } from '../../src/core/audit/evidence-kinds.ts';
import { EVIDENCE } from '../../src/core/audit/evidence.ts';
import { FRAMEWORKS } from '../../src/core/audit/frameworks.ts';
import { RECORD_KINDS } from '../../src/core/model/record.ts';

describe('kinds of records and evidence items', () => {
  test('every kind of record is evidence for something', () => {
    const mapped = new Set(Object.values(KINDS_OF_EVIDENCE).flat());
    expect(RECORD_KINDS.filter((kind) => !mapped.has(kind))).toEqual([]);
  });

  test('every item has records that speak to it, and nothing else is mapped', () => {
    expect(Object.keys(KINDS_OF_EVIDENCE)).toEqual(EVIDENCE.map(({ id }) => id));
    for (const kinds of Object.values(KINDS_OF_EVIDENCE)) {
      expect(kinds.length).toBeGreaterThan(0);
      expect(new Set(kinds).size).toBe(kinds.length);
    }
  });

  test('every control leads to records', () => {
    expect(FRAMEWORKS.filter((control) => kindsFor(control).length === 0)).toEqual([]);
  });

  test('a control leads to the kinds of its items', () => {
    const control = controlOf('17(1)(g)');
    expect(control?.title).toBe('Emergency changes looked at afterwards');
    expect(control && kindsFor(control)).toEqual(KINDS_OF_EVIDENCE['E08']);
    expect(controlOf('cc3.4')?.control).toBe('CC3.4');
    expect(controlOf('constructor')).toBeUndefined();
  });
});
