import type { SourceFile } from '../../model/change.ts';
import type { ModelDiagnostic } from '../../model/threat-model.ts';
import type { Entry, Value } from '../../model/value.ts';
import { parseYaml } from '../../syntax/yaml.ts';
import { entries, get, items, text, texts } from '../../values/value.ts';
import { diagnose, fromProblems } from '../reading/diagnostics.ts';

/** The main file or one it includes. */
export interface Source {
  readonly path: string;
  readonly value: Value;
}

/** Something declared under a title, and where. */
export interface Declared {
  readonly title: string;
  readonly value: Value;
  readonly file: string;
  readonly line: number;
}

const MOST_FILES = 64;

/** The main file and everything it includes, each once, the main file first. */
export function readSources(main: SourceFile, siblings: readonly SourceFile[]) {
  const texts_ = new Map([...siblings, main].map((file) => [file.path, file.text]));
  const sources: Source[] = [];
  const diagnostics: ModelDiagnostic[] = [];
  const queue = [{ path: main.path, from: main.path, line: 1 }];
  const seen = new Set([main.path]);
  for (let next = queue.shift(); next; next = queue.shift()) {
    const source = texts_.get(next.path);
    if (source === undefined) {
      diagnostics.push(
        diagnose(
          'error',
          'include-missing',
          `The included file \`${next.path}\` is not there`,
          next.from,
          next.line,
        ),
      );
      continue;
    }
    const { documents, errors } = parseYaml(source);
    diagnostics.push(...fromProblems(next.path, errors));
    if (next.path !== main.path)
      diagnostics.push(diagnose('info', 'included', `Included by \`${main.path}\``, next.path, 1));
    const value = documents.find((document) => document.value)?.value;
    if (!value) continue;
    sources.push({ path: next.path, value });
    for (const include of items(get(value, 'includes'))) {
      const path = resolvePath(next.path, text(include) ?? '');
      if (path === undefined || seen.has(path)) continue;
      seen.add(path);
      if (seen.size <= MOST_FILES) queue.push({ path, from: next.path, line: include.line });
      else
        diagnostics.push(
          diagnose(
            'error',
            'model-too-large',
            `More than ${MOST_FILES} included files`,
            next.path,
            include.line,
          ),
        );
    }
  }
  return { sources, diagnostics };
}

/** A path relative to the file that names it; undefined when it leaves the repository or is empty. */
function resolvePath(from: string, name: string): string | undefined {
  if (name === '' || name.startsWith('/') || name.includes('\\')) return undefined;
  const parts = from.split('/').slice(0, -1);
  for (const part of name.split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) return undefined;
    } else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

/**
 * What all files declare in a section: a map by title, or (newer files) a list whose members have a `title`. Of two with
 * one title the including file's wins.
 */
export function declaredIn(sources: readonly Source[], section: string): readonly Declared[] {
  const found = new Map<string, Declared>();
  for (const source of sources)
    for (const one of declared(get(source.value, section), source.path))
      if (!found.has(one.title)) found.set(one.title, one);
  return [...found.values()];
}

export function declared(section: Value | undefined, file: string): readonly Declared[] {
  const members = section?.kind === 'list' ? section.items.map(fromItem) : entries(section).map(fromEntry);
  return members.flatMap((one) => (one ? [{ ...one, file }] : []));
}

function fromEntry(entry: Entry): Omit<Declared, 'file'> {
  const title = get(entry.value, 'title');
  return { title: text(title) ?? entry.key, value: entry.value, line: title?.line ?? entry.line };
}

function fromItem(item: Value): Omit<Declared, 'file'> | undefined {
  const title = get(item, 'title') ?? get(item, 'id');
  const words = text(title);
  return words === undefined || !title ? undefined : { title: words, value: item, line: title.line };
}

/** The first file's word on a setting of the whole model. */
export function settingOf(sources: readonly Source[], ...path: readonly string[]): string | undefined {
  return sources
    .map((source) => text(path.reduce<Value | undefined>(get, source.value)))
    .find((said) => said !== undefined && said !== '');
}

/** Ids in a list; empty members of unfilled lists are left out. */
export function idsOf(value: Value | undefined): readonly string[] {
  return texts(value).filter((id) => id !== '');
}
