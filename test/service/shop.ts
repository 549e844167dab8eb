/** The change material of the end-to-end tests: the demo's shop, under a policy that wants independent approval. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const demo = join(import.meta.dirname, '../../fixtures/demo');

export const POLICY_PATH = '.github/threatgate.yml';

export const POLICY = `version: 1
mode: enforce
model:
  require: covered
approval:
  users: [alice]
  teams: [acme/security]
`;

/** Files of a folder in `fixtures/demo/`, by path. */
export function filesOf(folder: string): Readonly<Record<string, string>> {
  const root = join(demo, folder);
  return Object.fromEntries(
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((e) => e.isFile())
      .map((e) => join(e.parentPath, e.name))
      .map((path) => [relative(root, path), readFileSync(path, 'utf8')]),
  );
}

export const SHOP: Readonly<Record<string, string>> = { ...filesOf('main'), [POLICY_PATH]: POLICY };
export const CHANGES = {
  quiet: filesOf('quiet'),
  uncovered: filesOf('uncovered'),
  covered: filesOf('covered'),
  opened: filesOf('opened'),
} as const;
