import { expect, test } from '@jest/globals';
import { explain } from '../../src/cli/explain/explain.ts';
import { QUESTIONS } from '../../src/core/catalogue/catalogue.generated.ts';
import { QUALITY_RULES } from '../../src/core/model/policy.ts';
import { DOUBT_TEXTS } from '../../src/core/explain/doubt-texts.ts';
import { FACT_RULES } from '../../src/core/explain/rules.ts';

async function explained(...positionals: readonly string[]): Promise<string> {
  const parts: string[] = [];
  const io = {
    out: (text: string) => void parts.push(text),
    err: () => undefined,
    cwd: '.',
    columns: 90,
    colour: false,
    now: () => '',
  };
  expect(await explain({ values: {}, positionals }, io)).toBe(0);
  return parts.join('');
}

const ids = [
  ...FACT_RULES.keys(),
  ...QUALITY_RULES,
  ...QUESTIONS.map((q) => q.id),
  ...Object.keys(DOUBT_TEXTS).map((c) => `doubt.${c}`),
];

test('the list names every rule, question and doubt once', async () => {
  const list = await explained();
  const listed = list.split('\n').flatMap((line) => /^ {2}(\S+)/.exec(line)?.[1] ?? []);
  expect(new Set(ids).size).toBe(ids.length);
  expect(listed.filter((id) => ids.includes(id)).sort()).toEqual([...ids].sort());
});

test('every one of them has a page that says why and what to do', async () => {
  expect(ids.length).toBeGreaterThan(100);
  for (const id of ids) {
    const page = await explained(id);
    expect(page).toContain(id);
    expect(page).toMatch(/Why it/);
    expect(page).toContain('What to do');
    expect(page).not.toMatch(/undefined|\[object/);
  }
});

test('case does not matter, and a doubt may be named by its code', async () => {
  expect(await explained('tm001')).toContain('TM001');
  expect(await explained('parse-error')).toContain('doubt.parse-error');
});
