/**
 * Attribute path patterns of the semantics data: `*` within a segment, `**` across segments. Case, `_` and `-` do not
 * count, so that `storage_encrypted`, `StorageEncrypted` and `storage-encrypted` are one name.
 */
export type PathTest = (normalised: string) => boolean;

export const normalisePath = (path: string): string => path.slice(0, 500).toLowerCase().replace(/[_-]/g, '');

const compiled = new Map<string, PathTest>();

/** Patterns come from our own data, so compiling them for good is bounded. */
export function compilePath(pattern: string): PathTest {
  const known = compiled.get(pattern);
  if (known) return known;
  const made = compile(normalisePath(pattern));
  compiled.set(pattern, made);
  return made;
}

function compile(pattern: string): PathTest {
  if (!pattern.includes('*')) return (path) => path === pattern;
  if (pattern === '**') return () => true;
  const segments = pattern.split('.').map((s) => (s === '**' ? s : segmentSource(s)));
  let source = '';
  segments.forEach((s, i) => {
    const last = i === segments.length - 1;
    if (s === '**') source += last ? '.*' : '(?:.*\\.)?';
    else
      source +=
        s + (last ? '' : segments[i + 1] === '**' && i + 1 === segments.length - 1 ? '(?:\\.|$)' : '\\.');
  });
  const regex = new RegExp(`^${source}$`);
  return (path) => regex.test(path);
}

const segmentSource = (segment: string): string =>
  segment.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^.]*');
