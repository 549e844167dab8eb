import { Minimatch } from 'minimatch';

/** One test for a list of globs; compiled once, hidden files included. */
export function pathMatcher(globs: readonly string[]): (path: string) => boolean {
  const compiled = globs.map((g) => new Minimatch(g, { dot: true, nocase: true, nonegate: true, nocomment: true }));
  return (path) => compiled.some((m) => m.match(path));
}
