import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const FIXED = {
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.org',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.org',
  GIT_AUTHOR_DATE: '2026-01-02T03:04:05Z',
  GIT_COMMITTER_DATE: '2026-01-02T03:04:05Z',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
};

/** A repository in a temporary folder, with deterministic commits. */
export interface TemporaryRepository {
  readonly dir: string;
  readonly git: (...args: readonly string[]) => string;
  /** Writes files (a Buffer for bytes, `null` to remove) and commits everything; returns the commit id. */
  readonly commit: (files: Readonly<Record<string, string | Uint8Array<ArrayBuffer> | null>>) => string;
  readonly write: (files: Readonly<Record<string, string | Uint8Array<ArrayBuffer> | null>>) => void;
}

const made: string[] = [];

export function temporaryFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'threatgate-test-'));
  made.push(dir);
  return dir;
}

/** For `afterAll`. */
export function removeTemporaryFolders(): void {
  for (const dir of made.splice(0)) rmSync(dir, { recursive: true, force: true });
}

export function gitIn(dir: string, ...args: readonly string[]): string {
  const env = { ...process.env, ...FIXED };
  return execFileSync('git', [...args], { cwd: dir, env, encoding: 'utf8', stdio: 'pipe' }).trim();
}

export function temporaryRepository(name = 'shop'): TemporaryRepository {
  const dir = join(temporaryFolder(), name);
  mkdirSync(dir);
  const git = (...args: readonly string[]): string => gitIn(dir, ...args);
  const write: TemporaryRepository['write'] = (files) => {
    for (const [path, content] of Object.entries(files)) {
      if (content === null) rmSync(join(dir, path));
      else {
        mkdirSync(dirname(join(dir, path)), { recursive: true });
        writeFileSync(join(dir, path), content);
      }
    }
  };
  git('init', '--quiet', '--initial-branch=main');
  return {
    dir,
    git,
    write,
    commit: (files) => {
      write(files);
      git('add', '--all');
      git('commit', '--quiet', '--allow-empty', '--message', 'change');
      return git('rev-parse', 'HEAD');
    },
  };
}
