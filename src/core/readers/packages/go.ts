import { originOf, type Dependency, type ReadManifest } from './dependency.ts';

/** `require`, `replace` and `tool` of a go.mod, in blocks or alone. */
export const readGoMod: ReadManifest = (file) => {
  let block = '';
  let module = '';
  const found = new Map<string, Dependency>();
  const replaced: Replacement[] = [];
  file.text.split('\n').forEach((raw, i) => {
    const slashes = raw.indexOf('//');
    const code = (slashes < 0 ? raw : raw.slice(0, slashes)).trim().slice(0, 2_000);
    const indirect = slashes >= 0 && /^\/\/\s{0,9}indirect\b/.test(raw.slice(slashes, slashes + 40));
    if (block !== '' && code === ')') block = '';
    else if (code.endsWith('(')) block = code.slice(0, -1).trim();
    else if (code !== '') {
      const words = code.split(/\s+/).map((w) => w.replace(/^"|"$/g, ''));
      const verb = block === '' ? (words.shift() ?? '') : block;
      if (verb === 'module') module = words[0] ?? '';
      else if (verb === 'require') addRequirement(found, words, indirect, i + 1, module);
      else if (verb === 'replace') replaced.push(...replacement(words, i + 1));
    }
  });
  for (const r of replaced) redirect(found, r);
  return { dependencies: [...found.values()], errors: [] };
};

function addRequirement(
  found: Map<string, Dependency>,
  words: readonly string[],
  indirect: boolean,
  line: number,
  module: string,
): void {
  const path = words[0];
  if (path === undefined || !path.includes('.')) return;
  const name = moduleName(path);
  const own = module !== '' && ownerOf(path) === ownerOf(module);
  found.set(name, {
    ecosystem: 'go',
    name,
    version: words[1],
    group: indirect ? 'indirect' : 'runtime',
    source: 'registry',
    own,
    line,
  });
}

interface Replacement {
  readonly name: string;
  readonly by: string;
  readonly line: number;
}

function replacement(words: readonly string[], line: number): Replacement[] {
  const arrow = words.indexOf('=>');
  const name = words[0];
  const by = words[arrow + 1];
  return arrow < 1 || name === undefined || by === undefined ? [] : [{ name: moduleName(name), by, line }];
}

/** A replacement takes the code from somewhere else under the old name; by itself (another version) it is no other source. */
function redirect(found: Map<string, Dependency>, r: Replacement): void {
  const local = originOf(r.by).source === 'path';
  if (!local && moduleName(r.by) === r.name) return;
  const known = found.get(r.name) ?? {
    ecosystem: 'go',
    name: r.name,
    group: 'indirect',
    source: 'registry',
    line: r.line,
  };
  found.set(r.name, {
    ...known,
    source: local ? 'path' : 'git',
    url: local ? r.by : moduleName(r.by),
    line: r.line,
  });
}

/** Module path without its major version: `/v2` and `.v3` are versions of the same package. */
const moduleName = (path: string): string =>
  path
    .toLowerCase()
    .replace(/\/v\d{1,4}$/, '')
    .replace(/\.v\d{1,4}$/, '');

/** `github.com/acme` of `github.com/acme/api/sdk`. */
const ownerOf = (path: string): string => path.toLowerCase().split('/').slice(0, 2).join('/');
