import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GitObjects } from './objects.ts';

/** The objects of all networks, by the name of their first repository. May be given to several doubles. */
export interface GitStore {
  readonly dir: string;
  readonly network: (name: string) => GitObjects;
  readonly processes: () => number;
  readonly remove: () => void;
}

export function createGitStore(folder?: string): GitStore {
  const dir = folder ?? mkdtempSync(join(tmpdir(), 'github-double-'));
  mkdirSync(dir, { recursive: true });
  const networks = new Map<string, GitObjects>();
  return {
    dir,
    network: (name) => {
      const known = networks.get(name) ?? new GitObjects(join(dir, `${name.replace('/', '+')}.git`));
      networks.set(name, known);
      return known;
    },
    processes: () => [...networks.values()].reduce((sum, objects) => sum + objects.processes, 0),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}
