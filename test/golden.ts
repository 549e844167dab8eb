import { expect } from '@jest/globals';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

/** Compares with a file that somebody has read and found right; `UPDATE_GOLDEN=1` writes it anew, to be read again. */
export function expectGolden(path: string, actual: string): void {
  const file = join(here, path);
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, actual);
  }
  if (!existsSync(file))
    throw new Error(`${path} does not exist: run with UPDATE_GOLDEN=1, and read what it wrote`);
  expect(actual).toBe(readFileSync(file, 'utf8'));
}
