import { Minimatch, braceExpand } from 'minimatch';

type PathTest = (path: string) => boolean;

/** One test for a list of globs: hidden files included, case ignored, compiled once. */
export function pathMatcher(globs: readonly string[]): PathTest {
  const names = new Set<string>();
  const endings = new Set<string>();
  const others: PathTest[] = [];
  for (const glob of globs.flatMap((g) => braceExpand(g.toLowerCase(), OPTIONS))) {
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

function minimatchTest(glob: string): PathTest {
  const compiled = new Minimatch(glob, { ...OPTIONS, nobrace: true });
  return (path) => compiled.match(path);
}

/** `a.tf.json` ends in `.tf.json` and in `.json`. */
function endsIn(base: string, endings: ReadonlySet<string>): boolean {
  for (let dot = base.indexOf('.'); dot >= 0; dot = base.indexOf('.', dot + 1)) if (endings.has(base.slice(dot))) return true;
  return false;
}
