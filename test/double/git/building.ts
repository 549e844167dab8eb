/** New commits: from files, and by the three ways of merging. */
import type { Signature } from './commit.ts';
import type { GitObjects } from './objects.ts';
import { lines } from './output.ts';

/** Path → content; `null` removes, an object sets the mode (executable, a link to somewhere, a submodule's commit). */
export type Files = Readonly<
  Record<string, string | Uint8Array | null | { readonly mode: string; readonly content: string }>
>;

export interface CommitPlan {
  readonly parent: string | undefined;
  readonly files: Files;
  readonly message: string;
  readonly author: Signature;
  readonly committer?: Signature;
}

/** One process however many files: git's own importer. */
export function commitFiles(objects: GitObjects, plan: CommitPlan): string {
  return objects.remember(`files ${JSON.stringify(plan, bytesAsText)}`, () => {
    const script: Buffer[] = [];
    const say = (text: string) => script.push(Buffer.from(text));
    const data = (bytes: Buffer) => {
      say(`data ${bytes.length}\n`);
      script.push(bytes);
      say('\n');
    };
    say('commit refs/double/scratch\nmark :1\n');
    say(`author ${signed(plan.author)}\ncommitter ${signed(plan.committer ?? plan.author)}\n`);
    data(Buffer.from(plan.message));
    if (plan.parent !== undefined) say(`from ${plan.parent}\n`);
    for (const [path, file] of Object.entries(plan.files)) {
      const content =
        typeof file === 'object' && file && 'mode' in file ? file : { mode: '100644', content: file };
      if (content.content === null) say(`D ${quoted(path)}\n`);
      else if (content.mode === '160000') say(`M 160000 ${String(content.content)} ${quoted(path)}\n`);
      else {
        say(`M ${content.mode} inline ${quoted(path)}\n`);
        data(Buffer.from(content.content));
      }
    }
    say('\nget-mark :1\n');
    const run = objects.git(['fast-import', '--quiet', '--force'], { input: Buffer.concat(script) });
    return lines(run.stdout)[0] ?? '';
  });
}

const bytesAsText = (_key: string, value: unknown) =>
  value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;

const signed = (who: Signature) => `${who.name} <${who.email}> ${Math.floor(who.at / 1000)} +0000`;

const quoted = (path: string) =>
  `"${path.replace(/["\\\n]/g, (c) => (c === '\n' ? String.raw`\n` : `\\${c}`))}"`;

export interface CommitParts {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly message: string;
  readonly author: Signature;
  readonly committer: Signature;
}

export function commitTree(objects: GitObjects, parts: CommitParts): string {
  return objects.remember(`tree commit ${JSON.stringify(parts)}`, () => {
    const text = [
      `tree ${parts.tree}`,
      ...parts.parents.map((parent) => `parent ${parent}`),
      `author ${signed(parts.author)}`,
      `committer ${signed(parts.committer)}`,
      '',
      `${parts.message}\n`,
    ].join('\n');
    const made = objects.git(['hash-object', '-t', 'commit', '-w', '--stdin'], { input: text });
    return lines(made.stdout)[0] ?? '';
  });
}

/** The tree of both sides together; nothing when they conflict. */
export function mergedTree(objects: GitObjects, ours: string, theirs: string): string | undefined {
  return objects.remember(`merge ${ours} ${theirs}`, () => {
    const merged = objects.git(['merge-tree', '--write-tree', '--allow-unrelated-histories', ours, theirs], {
      expect: [1],
    });
    return merged.code === 0 ? lines(merged.stdout)[0] : undefined;
  });
}

export type MergeMethod = 'merge' | 'squash' | 'rebase';

export interface MergePlan {
  readonly base: string;
  readonly head: string;
  readonly method: MergeMethod;
  readonly message: string;
  readonly by: Signature;
}

/** The commit that the base branch gets; nothing when there is a conflict. */
export function mergeCommit(objects: GitObjects, plan: MergePlan): string | undefined {
  if (plan.method === 'rebase') return rebased(objects, plan);
  const tree = mergedTree(objects, plan.base, plan.head);
  if (tree === undefined) return undefined;
  const author = plan.method === 'squash' ? objects.commitAt(plan.head).author : plan.by;
  return commitTree(objects, {
    tree,
    parents: plan.method === 'merge' ? [plan.base, plan.head] : [plan.base],
    message: plan.message,
    author: { ...author, at: plan.by.at },
    committer: plan.by,
  });
}

function rebased(objects: GitObjects, plan: MergePlan): string | undefined {
  const from = objects.mergeBase(plan.base, plan.head);
  if (from === undefined) return undefined;
  let onto = plan.base;
  for (const oid of objects.log(from, plan.head)) {
    // Merge commits are left out, as by git itself.
    if (objects.commitAt(oid).parents.length > 1) continue;
    const next = picked(objects, onto, oid, plan.by);
    if (next === undefined) return undefined;
    onto = next;
  }
  return onto;
}

/** One commit moved: three commits made for the purpose give the merge exactly the base it needs. */
function picked(objects: GitObjects, onto: string, oid: string, by: Signature): string | undefined {
  const commit = objects.commitAt(oid);
  const parent = objects.commitAt(commit.parents[0] ?? oid);
  const scratch = (tree: string, parents: readonly string[]) =>
    commitTree(objects, { tree, parents, message: 'scratch', author: SCRATCH, committer: SCRATCH });
  const base = scratch(parent.tree, []);
  const ours = scratch(objects.commitAt(onto).tree, [base]);
  const tree = mergedTree(objects, ours, scratch(commit.tree, [base]));
  if (tree === undefined) return undefined;
  return commitTree(objects, {
    tree,
    parents: [onto],
    message: commit.message,
    author: commit.author,
    committer: by,
  });
}

const SCRATCH: Signature = { name: 'scratch', email: 'scratch@example.org', at: 0 };
