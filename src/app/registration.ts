import { readFileSync } from 'node:fs';

/** Text of `app.yml`. A bundle has it inside: see scripts/build.ts. */
export function registration(): string {
  return readFileSync(new URL('../../app.yml', import.meta.url), 'utf8');
}
