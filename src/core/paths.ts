import { Minimatch, braceExpand } from 'minimatch';

type PathTest = (path: string) => boolean;

/** One test for a list of globs: hidden files included, case ignored, compiled once. */
export function pathMatcher(globs: readonly string[]): PathTest {
  const names = new Set<string>();
  const endings = new Set<string>();
  const others: PathTest[] = [];
  for (const glob of globs.flatMap((g) => braceExpand(alternativesAsBraces(g.toLowerCase()), OPTIONS))) {
    const ending = /^\*\*\/\*(\.[^*?[\]{}()!+@/\\]+)$/.exec(glob)?.[1];
    const name = /^\*\*\/([^*?[\]{}()!+@/\\]+)$/.exec(glob)?.[1];
    if (ending !== undefined) endings.add(ending);
    else if (name !== undefined) names.add(name);
    else others.push(minimatchTest(glob));
  }
  // A listing is matched against every glob: the two commonest shapes must not cost a regular expression each.
  return (path) => {
    const lower = path.toLowerCase();
    const base = lower.slice(lower.lastIndexOf('/') + 1);
    return names.has(base) || endsIn(base, endings) || others.some((matches) => matches(lower));
  };
}

const OPTIONS = { dot: true, nonegate: true, nocomment: true } as const;

/** `@(a|b)` of plain words is `{a,b}`: expanded, its endings can be looked at. */
const alternativesAsBraces = (glob: string): string =>
  glob.replace(/@\(([\w.-]+(?:\|[\w.-]+)+)\)/g, (_, words: string) => `{${words.replaceAll('|', ',')}}`);

/** Most paths are ruled out by how they end. */
function minimatchTest(glob: string): PathTest {
  const compiled = new Minimatch(glob, { ...OPTIONS, nobrace: true });
  const ending = /[^*?[\]{}()!+@|\\/]*$/.exec(glob)?.[0] ?? '';
  return (path) => path.endsWith(ending) && compiled.match(path);
}

/** `a.tf.json` ends in `.tf.json` and in `.json`. */
function endsIn(base: string, endings: ReadonlySet<string>): boolean {
  for (let dot = base.indexOf('.'); dot >= 0; dot = base.indexOf('.', dot + 1))
    if (endings.has(base.slice(dot))) return true;
  return false;
}
