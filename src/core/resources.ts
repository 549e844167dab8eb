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
  const found = recognised.get(file);
  if (found !== undefined) return found ?? undefined;
  const reader = readersOfPath(file.path).find((r) => r.recognises(file));
  recognised.set(file, reader ?? null);
  return reader;
}

/** Unchanged files are the same object on both sides; `null` for nobody's. */
const recognised = new WeakMap<SourceFile, Reader | null>();

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
  const readings = [...units.values()].map(readUnit);
  return {
    resources: readings.flatMap((r) => r.resources),
    doubts: readings.flatMap((r) => r.doubts),
    readBy,
  };
}

/** A file of its own that did not change is the same object on both sides: it is read once, into the same resources. */
const alone = new WeakMap<SourceFile, Reading>();

function readUnit({
  reader,
  files,
}: {
  readonly reader: Reader;
  readonly files: readonly SourceFile[];
}): Reading {
  const [file] = files;
  if (reader.unit === 'directory' || !file) return reader.read(files);
  const known = alone.get(file);
  if (known) return known;
  const made = reader.read(files);
  alone.set(file, made);
  return made;
}
