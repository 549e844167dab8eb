import type { Content } from '../../src/core/model/change.ts';
import { digestOf } from '../../src/core/digest.ts';
import type { Repository, Tree, TreeEntry } from '../../src/review/ports.ts';

/** Files by path; a Content instead of a text stands for bytes that are not a text. */
export type Files = Readonly<Record<string, string | Content>>;

/** The repository port over plain objects: commits `base` and `head`. */
export function memoryRepository(base: Files, head: Files, over: Partial<Repository> = {}): Repository {
  const sides: Readonly<Record<string, Files>> = { base, head };
  const contents = new Map<string, Content>();
  const entriesOf = (files: Files): TreeEntry[] =>
    Object.entries(files).map(([path, file]) => {
      const content: Content = typeof file === 'string' ? { kind: 'text', text: file } : file;
      const id = digestOf(JSON.stringify(content));
      contents.set(id, content);
      const special =
        content.kind === 'unreadable' && (content.reason === 'symlink' || content.reason === 'submodule');
      return { path, id, kind: special ? content.reason : 'file' };
    });
  return {
    name: 'example/shop',
    defaultBranch: () => Promise.resolve('main'),
    resolve: (revision) => Promise.resolve(revision),
    mergeBase: (from) => Promise.resolve(from),
    tree: (commit): Promise<Tree> =>
      Promise.resolve({ entries: entriesOf(sides[commit] ?? {}), complete: true }),
    blobs: (ids) =>
      Promise.resolve(
        new Map(
          ids.flatMap((id) => {
            const content = contents.get(id);
            return content ? [[id, content] as const] : [];
          }),
        ),
      ),
    ...over,
  };
}
