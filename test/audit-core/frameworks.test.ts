import { expect, test } from '@jest/globals';
import { EVIDENCE } from '../../src/core/audit/evidence.ts';
import { FRAMEWORKS } from '../../src/core/audit/frameworks.ts';

/** How each framework writes its ids: a wrong one is found in no text. */
const IDS: Readonly<Record<string, RegExp>> = {
  'SOC 2 TSC': /^(?:CC[1-9]|A1|C1|PI1)\.\d$/,
  'PCI DSS': /^\d{1,2}(?:\.\d{1,2}){2,3}$/,
  'ISO/IEC 27001': /^(?:\d{1,2}\.\d(?:\.\d)?|A\.[5-8]\.\d{1,2})$/,
  'NIST CSF': /^[A-Z]{2}\.[A-Z]{2}-\d{2}$/,
  'NIST SP 800-53': /^[A-Z]{2}-\d{1,2}(?:\(\d{1,2}\))?$/,
  'NIST SSDF': /^P[OSW]\.\d\.\d$/,
  'CIS Controls': /^\d{1,2}\.\d{1,2}$/,
  CMMC: /^[A-Z]{2}\.L2-3\.\d{1,2}\.\d{1,2}$/,
  HIPAA: /^164\.3\d{2}(?:\([a-zA-Z\d]+\))+$/,
  GDPR: /^\d{1,2}(?:\(\d{1,2}\)(?:\([a-z]\))?)?$/,
  'EU CRA': /^(?:\d{1,2}\(\d\)|Annex (?:I Part I{1,2}|VII)\(\d\)(?:\([a-z]\))?)$/,
  DORA: /^\d{1,2}\(\d\)(?:\([a-z]\))?$/,
  'DORA RTS': /^\d{1,2}\(\d\)\([a-z]\)(?:\([ivx]+\))?$/,
  'APRA CPS 234': /^\d{2}$/,
  AESCSF: /^[A-Z]+$/,
  'FDA premarket cybersecurity': /^(?:[IVX]+\.[A-Z]\.\d|FD&C \d{3}[A-Z])$/,
  'SLSA Source Track': /^L[1-4]$/,
  'OWASP SAMM': /^D-TA-[AB]-[1-3]$/,
  'OWASP ASVS': /^V\d{1,2}(?:\.\d{1,2}){1,2}$/,
};

test('eighteen evidence items, in order, each with a title of its own', () => {
  expect(EVIDENCE.map((e) => e.id)).toEqual(
    Array.from({ length: 18 }, (_, i) => `E${String(i + 1).padStart(2, '0')}`),
  );
  expect(new Set(EVIDENCE.map((e) => e.title)).size).toBe(18);
});

test('every control once, with a well-formed id', () => {
  const keys = FRAMEWORKS.map((e) => `${e.framework} ${e.version} ${e.control}`);
  expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
  expect(FRAMEWORKS.filter((e) => !IDS[e.framework]?.test(e.control))).toEqual([]);
  expect(new Set(FRAMEWORKS.map((e) => e.framework))).toEqual(new Set(Object.keys(IDS)));
});

test('every entry names evidence that exists, each item once', () => {
  const known = new Set(EVIDENCE.map((e) => e.id));
  for (const { control, evidence } of FRAMEWORKS) {
    expect([control, evidence.length]).not.toEqual([control, 0]);
    expect([control, evidence.filter((id) => !known.has(id))]).toEqual([control, []]);
    expect([control, new Set(evidence).size]).toEqual([control, evidence.length]);
  }
  for (const { id } of EVIDENCE) expect(FRAMEWORKS.filter((f) => f.evidence.includes(id))).not.toEqual([]);
});

test('nothing claims more than evidence for a control', () => {
  const words = [...FRAMEWORKS, ...EVIDENCE].map((e) => Object.values(e).flat().join(' '));
  expect(words.filter((text) => /compl(?:y|iant|iance)|requir|certif|guarantee|mandat/i.test(text))).toEqual(
    [],
  );
  expect(FRAMEWORKS.filter((e) => e.title.length > 60 || /[.;]$/.test(e.title))).toEqual([]);
});

test('SOC 2 comes first, and of it the three that speak of changes', () => {
  expect(FRAMEWORKS.slice(0, 3).map((e) => [e.framework, e.control, e.fit])).toEqual([
    ['SOC 2 TSC', 'CC3.4', 'strong'],
    ['SOC 2 TSC', 'CC8.1', 'strong'],
    ['SOC 2 TSC', 'CC6.1', 'strong'],
  ]);
});

test('twins of common errors: fraud is no home of ours, a withdrawn id is not used', () => {
  expect(FRAMEWORKS.find((e) => e.control === 'CC3.3')?.fit).toBe('weak');
  expect(FRAMEWORKS.map((e) => e.control)).not.toContain('SA-15(4)');
});
