import type { SourceFile } from './model/change.ts';
import type { Doubt } from './model/doubt.ts';
import type { Resource } from './model/resource.ts';
import type { Reader, Reading } from './readers/reader.ts';
import { pathMatcher } from './paths.ts';
import { readers as all } from './readers/index.generated.ts';

const readers: readonly Reader[] = [...all].sort((a, b) => b.priority - a.priority || (a.id < b.id ? -1 : 1));

const byPath = readers.map((reader) => ({ reader, matches: pathMatcher(reader.paths) }));

/** Readers whose paths a file is at: the cheap half of recognition, before any byte is fetched. */
export function readersOfPath(path: string): readonly Reader[] {
  const found = known.get(path);
  if (found) return found;
  if (known.size >= MEMORY) known.clear();
  const made = byPath.filter((r) => r.matches(path)).map((r) => r.reader);
  known.set(path, made);
  return made;
}

/** Selection, gathering and reading ask about the same paths; beyond this many the memory starts afresh. */
const MEMORY = 50_000;
const known = new Map<string, readonly Reader[]>();

/** The reader that takes a file, by path and then by content. */
export function readerOf(file: SourceFile): Reader | undefined {
  return readersOfPath(file.path).find((r) => r.recognises(file));
}

export function directoryOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

/** Everything one side of the change declares. */
export interface SideReading {
  readonly resources: readonly Resource[];
  readonly doubts: readonly Doubt[];
  /** Which reader took which file. */
  readonly readBy: ReadonlyMap<string, string>;
}

/** Files → units → resources, in the order of paths. */
export function readResources(files: readonly SourceFile[]): SideReading {
  const readBy = new Map<string, string>();
  const units = new Map<string, { reader: Reader; files: SourceFile[] }>();
  for (const file of [...files].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const reader = readerOf(file);
    if (!reader) continue;
    readBy.set(file.path, reader.id);
    const key = `${reader.id}\n${reader.unit === 'directory' ? directoryOf(file.path) : file.path}`;
    const unit = units.get(key);
    if (unit) unit.files.push(file);
    else units.set(key, { reader, files: [file] });
  }
  const readings = [...units.values()].map((u): Reading => u.reader.read(u.files));
  return { resources: readings.flatMap((r) => r.resources), doubts: readings.flatMap((r) => r.doubts), readBy };
}
