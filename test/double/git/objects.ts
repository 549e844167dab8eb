/**
 * The objects of one network of repositories (a repository and its forks), in one bare git repository. Which ref names
 * what is the double's business, not git's. Every answer about immutable objects is kept, so that a second double over
 * the same objects starts no process. Calls are synchronous: the double stays deterministic.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { parseCommit, type CommitObject } from './commit.ts';
import { parseChanges, type FileChange } from './diff.ts';
import { lines, records } from './output.ts';

const ENVIRONMENT = {
  PATH: process.env['PATH'] ?? '',
  HOME: '/nonexistent',
  LC_ALL: 'C',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
};

const OBJECT_ID = /^[0-9a-f]{40}$/;

export interface TreeItem {
  readonly path: string;
  readonly mode: string;
  readonly type: 'blob' | 'tree' | 'commit';
  readonly oid: string;
  readonly size: number | undefined;
}

interface GitResult {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export class GitObjects {
  readonly dir: string;
  /** How many processes were started: what a warm cache must not need. */
  processes = 0;
  readonly #known = new Map<string, unknown>();

  constructor(dir: string) {
    this.dir = dir;
    if (!existsSync(join(dir, 'HEAD'))) {
      this.git(['init', '--quiet', '--bare', '--template=', dir], { cwd: '/' });
      this.git(['config', 'gc.auto', '0']);
    }
  }

  /** Runs git; a failure is an error unless its code is one of those expected. */
  git(
    args: readonly string[],
    options: { input?: string | Buffer; expect?: readonly number[]; cwd?: string } = {},
  ): GitResult {
    this.processes++;
    const run = spawnSync('git', [...args], {
      cwd: options.cwd ?? this.dir,
      env: ENVIRONMENT,
      maxBuffer: 1 << 30,
      ...(options.input === undefined ? {} : { input: options.input }),
    });
    if (run.error) throw run.error;
    const code = run.status ?? -1;
    const stderr = run.stderr.toString('utf8');
    if (code !== 0 && !options.expect?.includes(code))
      throw new Error(`git ${args.join(' ')} failed (${code}): ${stderr}`);
    return { code, stdout: run.stdout, stderr };
  }

  /** An answer that can never change. */
  remember<T>(key: string, ask: () => T): T {
    if (this.#known.has(key)) return this.#known.get(key) as T;
    const answer = ask();
    this.#known.set(key, answer);
    return answer;
  }

  /** Takes over all objects of another repository; returns its branches and tags. */
  take(from: string): ReadonlyMap<string, string> {
    return this.remember(`take ${from}`, () => {
      const space = 'refs/taken';
      this.git(['fetch', '--quiet', '--no-tags', from, `+refs/*:${space}/*`]);
      const listed = this.git(['for-each-ref', '--format=%(objectname) %(refname)', space]).stdout;
      const refs = lines(listed).map((line): [string, string] => [
        line.slice(41).replace(`${space}/`, 'refs/'),
        line.slice(0, 40),
      ]);
      return new Map(refs.filter(([name]) => /^refs\/(?:heads|tags)\//.test(name)));
    });
  }

  has(oid: string): boolean {
    return this.typeOf(oid) !== undefined;
  }

  typeOf(oid: string): string | undefined {
    return this.#object(oid)?.type;
  }

  #object(oid: string): { type: string; body: Buffer } | undefined {
    if (!OBJECT_ID.test(oid)) return undefined;
    const key = `object ${oid}`;
    const known = this.#known.get(key) as { type: string; body: Buffer } | undefined;
    if (known) return known;
    const found = this.#loose(oid) ?? this.#packed(oid);
    // Absence can change: a later push may bring the object.
    if (found) this.#known.set(key, found);
    return found;
  }

  #loose(oid: string): { type: string; body: Buffer } | undefined {
    const file = join(this.dir, 'objects', oid.slice(0, 2), oid.slice(2));
    if (!existsSync(file)) return undefined;
    const bytes = inflateSync(readFileSync(file));
    const end = bytes.indexOf(0);
    return { type: bytes.toString('latin1', 0, bytes.indexOf(32)), body: bytes.subarray(end + 1) };
  }

  #packed(oid: string): { type: string; body: Buffer } | undefined {
    const { stdout } = this.git(['cat-file', '--batch'], { input: `${oid}\n` });
    const end = stdout.indexOf(10);
    const [, type = '', size = ''] = stdout.toString('latin1', 0, end).split(' ');
    if (type === 'missing' || size === '') return undefined;
    return { type, body: stdout.subarray(end + 1, end + 1 + Number(size)) };
  }

  blob(oid: string): Buffer | undefined {
    const object = this.#object(oid);
    return object?.type === 'blob' ? object.body : undefined;
  }

  commit(oid: string): CommitObject | undefined {
    const object = this.#object(oid);
    if (object?.type !== 'commit') return undefined;
    return this.remember(`commit ${oid}`, () => parseCommit(oid, object.body.toString('utf8')));
  }

  /** Like `commit`, for an id that the double itself made or checked. */
  commitAt(oid: string): CommitObject {
    const commit = this.commit(oid);
    if (!commit) throw new Error(`There is no commit ${oid}.`);
    return commit;
  }

  /** Everything under a tree or a commit's tree, subtrees included. */
  tree(treeish: string): readonly TreeItem[] {
    return this.remember(`tree ${treeish}`, () =>
      records(this.git(['ls-tree', '-r', '-t', '-l', '-z', '--full-tree', treeish]).stdout).map((record) => {
        const tab = record.indexOf(9);
        const [mode = '', type = 'blob', oid = '', size = '-'] = record
          .toString('latin1', 0, tab)
          .split(/ +/);
        const path = record.toString('utf8', tab + 1);
        return {
          path,
          mode,
          type: type as TreeItem['type'],
          oid,
          size: size === '-' ? undefined : Number(size),
        };
      }),
    );
  }

  #paths(treeish: string): ReadonlyMap<string, TreeItem> {
    return this.remember(
      `paths ${treeish}`,
      () => new Map(this.tree(treeish).map((item) => [item.path, item])),
    );
  }

  entry(treeish: string, path: string): TreeItem | undefined {
    return this.#paths(treeish).get(path);
  }

  mergeBase(one: string, other: string): string | undefined {
    return this.remember(
      `base ${one} ${other}`,
      () => lines(this.git(['merge-base', one, other], { expect: [1] }).stdout)[0],
    );
  }

  isAncestor(ancestor: string, descendant: string): boolean {
    return ancestor === descendant || this.mergeBase(ancestor, descendant) === ancestor;
  }

  /** Everything that can be reached from a commit, newest first. */
  history(head: string): readonly string[] {
    return this.remember(`history ${head}`, () =>
      lines(this.git(['rev-list', '--date-order', head, '--']).stdout),
    );
  }

  /** Commits that `head` has and `base` has not, oldest first. */
  log(base: string, head: string): readonly string[] {
    return this.remember(`log ${base} ${head}`, () =>
      lines(this.git(['rev-list', '--reverse', '--topo-order', head, `^${base}`]).stdout),
    );
  }

  /** What changed from one commit to another, renames found, three lines of context. */
  diff(from: string, to: string): readonly FileChange[] {
    return this.remember(`diff ${from} ${to}`, () => {
      const diff = (...options: readonly string[]) =>
        this.git(['diff', '--find-renames', '--no-ext-diff', '--no-textconv', ...options, from, to]).stdout;
      return parseChanges(diff('--raw', '--no-abbrev', '-z'), diff('--numstat', '-z'), diff('-p', '-U3'));
    });
  }
}
