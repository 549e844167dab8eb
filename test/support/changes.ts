import type { Detector } from '../../src/core/detectors/detector.ts';
import { diffResources } from '../../src/core/diff/diff.ts';
import { buildGraph } from '../../src/core/graph/build.ts';
import type { Fact } from '../../src/core/model/fact.ts';
import type { Resource } from '../../src/core/model/resource.ts';
import type { Reader } from '../../src/core/readers/reader.ts';

export type Texts = Readonly<Record<string, string>>;

const directory = (path: string): string => path.replace(/[^/]*$/, '');

/** Reads a side as the pipeline does, with one reader: in its units, in order of path. */
function readSide(reader: Reader, texts: Texts): Resource[] {
  const units = new Map<string, { path: string; text: string }[]>();
  for (const [path, text] of Object.entries(texts).sort(([x], [y]) => (x < y ? -1 : 1))) {
    if (!reader.recognises({ path, text })) continue;
    const key = reader.unit === 'file' ? path : directory(path);
    units.set(key, [...(units.get(key) ?? []), { path, text }]);
  }
  return [...units.values()].flatMap((files) => reader.read(files).resources);
}

/** read → compare → detect for one reader and one detector. */
export function detectChange(
  reader: Reader,
  detector: Detector,
  base: Texts,
  head: Texts,
  repository = 'example/shop',
): readonly Fact[] {
  const before = readSide(reader, base);
  const after = readSide(reader, head);
  const change = { repository, base: 'base', head: 'head', files: [], context: [], doubts: [] };
  return detector.detect({
    deltas: diffResources(before, after),
    base: buildGraph(before),
    head: buildGraph(after),
    change,
    pathRules: [],
  });
}

/** Facts in short: `rule address` with a star when it decides. */
export const brief = (facts: readonly Fact[]): readonly string[] =>
  facts.map((f) => `${f.rule} ${f.address}${f.deciding ? ' *' : ''}`).toSorted();
