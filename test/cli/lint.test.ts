import { afterAll, expect, test } from '@jest/globals';
import {
  removeTemporaryFolders,
  temporaryFolder,
  temporaryRepository,
} from '../local/temporary-repository.ts';
import { threatgate } from './command-line.ts';
import { ENFORCE, MODEL, shop } from './shop.ts';

afterAll(removeTemporaryFolders);
/** Processes are started, and the machine may be busy. */
const unrated = MODEL.replace(
  '| I | Low | High | Public access is blocked at the bucket | Mitigated |',
  '| I | | | | Open |',
);

test('a good model is a green line', async () => {
  const { code, out } = await threatgate(shop().dir, 'lint');
  expect(out).toMatch(/^✓ 1 model with 1 threat: 0 errors/m);
  expect(code).toBe(0);
});

test('a threat without rating and mitigation is an error with its place', async () => {
  const repo = shop();
  repo.write({ 'docs/threat-model.md': unrated });
  const { code, out } = await threatgate(repo.dir, 'lint');
  const line = unrated.split('\n').findIndex((l) => l.startsWith('| A receipt')) + 1;
  expect(code).toBe(1);
  expect(out).toContain(`docs/threat-model.md:${line}: error TM002`);
  expect(out).toContain(`docs/threat-model.md:${line}: error TM003`);
});

test('the policy decides what an error is', async () => {
  const repo = shop(`${ENFORCE}quality:\n  TM002: warning\n  TM003: off\n`);
  repo.write({ 'docs/threat-model.md': unrated });
  const { code, out } = await threatgate(repo.dir, 'lint');
  expect(out).toContain('warning TM002');
  expect(out).not.toContain('TM003');
  expect(code).toBe(0);
});

test('an error in the policy is told too', async () => {
  const repo = shop();
  repo.write({ '.github/threatgate.yml': 'version: 1\nmodus: enforce\n' });
  const { code, out } = await threatgate(repo.dir, 'lint');
  expect(code).toBe(1);
  expect(out).toContain('.github/threatgate.yml:2: error policy-invalid');
});

test('named files: a model anywhere, what is none, what is not there, what is outside', async () => {
  const repo = shop(ENFORCE, { 'notes/odd [name].md': MODEL, 'notes/diary.md': '# Today\n\nNothing.\n' });
  const found = await threatgate(repo.dir, 'lint', 'notes/odd [name].md');
  expect(found).toMatchObject({ code: 0, out: expect.stringContaining('1 model with 1 threat') });
  expect(await threatgate(repo.dir, 'lint', 'notes/diary.md')).toMatchObject({
    code: 1,
    out: expect.stringContaining('not-a-model'),
  });
  expect(await threatgate(repo.dir, 'lint', 'nope.md')).toMatchObject({
    code: 1,
    out: expect.stringContaining('file-missing'),
  });
  expect(await threatgate(repo.dir, 'lint', temporaryFolder())).toMatchObject({
    code: 2,
    err: expect.stringContaining('outside'),
  });
});

test('without any model it says how to get one', async () => {
  const repo = temporaryRepository();
  repo.commit({ 'README.md': 'x' });
  expect(await threatgate(repo.dir, 'lint')).toMatchObject({
    code: 0,
    out: expect.stringContaining('threatgate init'),
  });
});
